// The same key and body: the same answer and one effect, whoever is asked, however often at once.
import { afterAll, beforeAll, expect, inject, it } from "vitest";
import { BOOTSTRAP_KEY, inMinutes, openStage, type Stage, type StageRequest, type Told } from "../stage.ts";
import type { Gateway } from "../start-gateway.ts";

let stage: Stage;
let other: Gateway;
beforeAll(async () => {
  stage = await openStage({ redisUrl: inject("redisUrl"), databaseUrl: inject("databaseUrl") });
  other = await stage.another();
});
afterAll(() => stage.stop());

const schedule = { drawAt: inMinutes(10), opensAt: inMinutes(11), closesAt: inMinutes(60) };
const bodyOf = (title: string): unknown => ({ title, sku: "s", quantity: 1, schedule });
const create = (key: string, title: string, more: StageRequest = {}): Promise<Told> =>
  stage.call("POST", "/api/v1/admin/sales", {
    bearer: BOOTSTRAP_KEY,
    body: bodyOf(title),
    headers: { "idempotency-key": key },
    ...more,
  });
const gist = ({ status, body }: Told): [number, unknown] => [status, body["code"]];

async function salesCalled(title: string): Promise<number> {
  const { rows } = await stage.database.truth.query<{ n: number }>(
    "SELECT count(*) AS n FROM sales WHERE title = $1",
    [title],
  );
  return rows[0]?.n ?? -1;
}

it("is replayed byte for byte, by any gateway, and has one effect", async () => {
  const first = await create("k-1", "once");
  expect(first.status).toBe(201);
  const again = await create("k-1", "once");
  const elsewhere = await create("k-1", "once", { at: other });
  expect([again.status, again.text, elsewhere.text]).toEqual([201, first.text, first.text]);
  expect(await salesCalled("once")).toBe(1);
});

it("with another body is IDEMPOTENCY_MISMATCH; for another path it is another key", async () => {
  await create("k-2", "two");
  expect(gist(await create("k-2", "two again"))).toEqual([409, "IDEMPOTENCY_MISMATCH"]);
  const key = await stage.call("POST", "/api/v1/admin/api-keys", {
    bearer: BOOTSTRAP_KEY,
    body: { name: "a", scopes: ["operator"] },
    headers: { "idempotency-key": "k-2" },
  });
  expect(key.status).toBe(201);
  // And for another API key.
  const third = await create("k-2", "three", { bearer: String(key.body["key"]) });
  expect(third.status).toBe(201);
});

it("of many at once runs once; the others are told that it runs, or its answer", async () => {
  const told = await Promise.all(
    Array.from({ length: 20 }, (_, i) => create("k-3", "crowd", i % 2 ? { at: other } : {})),
  );
  const done = told.filter(({ status }) => status === 201);
  expect(new Set(done.map(({ text }) => text)).size).toBe(1);
  for (const each of told.filter(({ status }) => status !== 201)) {
    expect(gist(each)).toEqual([409, "IDEMPOTENCY_IN_PROGRESS"]);
    expect(each.headers.get("retry-after")).not.toBeNull();
  }
  expect(await salesCalled("crowd")).toBe(1);
});

it("keeps a final refusal too", async () => {
  const { id } = await stage.sale();
  const request = (): Promise<Told> => create("k-4", "", { body: { ...Object(bodyOf("x")), id } });
  const first = await request();
  expect(gist(first)).toEqual([409, "SALE_EXISTS"]);
  expect((await request()).text).toBe(first.text);
  expect((await request()).headers.get("content-type")).toBe("application/problem+json");
});

it("keeps the answer that shows a secret once, but sealed", async () => {
  const make = (): Promise<Told> =>
    stage.call("POST", "/api/v1/admin/api-keys", {
      bearer: BOOTSTRAP_KEY,
      body: { name: "secret", scopes: ["merchant"] },
      headers: { "idempotency-key": "k-5" },
    });
  const first = await make();
  expect((await make()).text).toBe(first.text);
  const { rows } = await stage.database.truth.query<{ body: Buffer }>(
    "SELECT body FROM idempotency_keys WHERE key = 'k-5'",
  );
  expect(rows).toHaveLength(1);
  expect(rows[0]?.body.includes(String(first.body["key"]))).toBe(false);
});

it("whose process died blocks for ten seconds, then is taken over, once", async () => {
  await create("k-6", "dies");
  const { truth } = stage.database;
  const running = (secondsAgo: number): Promise<unknown> =>
    truth.query(
      `UPDATE idempotency_keys SET status = NULL, body = NULL, run = 'of the dead',
         started_at = clock_timestamp() - $1 * interval '1 second' WHERE key = 'k-6'`,
      [secondsAgo],
    );
  await running(9);
  expect(gist(await create("k-6", "dies"))).toEqual([409, "IDEMPOTENCY_IN_PROGRESS"]);
  await running(11);
  expect((await create("k-6", "dies")).status).toBe(201);
});

it("of a run that was taken over commits nothing", async () => {
  const { services } = stage.gateway;
  const scope = { apiKeyId: "bootstrap", method: "POST", path: "/x", key: "k-7" };
  const request = { scope, bodyHash: Buffer.alloc(32), run: "mine", sealed: false };
  const late = services.idempotency.once(request, async (tx) => {
    await tx.query("INSERT INTO api_keys (id, name, hash, scopes) VALUES ('late', 'late', $1, '{admin}')", [
      Buffer.alloc(32),
    ]);
    await stage.database.truth.query("UPDATE idempotency_keys SET run = 'theirs' WHERE key = 'k-7'");
    return { ok: true, status: 200, body: "{}" };
  });
  await expect(late).rejects.toThrow("took the Idempotency-Key over");
  const { rows } = await stage.database.truth.query("SELECT 1 FROM api_keys WHERE id = 'late'");
  expect(rows).toHaveLength(0);
});

it("that is no key is INVALID_IDEMPOTENCY_KEY", async () => {
  for (const key of ["x".repeat(256), "\u00e9"]) {
    expect(gist(await create(key, "none"))).toEqual([400, "INVALID_IDEMPOTENCY_KEY"]);
  }
  expect(await salesCalled("none")).toBe(0);
});
