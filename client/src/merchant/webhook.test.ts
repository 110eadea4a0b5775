import { createHmac } from "node:crypto";
import { describe, expect, test } from "vitest";
import { verifyWebhook } from "../server.ts";
import { judgeWebhook } from "./webhook.ts";

const NOW = Date.parse("2026-11-24T12:00:00Z");
const SECRET = "whsec-of-the-tests";
const event = { id: "ev1", type: "sale.phase", at: "2026-11-24T12:00:00Z", subject: "sale drop", data: {} };
const BODY = JSON.stringify(event);

/** As docs/concepts/webhooks.md says it. */
function signed(secrets: readonly string[] = [SECRET], body = BODY, atMs = NOW): string {
  const t = Math.floor(atMs / 1_000);
  const digests = secrets.map(
    (secret) => `v1=${createHmac("sha256", secret).update(`${t}.${body}`).digest("hex")}`,
  );
  return [`t=${t}`, ...digests].join(",");
}
const judge = (
  signature: string | null | undefined,
  body: string | Uint8Array = BODY,
  secret: string | string[] = SECRET,
) => judgeWebhook(secret, { signature, body }, NOW);

describe("a webhook's event", () => {
  test("is taken when its bytes are signed, as text or as they came", async () => {
    expect(await judge(signed())).toEqual({ ok: true, event });
    expect(await judge(signed(), Buffer.from(BODY))).toEqual({ ok: true, event });
    const wide = JSON.stringify({ ...event, subject: "sale 注文" });
    expect((await judge(signed([SECRET], wide), wide)).ok).toBe(true);
  });

  test("is taken by either of two signatures, and with either of two secrets, while they are exchanged", async () => {
    const both = signed(["the new one", SECRET]);
    expect((await judge(both)).ok).toBe(true);
    expect((await judge(both, BODY, "the new one")).ok).toBe(true);
    expect((await judge(signed(), BODY, ["not yet", SECRET])).ok).toBe(true);
  });

  test("in other bytes is not what was signed, though it says the same", async () => {
    const respaced = JSON.stringify(event, null, 1);
    expect(await judge(signed(), respaced)).toEqual({ ok: false, code: "SIGNATURE_INVALID" });
  });

  test("is not taken under another secret, another time, or none", async () => {
    const invalid = { ok: false, code: "SIGNATURE_INVALID" };
    expect(await judge(signed(["another"]))).toEqual(invalid);
    expect(await judge(signed().replace(/^t=\d+/, `t=${NOW / 1_000 + 1}`))).toEqual(invalid);
    expect(await judge(signed([""]), BODY, "")).toEqual(invalid);
    expect(await judge(signed(), BODY, [])).toEqual(invalid);
    for (const header of [undefined, null, "", "t=1", "v1=00", "t=,v1=", signed().replace("v1=", "v0=")])
      expect(await judge(header)).toEqual(invalid);
  });

  test("is too old after five minutes, and as far ahead of our clock too", async () => {
    const at = (seconds: number) => judge(signed([SECRET], BODY, NOW + seconds * 1_000));
    expect((await at(-299)).ok).toBe(true);
    expect((await at(299)).ok).toBe(true);
    expect(await at(-301)).toEqual({ ok: false, code: "SIGNATURE_TOO_OLD" });
    expect(await at(301)).toEqual({ ok: false, code: "SIGNATURE_TOO_OLD" });
  });

  test.each(["", "[]", "null", "{", '{"id":1,"type":"sale.phase"}', '{"id":"ev1"}'])(
    "that is none (%j) is said to be none, though it is signed",
    async (body) => {
      expect(await judge(signed([SECRET], body), body)).toEqual({ ok: false, code: "BODY_INVALID" });
    },
  );

  test("is judged by the clock of this moment", async () => {
    expect(await verifyWebhook(SECRET, { signature: signed(), body: BODY })).toEqual({
      ok: false,
      code: "SIGNATURE_TOO_OLD",
    });
    const now = signed([SECRET], BODY, Date.now());
    expect(await verifyWebhook(SECRET, { signature: now, body: BODY })).toMatchObject({ ok: true });
  });
});
