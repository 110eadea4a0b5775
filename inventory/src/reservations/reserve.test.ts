// Orders reserved in one transaction on a real PostgreSQL: all lines of each or none, whose order id it is, and how many
// times the levels' lock waits for an answer.
import { type Prepared, type Transaction, Truth } from "@dropgate/sql";
import { wholeReadsOf } from "@dropgate/sql/kept-plans";
import { listLevels } from "@dropgate/sql/levels/level-row";
import { listTransactionsOf } from "@dropgate/sql/levels/transactions";
import { readReservations } from "@dropgate/sql/reservations/reservation-row";
import { type TestDatabase, testDatabase } from "@dropgate/sql/template-database";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { actOnLevelsIn } from "../levels/act.ts";
import { insertPlaces } from "../levels/places.ts";
import { inventoryReport } from "../levels/proof/report.ts";
import { type Acted, actOnReservationsIn } from "./act.ts";
import type { ReservationAsk } from "./decide.ts";
import { type Proposed, type Reserved, reserveIn, reservePlenty } from "./reserve.ts";

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

const plenty = (...proposals: Proposed[]): Promise<Reserved | null> =>
  reservePlenty(pipelined, proposals, WINDOWS, (error) => {
    throw error;
  });

/** What the ledger says of a reservation, without what differs between any two. */
async function storyOf(id: string): Promise<unknown[]> {
  const story = await listTransactionsOf(database.truth, "reservation", id);
  return story.map(({ id: _id, at: _at, effectiveAt: _effective, referenceId: _of, ...rest }) => rest);
}

test("what there is plenty of is reserved as it would be by judging it, and answered as it is written", async () => {
  await stock({ much: 10_000, more: 10_000 });
  const [one, other] = [order({ much: 2, more: 1 }), order({ more: 3 })];
  const quick = await plenty(one, other);
  expect(quick?.outcomes.every((outcome) => outcome.ok && outcome.value.made)).toBe(true);
  const rows = await readReservations(database.truth, [one.id, other.id]);
  expect(quick?.outcomes).toEqual(
    [one, other].map(({ id }) => ({ ok: true, value: { reservation: rows.get(id), made: true } })),
  );
  const levels = await listLevels(database.truth, { sku: "more", locationId: undefined }, null, 10);
  expect(quick?.levels.find(({ sku }) => sku === "more")).toEqual({
    sku: "more",
    locationId: "east",
    rev: levels[0]?.rev,
    onHand: 10_000,
    allocated: 0,
    reserved: 4,
    safetyStock: 0,
    sellable: true,
  });
  const judged = order({ much: 2, more: 1 });
  await reserve(judged);
  expect(await storyOf(one.id)).toEqual(await storyOf(judged.id));
  expect(await inventoryReport(database.truth)).toMatchObject({ ok: true });
});

test("an order id that is there already takes nothing more, and hears what it would hear", async () => {
  await stock({ "often asked": 10_000 });
  const first = order({ "often asked": 1 });
  await plenty(first);
  const again = { ...first, id: "r_quick_again" };
  const changed = { ...order({ "often asked": 2 }), orderId: first.orderId };
  const told = await plenty(again, order({ "often asked": 5 }));
  expect(told?.outcomes).toMatchObject([
    { value: { made: false, reservation: { id: first.id } } },
    { ok: true },
  ]);
  expect((await plenty(changed))?.outcomes).toMatchObject([{ ok: false, refusal: "ORDER_EXISTS" }]);
  expect(await reservedOf("often asked")).toBe(6);
});

test("what was committed at once is answered so, though PostgreSQL goes before the others can be looked up", async () => {
  await stock({ "left alone": 10_000 });
  const first = order({ "left alone": 1 });
  await plenty(first);
  const [again, fresh] = [{ ...first, id: "r_left_again" }, order({ "left alone": 2 })];
  const gone = {
    transaction: pipelined.transaction.bind(pipelined),
    query: () => Promise.reject(new Error("gone")),
  };
  const errors: unknown[] = [];
  const told = await reservePlenty(gone, [again, fresh], WINDOWS, (error) => errors.push(error));
  expect(errors).toEqual([new Error("gone")]);
  expect(told?.outcomes).toMatchObject([
    { ok: false, refusal: "BUSY" },
    { ok: true, value: { made: true, reservation: { id: fresh.id } } },
  ]);
  expect(await reservedOf("left alone")).toBe(3);
});

test.each([
  ["more than half of it would be promised", { quantity: 51 }, ""],
  ["some of it is to stay", { quantity: 41 }, "safety_stock = 20"],
  ["it is not for sale", { quantity: 1 }, "sellable = false"],
])("where %s nothing is reserved at once, and nothing of the group stays", async (why, asked, changed) => {
  const [sku, other] = [`shelf: ${why}`, `other: ${why}`];
  await stock({ [sku]: 100, [other]: 10_000 });
  if (changed !== "")
    await database.truth.query(`UPDATE inventory_levels SET ${changed} WHERE sku = $1`, [sku]);
  const refused = order({}, { lines: [{ sku, locationId: "east", ...asked }] });
  const fits = order({ [other]: 1 });
  expect(await plenty(fits, refused)).toBeNull();
  expect([await reservedOf(sku), await reservedOf(other)]).toEqual([0, 0]);
  expect((await readReservations(database.truth, [fits.id, refused.id])).size).toBe(0);
  expect(await storyOf(fits.id)).toEqual([]);
});

test("groups of both kinds over the same levels end, with every piece accounted for", async () => {
  const skus = ["a", "b", "c", "d"].map((name) => `shared ${name}`);
  await stock(Object.fromEntries(skus.map((sku) => [sku, 100_000])));
  const groups = Array.from({ length: 40 }, (_, n) => {
    const turned = skus.map((_, i) => skus[(i * (n % 2 === 0 ? 1 : 3) + n) % skus.length] ?? "");
    const orders = Array.from({ length: 5 }, () => order(Object.fromEntries(turned.map((sku) => [sku, 1]))));
    return n % 2 === 0 ? plenty(...orders) : reserve(...orders);
  });
  for (const done of await Promise.all(groups)) expect(done?.outcomes.every(({ ok }) => ok)).toBe(true);
  expect(await Promise.all(skus.map(reservedOf))).toEqual([200, 200, 200, 200]);
  expect(await inventoryReport(database.truth)).toMatchObject({ ok: true });
});

test("of an order that was taken back no webhook tells", async () => {
  await stock({ last: 1 });
  await database.truth.query(
    `INSERT INTO webhooks (id, url, events, secret, created_by)
     VALUES ('w', 'https://shop.example/', '{reservation.state}', 'x', 'tester')`,
  );
  const [first, second] = [order({ last: 1 }), order({ last: 1 })];
  await reserve(first, second);
  const { rows } = await database.truth.query("SELECT subject FROM webhook_deliveries");
  expect(rows).toEqual([{ subject: `reservation ${first.id}` }]);
});
