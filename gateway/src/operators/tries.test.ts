// Guessing is slowed, by account and by address and across gateways; and nobody is kept out by somebody else's guesses.
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { openStage, type Stage, type Told } from "../stage.ts";
import type { Gateway } from "../start-gateway.ts";
import { newEmail, newPassword, OperatorStage } from "./operator-stage.ts";
import { type Count, countsOf, judgeTry } from "./tries.ts";

let stage: Stage;
let people: OperatorStage;
let gateways: Gateway[];
const env = { JOINS_PER_ADDRESS: "20/200", TRUSTED_PROXIES: "127.0.0.1" };
beforeAll(async () => {
  stage = await openStage({ redisUrl: inject("redisUrl"), databaseUrl: inject("databaseUrl") }, env);
  people = new OperatorStage(stage);
  gateways = [stage.gateway, await stage.another()];
});
afterAll(() => stage.stop());

let addresses = 0;
/** An address that nobody has tried from. */
const newAddress = (): string => `2001:db8:${(++addresses).toString(16)}::1`;

const signIn = (
  email: string,
  password: string,
  address: string,
  more: { at?: Gateway; cookie?: string } = {},
): Promise<Told> => people.signIn(email, password, { headers: { "x-forwarded-for": address }, ...more });

/** How many of so many tries were looked at, half of them at each gateway, all at once. */
async function looked(
  count: number,
  one: (i: number) => { email: string; address: string; cookie?: string },
): Promise<number> {
  const told = await Promise.all(
    Array.from({ length: count }, (_, i) => {
      const { email, address, cookie } = one(i);
      const at = gateways[i % 2];
      return signIn(email, newPassword(), address, { ...(at && { at }), ...(cookie && { cookie }) });
    }),
  );
  for (const { status } of told) expect([401, 429]).toContain(status);
  return told.filter(({ status }) => status === 401).length;
}

/** So many, and one or two that came back while a busy machine took its time. */
function expectAbout(count: number, wanted: number): void {
  expect(count).toBeGreaterThanOrEqual(wanted);
  expect(count).toBeLessThanOrEqual(wanted + 2);
}

describe("wrong passwords", () => {
  it("of an account from one address are slowed after five, by all gateways together, whoever's it is", async () => {
    const { email } = await people.add("viewer");
    for (const tried of [email, newEmail()]) {
      const address = newAddress();
      expect(await looked(12, () => ({ email: tried, address }))).toBe(5);
      const told = await signIn(tried, newPassword(), address);
      expect([told.status, told.body["code"]]).toEqual([429, "RATE_LIMITED"]);
      const seconds = Number(told.headers.get("retry-after"));
      expect(seconds).toBeGreaterThan(50);
      expect(seconds).toBeLessThanOrEqual(60);
    }
  });

  it("of an IPv6 network are counted as one address", async () => {
    const { email } = await people.add("viewer");
    expect(await looked(12, (i) => ({ email, address: `2001:db8:aaaa:1::${i + 1}` }))).toBe(5);
  });

  it("of one address at many accounts are slowed after thirty", async () => {
    const address = newAddress();
    expectAbout(await looked(40, () => ({ email: newEmail(), address })), 30);
  });

  it("of one account from many addresses are slowed after fifty", async () => {
    const { email } = await people.add("viewer");
    expectAbout(await looked(60, () => ({ email, address: newAddress() })), 50);
  });
});

describe("an operator whose account somebody else is guessing at", () => {
  it("signs in from a browser that is known, and their own wrong passwords there are slowed too", async () => {
    const ann = await people.person("viewer");
    await looked(60, () => ({ email: ann.email, address: newAddress() }));
    const cookie = ann.device;
    const elsewhere = newAddress();
    expect((await signIn(ann.email, ann.password, elsewhere)).status).toBe(429);
    expect((await signIn(ann.email, ann.password, elsewhere, { cookie })).status).toBe(200);
    expect(await looked(15, () => ({ email: ann.email, address: newAddress(), cookie }))).toBe(10);
  });

  it("is not helped by a browser that another account is known from, nor by one that is made up", async () => {
    const [ann, bob] = [await people.person("viewer"), await people.person("viewer")];
    await looked(60, () => ({ email: ann.email, address: newAddress() }));
    const [name = "", value = ""] = ann.device.split("=");
    for (const cookie of [
      bob.device,
      `${name}=${value.slice(0, -1)}`,
      `${name}=${"a".repeat(22)}.${"a".repeat(43)}`,
    ]) {
      expect((await signIn(ann.email, ann.password, newAddress(), { cookie })).status).toBe(429);
    }
  });

  it("is let in again once the tries are back, however often it was tried: nothing is ever locked", async () => {
    const ann = await people.person("viewer");
    const address = newAddress();
    for (let i = 0; i < 3; i++) await looked(20, () => ({ email: ann.email, address }));
    expect((await signIn(ann.email, ann.password, address)).status).toBe(429);
    // A minute goes by.
    await stage.database.truth.query("UPDATE sign_in_tries SET full_at = full_at - interval '61 seconds'");
    expect((await signIn(ann.email, ann.password, address)).status).toBe(200);
  });

  it("still changes the password where they are signed in", async () => {
    const ann = await people.person("viewer");
    await looked(60, () => ({ email: ann.email, address: newAddress() }));
    const body = { currentPassword: ann.password, newPassword: newPassword() };
    expect((await ann.call("POST", "/session/password", { body })).status).toBe(200);
  });
});

describe("the present password", () => {
  it("cannot be guessed from a session that was left open", async () => {
    const ann = await people.person("viewer");
    const told = await Promise.all(
      Array.from({ length: 15 }, () =>
        ann.call("POST", "/session/password", {
          body: { currentPassword: newPassword(), newPassword: newPassword() },
        }),
      ),
    );
    expect(told.filter(({ status }) => status === 401)).toHaveLength(10);
    expect(told.filter(({ status }) => status === 429)).toHaveLength(5);
  });
});

describe("right passwords", () => {
  it("cost nothing", async () => {
    const ann = await people.person("viewer");
    const address = newAddress();
    for (let i = 0; i < 8; i++) expect((await signIn(ann.email, ann.password, address)).status).toBe(200);
  });
});

describe("counts", () => {
  it("that have run out are removed, so that made-up accounts leave nothing behind", async () => {
    const count = async (): Promise<number> => {
      const { rows } = await stage.database.truth.query<{ n: number }>(
        "SELECT count(*) AS n FROM sign_in_tries",
      );
      return rows[0]?.n ?? 0;
    };
    await stage.database.truth.query("UPDATE sign_in_tries SET full_at = full_at - interval '1 day'");
    const before = await count();
    expect(before).toBeGreaterThan(50);
    for (let i = 0; i < before / 4; i++) await signIn(newEmail(), "wrong", newAddress());
    expect(await count()).toBeLessThan(before);
  });

  it("let through at most the burst and what has come back since, in whatever rhythm it is tried", () => {
    const one: Count = { key: Buffer.from("a"), burst: 5, everySeconds: 60 };
    fc.assert(
      fc.property(fc.array(fc.nat(120_000), { maxLength: 200 }), (pauses) => {
        let [nowMs, fullAtMs, through] = [1_000_000, 0, 0];
        for (const pause of pauses) {
          nowMs += pause;
          const judged = judgeTry([one], [fullAtMs], nowMs);
          if (judged.ok) {
            through++;
            fullAtMs = judged.fullAtMs[0] ?? 0;
          } else {
            expect(judged.waitMs).toBeLessThanOrEqual(60_000);
            // It is true: then there is one.
            expect(judgeTry([one], [fullAtMs], nowMs + judged.waitMs).ok).toBe(true);
          }
        }
        expect(through).toBeLessThanOrEqual(5 + (nowMs - 1_000_000) / 60_000);
      }),
    );
  });

  it("take of all, or of none", () => {
    const counts = countsOf("a@b.example", "192.0.2.1", null);
    const spent = [0, 1_000_000 + 5 * 60_000, 0];
    expect(judgeTry(counts, spent, 1_000_000)).toEqual({ ok: false, waitMs: 60_000 });
  });

  it("are told apart by account, address and browser, however these are written", () => {
    const keys = [
      ...countsOf("a@b.example", "192.0.2.1", null),
      ...countsOf("a@b.example", "192.0.2.1", "n"),
      ...countsOf("a@b.example,192.0.2.1", "", null),
    ].map(({ key }) => key.toString("hex"));
    expect(new Set(keys).size).toBe(keys.length);
  });
});
