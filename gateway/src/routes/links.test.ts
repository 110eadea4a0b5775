// Links to another device from outside: one use, ten minutes, bound to the entry, and nothing of the secret is stored.
import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { openStage, type Stage, type Told } from "../stage.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await openStage(
    { redisUrl: inject("redisUrl"), databaseUrl: inject("databaseUrl") },
    { PUBLIC_URL: "https://drop.example/" },
  );
});
afterAll(() => stage.stop());

interface Joined {
  saleId: string;
  entryId: string;
  token: string;
  cookie: string;
}

async function join(): Promise<Joined> {
  const { id: saleId } = await stage.sale();
  const cookie = await stage.cookie(saleId);
  const { body } = await stage.call("POST", `/api/v1/sales/${saleId}/entries`, { cookie });
  return { saleId, cookie, entryId: String(body["entryId"]), token: String(body["token"]) };
}

async function linkOf({ entryId, token }: Joined): Promise<string> {
  const told = await stage.call("POST", `/api/v1/entries/${entryId}/links`, { bearer: token });
  expect(told.status).toBe(201);
  return String(told.body["url"]).split("#link=")[1] ?? "";
}
const use = (link: string): Promise<Told> => stage.call("POST", "/api/v1/entries/link", { body: { link } });
const code = ({ status, body }: Told): unknown[] => [status, body["code"]];
const hash = (secret: string): Buffer => createHash("sha256").update(secret).digest();

describe("a link to another device", () => {
  it("is answered with the entry and a token of it, and the first device keeps its own", async () => {
    const joined = await join();
    const { status, body } = await stage.call("POST", `/api/v1/entries/${joined.entryId}/links`, {
      bearer: joined.token,
    });
    expect(status).toBe(201);
    const url = new URL(String(body["url"]));
    expect(`${url.origin}${url.pathname}`).toBe(`https://drop.example/s/${joined.saleId}`);
    expect(url.search).toBe("");
    const lastsMs = Date.parse(String(body["expiresAt"])) - Date.now();
    expect(lastsMs).toBeGreaterThan(9.5 * 60_000);
    expect(lastsMs).toBeLessThan(10.5 * 60_000);

    const used = await use(url.hash.slice("#link=".length));
    expect([used.status, used.body["entryId"], used.body["state"]]).toEqual([200, joined.entryId, "waiting"]);
    for (const bearer of [joined.token, String(used.body["token"])]) {
      const seen = await stage.call("GET", `/api/v1/entries/${joined.entryId}`, { bearer });
      expect([seen.status, seen.body["entryId"]]).toEqual([200, joined.entryId]);
    }
  });

  it("may be asked for by the cookie too, and its token says of the entry what the join's did", async () => {
    const joined = await join();
    const told = await stage.call("POST", `/api/v1/entries/${joined.entryId}/links`, {
      cookie: joined.cookie,
    });
    const used = await use(String(told.body["url"]).split("#link=")[1] ?? "");
    expect(used.body["token"]).toBe(joined.token);
  });

  it("works once: of two devices at the same moment one gets the entry, and who comes later is told", async () => {
    const joined = await join();
    for (let round = 0; round < 5; round += 1) {
      const link = await linkOf(joined);
      const answers = await Promise.all([use(link), use(link), use(link)]);
      expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409, 409]);
      expect(code(await use(link))).toEqual([409, "LINK_USED"]);
    }
  });

  it("is over after ten minutes, and says so for a day", async () => {
    const joined = await join();
    const link = await linkOf(joined);
    const age = (text: string): Promise<unknown> =>
      stage.database.truth.query(
        `UPDATE entry_links SET expires_at = clock_timestamp() - $2::interval WHERE secret_hash = $1`,
        [hash(link), text],
      );
    await age("1 second");
    expect(code(await use(link))).toEqual([409, "LINK_EXPIRED"]);
    expect((await use(link)).body["detail"]).toContain("your place is safe");
  });

  it("is stored by its hash alone, and a wrong one is nobody's", async () => {
    const link = await linkOf(await join());
    const { rows } = await stage.database.truth.query<{ text: string }>(
      "SELECT e::text AS text FROM entry_links e",
    );
    expect(rows.map(({ text }) => text).join("\n")).not.toContain(link);
    expect(rows.map(({ text }) => text).join("\n")).toContain(hash(link).toString("hex"));
    const wrong = `${link.slice(0, -2)}AA`;
    for (const bad of [wrong, "", "x".repeat(43), `${link}x`, hash(link).toString("base64url")])
      expect(code(await use(bad))).toEqual([404, "LINK_NOT_FOUND"]);
    expect((await use(link)).status).toBe(200);
  });

  it("is its entry's alone: another's token makes none, and an entry has five at most", async () => {
    const [one, other] = [await join(), await join()];
    const path = `/api/v1/entries/${one.entryId}/links`;
    expect((await stage.call("POST", path, { bearer: other.token })).status).toBe(403);
    expect(code(await stage.call("POST", path, {}))).toEqual([401, "UNAUTHENTICATED"]);
    const links = [];
    for (let n = 0; n < 6; n += 1) links.push(await linkOf(one));
    expect(code(await use(links[0] ?? ""))).toEqual([404, "LINK_NOT_FOUND"]);
    expect((await use(links[1] ?? "")).status).toBe(200);
  });

  it("is asked for no faster than a person does", async () => {
    const { entryId, token } = await join();
    const answers = [];
    for (let n = 0; n < 12; n += 1)
      answers.push(await stage.call("POST", `/api/v1/entries/${entryId}/links`, { bearer: token }));
    expect(code(answers.at(-1) as Told)).toEqual([429, "RATE_LIMITED"]);
  });
});
