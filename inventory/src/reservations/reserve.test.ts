// Orders reserved in one transaction on a real PostgreSQL: all lines of each or none, whose order id it is, and how many
// times the levels' lock waits for an answer.
import { type Prepared, type Transaction, Truth } from "@dropgate/sql";
import { wholeReadsOf } from "@dropgate/sql/kept-plans";
import { listLevels } from "@dropgate/sql/levels/level-row";
import { readReservations } from "@dropgate/sql/reservations/reservation-row";
import { type TestDatabase, testDatabase } from "@dropgate/sql/template-database";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { actOnLevelsIn } from "../levels/act.ts";
import { insertPlaces } from "../levels/places.ts";
import { type Acted, actOnReservationsIn } from "./act.ts";
import type { ReservationAsk } from "./decide.ts";
import { type Proposed, type Reserved, reserveIn } from "./reserve.ts";

const WINDOWS = { windowSeconds: 900, demandWindowSeconds: 300 };
const CATALOGUE = 3_000;

let database: TestDatabase;
let pipelined: Truth;
beforeAll(async () => {
  database = await testDatabase(inject("databaseUrl"));
  pipelined = new Truth({ url: database.url, pipelined: true });
  const { truth } = database;
  await truth.query(
    `INSERT INTO products (sku, title, price_amount, price_currency, weight_grams, length_mm, width_mm, height_mm,
       hazmat, oversized, refrigerated, preorder)
     SELECT 'other ' || n, 'A thing', 1, 'EUR', 1, 1, 1, 1, false, false, false, false FROM generate_series(1, $1) n`,
    [CATALOGUE],
  );
});
afterAll(async () => {
  await pipelined.close();
  await database.drop();
});

async function stock(shelves: Record<string, number>): Promise<void> {
  await database.truth.transaction(async (tx) => {
    await insertPlaces(tx, Object.keys(shelves), ["east"]);
    await actOnLevelsIn(
      tx,
      Object.entries(shelves).map(([sku, onHand]) => ({
        sku,
        locationId: "east",
        deltas: { onHand },
        type: "adjustment",
        actor: "tester",
      })),
    );
  });
}

let made = 0;
function order(lines: Record<string, number>, over: Partial<Proposed> = {}): Proposed {
  const n = ++made;
  return {
    id: `r_${n}`,
    orderId: `order ${n}`,
    request: { items: lines },
    plan: { shipments: [] },
    lines: Object.entries(lines).map(([sku, quantity]) => ({ sku, locationId: "east", quantity })),
    backorders: [],
    actor: "tester",
    ...over,
  };
}

const reserve = (...proposals: Proposed[]): Promise<Reserved> =>
  pipelined.transaction((tx) => reserveIn(tx, proposals, WINDOWS));

async function reservedOf(sku: string): Promise<number | undefined> {
  const levels = await listLevels(database.truth, { sku, locationId: undefined }, null, 10);
  return levels[0]?.reserved;
}

test("of a group each order has all of its lines or leaves nothing, and what is answered is what is written", async () => {
  await stock({ scarce: 3, plenty: 100 });
  const fits = order({ scarce: 2, plenty: 1 });
  const half = order({ plenty: 5, scarce: 2 });
  const { outcomes, levels } = await reserve(fits, half);
  expect(outcomes.map((one) => (one.ok ? one.value.made : one.refusal))).toEqual([
    true,
    "INSUFFICIENT_STOCK",
  ]);
  expect([await reservedOf("scarce"), await reservedOf("plenty")]).toEqual([2, 1]);
  expect(levels.map(({ sku, reserved }) => [sku, reserved]).toSorted()).toEqual([
    ["plenty", 1],
    ["scarce", 2],
  ]);
  const rows = await readReservations(database.truth, [fits.id, half.id]);
  expect([...rows.keys()]).toEqual([fits.id]);
  expect(outcomes[0]).toEqual({ ok: true, value: { reservation: rows.get(fits.id), made: true } });
  const { rows: lines } = await database.truth.query(
    "SELECT 1 FROM reservation_lines WHERE reservation_id = $1",
    [half.id],
  );
  expect(lines).toEqual([]);
});

test("a level of which more than half is in checkouts shortens the window, and the answer says so", async () => {
  await stock({ wanted: 10 });
  const windowOf = ({ outcomes }: Reserved): number => {
    const [one] = outcomes;
    if (!one?.ok || one.value.reservation.expiresAt === null) throw new Error("it was not reserved");
    const { createdAt, expiresAt } = one.value.reservation;
    return (expiresAt.getTime() - createdAt.getTime()) / 1_000;
  };
  expect(windowOf(await reserve(order({ wanted: 5 })))).toBe(900);
  const late = order({ wanted: 1 });
  const told = await reserve(late);
  expect(windowOf(told)).toBe(300);
  const written = (await readReservations(database.truth, [late.id])).get(late.id);
  expect(told.outcomes[0]).toMatchObject({ value: { reservation: { expiresAt: written?.expiresAt } } });
});

test("an order id is reserved once: in the same words it is the same, in others it is taken, at the same moment too", async () => {
  await stock({ once: 100 });
  const first = order({ once: 1 });
  const again = { ...first, id: "r_again" };
  const other = { ...order({ once: 2 }), orderId: first.orderId };
  const told = await Promise.all([reserve(first), reserve(again)]);
  const ids = told.flatMap(({ outcomes }) =>
    outcomes.map((one) => (one.ok ? one.value.reservation.id : one.refusal)),
  );
  expect(new Set(ids).size).toBe(1);
  expect(told.flatMap(({ outcomes }) => outcomes.map((one) => one.ok && one.value.made)).toSorted()).toEqual([
    false,
    true,
  ]);
  expect((await reserve(other)).outcomes).toMatchObject([{ ok: false, refusal: "ORDER_EXISTS" }]);
  expect(await reservedOf("once")).toBe(1);
});

test("an order id that a sale's order has is nobody else's, and no stock is held for it", async () => {
  await stock({ sold: 10 });
  const asked = order({ sold: 1 });
  await database.truth.transaction(async (tx) => {
    // A sale that brings its own units has orders and no reservations; its sale and its hold don't matter here.
    await tx.query("SET LOCAL session_replication_role = replica");
    await tx.query("INSERT INTO orders (order_id, sale_id, hold_id) VALUES ($1, 's', 'h')", [asked.orderId]);
  });
  expect((await reserve(asked)).outcomes).toMatchObject([{ ok: false, refusal: "ORDER_EXISTS" }]);
  expect(await reservedOf("sold")).toBe(0);
});

test("a confirm that is the first to find the window over takes the stock once more if it is there, and is late if not", async () => {
  await stock({ overdue: 1, gone: 1 });
  const [there, gone, taker] = [order({ overdue: 1 }), order({ gone: 1 }), order({ gone: 1 })];
  await reserve(there, gone);
  await database.truth.query("UPDATE reservations SET expires_at = clock_timestamp() WHERE id = ANY($1)", [
    [there.id, gone.id],
  ]);
  await database.truth.query(
    "UPDATE service_heartbeat SET beat_at = clock_timestamp() + interval '1 minute'",
  );
  const ask = (id: string, act: ReservationAsk["act"]): ReservationAsk => ({ id, act, actor: "tester" });
  const act = (...asks: ReservationAsk[]): Promise<Acted> =>
    database.truth.transaction((tx) => actOnReservationsIn(tx, asks, 300));
  await act(ask(gone.id, "expire"));
  expect((await reserve(taker)).outcomes).toMatchObject([{ ok: true }]);
  const { outcomes } = await act(ask(there.id, "confirm"), ask(gone.id, "confirm"));
  expect(outcomes).toMatchObject([
    { ok: true, value: { state: "allocated", replaces: there.id } },
    { ok: false, refusal: "HOLD_EXPIRED" },
  ]);
  const levels = await listLevels(database.truth, { sku: "overdue", locationId: undefined }, null, 10);
  expect(levels).toMatchObject([{ reserved: 0, allocated: 1 }]);
  expect((await act(ask(there.id, "confirm"))).outcomes).toMatchObject([
    { ok: true, value: { replaces: there.id } },
  ]);
});

test("a group waits for PostgreSQL once before it commits, and reads no table whole", async () => {
  await stock({ hot: 1_000, warm: 1_000 });
  await pipelined.transaction(async (tx) => {
    const seen: string[] = [];
    const whole: string[] = [];
    const named = (statement: string | Prepared): Prepared =>
      typeof statement === "string" ? { name: statement, text: statement } : statement;
    const watched: Transaction = {
      async query(statement: string | Prepared, values: readonly unknown[] = []) {
        const { name, text } = named(statement);
        seen.push(name);
        whole.push(...(await wholeReadsOf(tx, text)));
        const answer = await tx.query(text, values);
        seen.push(`${name}: answered`);
        return answer as never;
      },
      async later(statement, values) {
        const { name, text } = named(statement);
        seen.push(name);
        whole.push(...(await wholeReadsOf(tx, text)));
        await tx.later(text, values);
      },
    };
    const orders = Array.from({ length: 40 }, () => order({ hot: 1, warm: 1 }));
    const { outcomes } = await reserveIn(watched, orders, WINDOWS);
    expect(outcomes.every(({ ok }) => ok)).toBe(true);
    expect(seen).toEqual([
      "insert-proposed",
      "lock-levels",
      "insert-proposed: answered",
      "lock-levels: answered",
      "write-level-changes",
    ]);
    expect(whole).toEqual([]);
  });
});
