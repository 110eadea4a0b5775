// Asking to be told by mail, from outside: who may, how often, and that an address is nowhere but in its one row.
import { afterAll, beforeAll, expect, inject, it } from "vitest";
import { openStage, type Stage, type Told } from "../stage.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await openStage(
    { redisUrl: inject("redisUrl"), databaseUrl: inject("databaseUrl") },
    // Nobody sends here: the worker does, and has tests of its own.
    { SMTP_URL: "smtp://127.0.0.1:1", MAIL_FROM: "line@shop.example", PUBLIC_URL: "http://drop.example" },
  );
});
afterAll(() => stage.stop());

interface Joined {
  path: string;
  token: string;
  cookie: string;
}

async function join(saleId: string, at = stage.gateway): Promise<Joined> {
  const cookie = await stage.cookie(saleId);
  const { body } = await stage.call("POST", `/api/v1/sales/${saleId}/entries`, { cookie, at });
  const path = `/api/v1/entries/${String(body["entryId"])}/notification`;
  return { path, cookie, token: String(body["token"]) };
}
const ask = ({ path, token }: Joined, body: object): Promise<Told> =>
  stage.call("POST", path, { bearer: token, body });
const code = ({ status, body }: Told): unknown[] => [status, body["code"]];

it("a shopper in line leaves an address, sees it in part, changes it and takes it back", async () => {
  const { id } = await stage.sale();
  expect((await stage.call("GET", `/api/v1/sales/${id}`)).body["notifications"]).toEqual({ email: true });
  const joined = await join(id);
  const { path, token: bearer } = joined;
  expect((await stage.call("GET", path, { bearer })).body).toEqual({ state: "off" });
  const told = await ask(joined, { email: "mika@example.com", language: "ja" });
  expect([told.status, told.body]).toEqual([200, { state: "on", email: "m…@example.com", language: "ja" }]);
  await ask(joined, { email: "noor@example.org" });
  // By the cookie too: it is the same shopper.
  expect((await stage.call("GET", path, { cookie: joined.cookie })).body).toEqual({
    state: "on",
    email: "n…@example.org",
    language: "en",
  });
  expect((await stage.call("DELETE", path, { bearer })).body).toEqual({ state: "off" });
  const { rows } = await stage.database.truth.query("SELECT 1 FROM notifications WHERE sale_id = $1", [id]);
  expect(rows).toEqual([]);
});

it("what is no address, or tries to be more than one, is refused", async () => {
  const joined = await join((await stage.sale()).id);
  const bad = [
    "",
    "mika",
    "mika@",
    "a@b.c\r\nBcc: x@y.z",
    "a@b.com, c@d.com",
    "<a@b.com>",
    `${"a".repeat(250)}@b.com`,
  ];
  for (const email of bad) expect([email, (await ask(joined, { email })).status]).toEqual([email, 400]);
  expect((await ask(joined, { email: "a@b.com", language: "xx" })).status).toBe(400);
});

it("one address is told of three entries of a sale at most, however many ask at once, and of other sales besides", async () => {
  const { id } = await stage.sale();
  const all = await Promise.all(Array.from({ length: 6 }, () => join(id)));
  const answers = await Promise.all(
    all.map((joined, n) => ask(joined, { email: n % 2 === 0 ? "Full@example.com" : "full@example.com" })),
  );
  expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 200, 200, 409, 409, 409]);
  expect(answers.find(({ status }) => status === 409)?.body["code"]).toBe("TOO_MANY_NOTIFICATIONS");
  expect((await ask(await join((await stage.sale()).id), { email: "full@example.com" })).status).toBe(200);
});

it("nobody asks for, sees or ends another's, and nobody asks faster than a person does", async () => {
  const { id } = await stage.sale();
  const [one, other] = [await join(id), await join(id)];
  await ask(one, { email: "mika@example.com" });
  for (const method of ["GET", "POST", "DELETE"]) {
    const body = method === "POST" ? { email: "x@example.com" } : undefined;
    const told = await stage.call(method, one.path, { bearer: other.token, body });
    expect([method, ...code(told)]).toEqual([method, 403, "FORBIDDEN"]);
    expect(
      (await stage.call(method, one.path, { cookie: other.cookie, body })).status,
    ).toBeGreaterThanOrEqual(403);
  }
  expect((await stage.call("GET", one.path, { bearer: one.token })).body["email"]).toBe("m…@example.com");
  const answers = [];
  for (let n = 0; n < 12; n += 1) answers.push(await ask(one, { email: "mika@example.com" }));
  expect(code(answers.at(-1) as Told)).toEqual([429, "RATE_LIMITED"]);
});

it("who has left is not told, nor anybody where there is no mail server or no line", async () => {
  const joined = await join((await stage.sale()).id);
  await stage.call("DELETE", joined.path.replace("/notification", ""), { bearer: joined.token });
  expect(code(await ask(joined, { email: "mika@example.com" }))).toEqual([409, "WRONG_STATE"]);

  const rush = await stage.sale({ kind: "rush" });
  expect((await stage.call("GET", `/api/v1/sales/${rush.id}`)).body["notifications"]).toEqual({
    email: false,
  });

  const without = await stage.another({ SMTP_URL: "" });
  const { id } = await stage.sale();
  const there = await join(id, without);
  const seen = await stage.call("GET", `/api/v1/sales/${id}`, { at: without });
  expect(seen.body["notifications"]).toEqual({ email: false });
  const told = await stage.call("POST", there.path, {
    at: without,
    bearer: there.token,
    body: { email: "mika@example.com" },
  });
  expect(code(told)).toEqual([409, "NOTIFICATIONS_OFF"]);
});
