import { randomBytes } from "node:crypto";
import { holdIdOf, type SaleTag } from "@dropgate/contracts/ids";
import { HEARTBEAT_GAP_MS } from "@dropgate/contracts/limits";
import type { Truth } from "@dropgate/sql";
import { beatService } from "@dropgate/sql/heartbeat/beat";
import { testDatabase } from "@dropgate/sql/template-database";
import { afterAll, beforeAll, beforeEach, expect, inject, test } from "vitest";
import { actOnHolds, type HoldAsk } from "./act.ts";

let database: Awaited<ReturnType<typeof testDatabase>>;
let truth: Truth;
let saleId: string;
let number = 0;
const tag = "aaaaaa" as SaleTag;

beforeAll(async () => {
  database = await testDatabase(inject("databaseUrl"));
  truth = database.truth;
});
afterAll(() => database.drop());

beforeEach(async () => {
  saleId = `s${++number}`;
  await truth.query(
    `WITH secret AS (SELECT sha256(random()::text::bytea) AS secret)
     INSERT INTO sales (id, tag, id_key, title, sku, source, kind, phase, quantity, pool_count, lane_count,
       limit_per_shopper, identity, challenge, lobby_at, draw_at, opens_at, closes_at, claim_window_seconds,
       purchase_window_seconds, payment_extension_seconds, rate_per_second, burst, secret, commitment)
     SELECT $1, $2, secret, 't', 'sku', 'own', 'lottery', 'live', 20, 1, 1, 1, 'anonymous', 'off', now(), now(), now(),
       now() + interval '1 hour', 45, 600, 300, 1, 1, secret, sha256(secret) FROM secret`,
    [
      saleId,
      `${"abcdefghijklmnopqrstuvwxyz"[number % 26]}${"abcdefghijklmnopqrstuvwxyz"[Math.floor(number / 26)]}aaaa`,
    ],
  );
  await truth.query("INSERT INTO lanes (sale_id, lane) VALUES ($1, 0)", [saleId]);
  await truth.query(
    "INSERT INTO units (sale_id, unit, lane) SELECT $1, n, 0 FROM generate_series(1, 20) AS n",
    [saleId],
  );
  await beatService(truth);
});

/** An offer for a shopper of its own, told, open for `seconds`. */
async function offer(
  seconds = 60,
  unit = 1,
  shopper = `m:${randomBytes(4).toString("hex")}`,
): Promise<HoldAsk> {
  const holdId = holdIdOf(tag, 0, randomBytes(16).toString("base64url"));
  const entryId = `${saleId}-${unit}-${randomBytes(4).toString("hex")}`;
  await truth.query(
    `WITH entry AS (
       INSERT INTO entries (entry_id, sale_id, lane, shopper, shopper_key, attempt, state, bucket, seq, hold_id)
       SELECT $1, $2, 0, $3, $1, 1, 'offered', 0, coalesce(max(seq), 0) + 1, $4 FROM entries WHERE sale_id = $2
     ), hold AS (
       INSERT INTO holds (hold_id, sale_id, entry_id, shopper, unit, slot, state, published_at, claim_by)
       VALUES ($4, $2, $1, $3, $5, 1, 'offered', now(), clock_timestamp() + $6 * interval '1 second')
     )
     UPDATE units SET state = 'held', hold_id = $4 WHERE sale_id = $2 AND unit = $5`,
    [entryId, saleId, shopper, holdId, unit, seconds],
  );
  return { holdId, act: "claim", actor: "shopper", entryId };
}

const confirmOf = (ask: HoldAsk, orderId = `o ${ask.holdId}`): HoldAsk => ({
  holdId: ask.holdId,
  act: "confirm",
  actor: "merchant",
  entryId: null,
  orderId,
});
const one = async (ask: HoldAsk) => (await actOnHolds(truth, [ask]))[0];
const state = async (ask: HoldAsk) =>
  (
    await truth.query<Record<string, unknown>>(
      `SELECT h.state AS hold, u.state AS unit, e.state AS entry, e.misses FROM holds h
       JOIN units u USING (sale_id, unit) JOIN entries e ON e.entry_id = h.entry_id WHERE h.hold_id = $1`,
      [ask.holdId],
    )
  ).rows[0];
const expireNow = (ask: HoldAsk) =>
  truth.query("UPDATE holds SET expires_at = clock_timestamp() - interval '1 second' WHERE hold_id = $1", [
    ask.holdId,
  ]);

test("claimed, paid and confirmed; each of them twice is the same answer", async () => {
  const ask = await offer();
  const claimed = await one(ask);
  expect(await one(ask)).toEqual(claimed);
  const payment: HoldAsk = { ...ask, act: "startPayment", actor: "merchant", entryId: null };
  const paying = await one(payment);
  expect(paying).toMatchObject({ ok: true, value: { state: "pending", extended: true } });
  expect(await one(payment)).toEqual(paying);
  const confirmed = await one(confirmOf(ask));
  expect(confirmed).toMatchObject({ ok: true, value: { state: "confirmed" } });
  expect(await one(confirmOf(ask))).toEqual(confirmed);
  expect(await state(ask)).toEqual({ hold: "confirmed", unit: "sold", entry: "purchased", misses: 0 });
});

test("fifty confirms of one hold at once, each with its own order, sell it once", async () => {
  const ask = await offer();
  await one(ask);
  const outcomes = await Promise.all(
    Array.from({ length: 50 }, (_, i) => one(confirmOf(ask, `o${i} ${ask.holdId}`))),
  );
  expect(outcomes.filter((outcome) => outcome?.ok)).toHaveLength(1);
  expect(
    outcomes.filter((outcome) => outcome && !outcome.ok && outcome.refusal === "WRONG_STATE"),
  ).toHaveLength(49);
});

test("many holds that want one order id: one has it", async () => {
  const asks: HoldAsk[] = [];
  for (let unit = 1; unit <= 8; unit++) asks.push(await offer(60, unit));
  await actOnHolds(truth, asks);
  const order = `the one ${saleId}`;
  const grouped = await Promise.all([
    actOnHolds(
      truth,
      asks.slice(0, 4).map((ask) => confirmOf(ask, order)),
    ),
    actOnHolds(
      truth,
      asks.slice(4).map((ask) => confirmOf(ask, order)),
    ),
  ]);
  const outcomes = grouped.flat();
  expect(outcomes.filter((outcome) => outcome.ok)).toHaveLength(1);
  expect(outcomes.filter((outcome) => !outcome.ok && outcome.refusal === "ORDER_EXISTS")).toHaveLength(7);
});

test("one refused ask of a group never fails the others", async () => {
  const good = await offer(60, 1);
  const other = await offer(60, 2);
  const outcomes = await actOnHolds(truth, [
    { ...good, holdId: "nothing" },
    { ...other, entryId: "somebody else" },
    good,
  ]);
  expect(outcomes.map((outcome) => (outcome.ok ? outcome.value.state : outcome.refusal))).toEqual([
    "HOLD_NOT_FOUND",
    "FORBIDDEN",
    "active",
  ]);
});

test("a claim that is late ends the offer, and the entry counts a miss", async () => {
  const ask = await offer(-1);
  expect(await one(ask)).toMatchObject({ ok: false, refusal: "HOLD_EXPIRED" });
  expect(await state(ask)).toEqual({ hold: "expired", unit: "free", entry: "missed", misses: 1 });
});

test("a late confirm gets the very unit while it is free, once, and the same answer again", async () => {
  const ask = await offer();
  await one(ask);
  await expireNow(ask);
  const late = await one(confirmOf(ask));
  expect(late).toMatchObject({ ok: true, value: { state: "confirmed", unit: 1, replaces: ask.holdId } });
  expect(await one(confirmOf(ask))).toEqual(late);
  expect(await one(confirmOf(ask, "another"))).toMatchObject({ ok: false, refusal: "WRONG_STATE" });
  expect(await state(ask)).toEqual({ hold: "expired", unit: "sold", entry: "purchased", misses: 0 });
});

test("a late confirm whose unit went on to somebody else is refused, and leaves no order", async () => {
  const ask = await offer();
  await one(ask);
  await expireNow(ask);
  await one({ ...ask, act: "expire", actor: "worker", entryId: null });
  await offer(60, 1);
  expect(await one(confirmOf(ask))).toMatchObject({ ok: false, refusal: "HOLD_EXPIRED" });
  const { rowCount } = await truth.query("SELECT 1 FROM orders WHERE sale_id = $1", [saleId]);
  expect(rowCount).toBe(0);
});

test("after the service was away the gap is added to every window before one is judged", async () => {
  const ask = await offer(1);
  await truth.query(
    "UPDATE holds SET claim_by = clock_timestamp() - interval '1 second' WHERE hold_id = $1",
    [ask.holdId],
  );
  await truth.query(
    "UPDATE service_heartbeat SET beat_at = clock_timestamp() - $1 * interval '1 millisecond'",
    [HEARTBEAT_GAP_MS + 8_000],
  );
  expect(await one(ask)).toMatchObject({ ok: false, refusal: "BUSY" });
  expect(await state(ask)).toMatchObject({ hold: "offered" });
  expect(await beatService(truth)).toBeGreaterThan(HEARTBEAT_GAP_MS);
  expect(await one(ask)).toMatchObject({ ok: true, value: { state: "active" } });
});

test("released and claimed at once: exactly one of them is true", async () => {
  for (let i = 1; i <= 10; i++) {
    const ask = await offer(60, i);
    const [claimed, released] = await Promise.all([one(ask), one({ ...ask, act: "release" })]);
    const after = await state(ask);
    // A claim that came first may still be released; a release that came first is final.
    expect(released?.ok).toBe(true);
    expect(after).toMatchObject({ hold: "released", unit: "free", entry: "released" });
    if (!claimed?.ok) expect(claimed).toMatchObject({ refusal: "WRONG_STATE" });
  }
});

test("several asks about one hold in one group happen one after the other", async () => {
  const ask = await offer();
  const outcomes = await actOnHolds(truth, [
    ask,
    confirmOf(ask),
    { ...ask, act: "cancel", actor: "merchant", entryId: null },
    { ...ask, act: "release" },
  ]);
  expect(outcomes.map((outcome) => (outcome.ok ? outcome.value.state : outcome.refusal))).toEqual([
    "active",
    "confirmed",
    "cancelled",
    "WRONG_STATE",
  ]);
  expect(await state(ask)).toEqual({ hold: "cancelled", unit: "free", entry: "released", misses: 0 });
});

test("every move raises the entry's revision, so that its card is written anew", async () => {
  const ask = await offer();
  const rev = async () =>
    (await truth.query<{ rev: number }>("SELECT rev FROM entries WHERE entry_id = $1", [ask.entryId])).rows[0]
      ?.rev ?? -1;
  const before = await rev();
  await one(ask);
  await one({ ...ask, act: "startPayment", actor: "merchant", entryId: null });
  expect(await rev()).toBe(before + 2);
});
