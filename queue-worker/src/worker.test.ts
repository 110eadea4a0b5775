import { merchantShopper, type Shopper } from "@dropgate/contracts/ids";
import { actOnHolds } from "@dropgate/inventory/holds/act";
import { rejoin } from "@dropgate/inventory/holds/rejoin";
import { actOnSaleIn } from "@dropgate/inventory/sales/act";
import { afterEach, beforeEach, expect, inject, test } from "vitest";
import { SaleStage, until } from "./sale-stage.ts";

let stage: SaleStage;
beforeEach(async () => {
  stage = await SaleStage.open({ redisUrl: inject("redisUrl"), databaseUrl: inject("databaseUrl") });
});
afterEach(async () => {
  await stage.close();
});

const names = (count: number): string[] => Array.from({ length: count }, (_, i) => `shopper ${i}`);
const offered = `SELECT count(*) AS n FROM holds WHERE sale_id = $1 AND state = 'offered' AND published_at IS NOT NULL`;
const sold = `SELECT count(*) AS n FROM units WHERE sale_id = $1 AND state = 'sold'`;

interface Hold {
  holdId: string;
  ticket: number;
  entryId: string;
}

async function liveHolds(): Promise<Hold[]> {
  const { rows } = await stage.truth.query<Hold>(
    `SELECT h.hold_id AS "holdId", t.ticket, h.entry_id AS "entryId" FROM holds h JOIN tickets t ON t.entry_id = h.entry_id
     WHERE h.sale_id = $1 AND h.state IN ('offered', 'active', 'pending') ORDER BY t.ticket`,
    [stage.sale.id],
  );
  return rows;
}

async function claimAndConfirm(holdId: string): Promise<void> {
  const [claimed] = await actOnHolds(stage.truth, [
    { holdId, act: "claim", actor: "shopper", entryId: null },
  ]);
  expect(claimed).toMatchObject({ ok: true, value: { state: "active" } });
  const [confirmed] = await actOnHolds(stage.truth, [
    { holdId, act: "confirm", actor: "merchant", entryId: null, orderId: `order ${holdId}` },
  ]);
  expect(confirmed).toMatchObject({ ok: true, value: { state: "confirmed" } });
}

test("a crowd in the lobby is drawn, offered in ticket order and sold exactly as many units as there are", async () => {
  await stage.createSale({ quantity: 10, poolCount: 3 });
  stage.startWorkers(3);
  await stage.lanesReady();
  const joined = await stage.join(names(300));
  expect([...joined.values()].every((outcome) => outcome.outcome === "new")).toBe(true);
  await stage.drawNow();
  await until("ten offers are told", async () => (await stage.count(offered)) === 10);

  const holds = await liveHolds();
  expect(holds.map((hold) => hold.ticket)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  expect((await stage.refreshSale()).serving).toBe(10);
  expect(await stage.count("SELECT count(*) AS n FROM tickets WHERE sale_id = $1")).toBe(300);

  for (const hold of holds) await claimAndConfirm(hold.holdId);
  await until("the sale is sold out", async () => (await stage.refreshSale()).phase === "sold_out");
  expect(await stage.count(sold)).toBe(10);
  await until(
    "Redis has followed",
    async () =>
      (await stage.count("SELECT count(*) AS n FROM holds WHERE sale_id = $1 AND applied_rev < rev")) === 0,
  );
  const cards = await Promise.all(names(300).map((name) => stage.card(name)));
  expect(cards.filter((card) => card?.state === "purchased")).toHaveLength(10);
  expect(cards.every((card) => card?.ticket !== null)).toBe(true);
  expect(stage.errors).toEqual([]);
});

test("a lapsed offer goes to the next in line, and who missed it may come back once, at the head", async () => {
  await stage.createSale({ quantity: 1, claimWindowSeconds: 1 });
  stage.startWorkers(2);
  await stage.lanesReady();
  await stage.join(names(3));
  await stage.drawNow();
  await until(
    "ticket 1 has lapsed and ticket 2 is offered",
    async () => (await liveHolds())[0]?.ticket === 2,
  );
  const { rows } = await stage.truth.query<{ entryId: string; shopper: Shopper }>(
    `SELECT entry_id AS "entryId", shopper FROM entries WHERE sale_id = $1 AND state = 'missed'`,
    [stage.sale.id],
  );
  const { entryId: missed, shopper } = rows[0] ?? { entryId: "", shopper: merchantShopper("nobody") };
  expect(await rejoin(stage.truth, missed, merchantShopper("somebody else"))).toMatchObject({
    ok: false,
    refusal: "FORBIDDEN",
  });
  const back = await rejoin(stage.truth, missed, shopper);
  expect(back).toMatchObject({ ok: true, value: { state: "waiting" } });
  expect(await rejoin(stage.truth, missed, shopper)).toMatchObject({ ok: true });
  await until("ticket 1 is offered again, before ticket 3", async () => (await liveHolds())[0]?.ticket === 1);
  await until("it has lapsed for good", async () => (await liveHolds())[0]?.ticket === 3);
  expect(await rejoin(stage.truth, missed, shopper)).toMatchObject({ ok: false, refusal: "WRONG_STATE" });
});

test("who left is passed over and costs no token, and who comes after the draw gets later tickets", async () => {
  await stage.createSale({ quantity: 2, admission: { ratePerSecond: 0.001, burst: 2 } });
  stage.startWorkers(1);
  await stage.lanesReady();
  await stage.join(names(5));
  expect(await stage.leave("shopper 0")).toBe("left");
  expect(await stage.leave("shopper 0")).toBe("same");
  await stage.drawNow();
  await until("both units are offered", async () => (await stage.count(offered)) === 2);
  const tickets = await stage.count("SELECT count(*) AS n FROM tickets WHERE sale_id = $1");
  expect(tickets).toBe(5);
  expect((await liveHolds()).every((hold) => hold.entryId !== stage.entryOf("shopper 0"))).toBe(true);

  await stage.join(["late"]);
  await until("the second bucket is drawn", async () => (await stage.card("late"))?.ticket === 6);
  expect((await stage.card("late"))?.bucket).toBe(1);
});

test("a pause makes no new offers, and the windows of offers and held units run on in it", async () => {
  await stage.createSale({ quantity: 2, claimWindowSeconds: 600, purchaseWindowSeconds: 600 });
  stage.startWorkers(1);
  await stage.lanesReady();
  await stage.join(names(4));
  await stage.drawNow();
  await until("two offers are told", async () => (await stage.count(offered)) === 2);
  const [first, second] = (await liveHolds()) as [Hold, Hold];
  await stage.truth.transaction((tx) => actOnSaleIn(tx, stage.saleId, "pause", undefined));
  // A claim goes on in a pause, and starts its window.
  const [claimed] = await actOnHolds(stage.truth, [
    { holdId: first.holdId, act: "claim", actor: "shopper", entryId: null },
  ]);
  expect(claimed).toMatchObject({ ok: true, value: { state: "active" } });
  await stage.truth.query(
    `UPDATE holds SET claim_by = clock_timestamp() - interval '1 second',
       expires_at = CASE state WHEN 'active' THEN clock_timestamp() - interval '1 second' END WHERE sale_id = $1`,
    [stage.saleId],
  );
  const ended = `SELECT count(*) AS n FROM holds WHERE sale_id = $1 AND state = 'expired'`;
  await until("both windows are over", async () => (await stage.count(ended)) === 2);
  expect((await stage.refreshSale()).phase).toBe("paused");
  const states = await stage.truth.query<{ state: string }>(
    "SELECT state FROM entries WHERE entry_id = ANY($1) ORDER BY state",
    [[first.entryId, second.entryId]],
  );
  expect(states.rows.map(({ state }) => state)).toEqual(["expired", "missed"]);
  // Both units are free again, and nobody is offered them before the sale goes on.
  const free = `SELECT count(*) AS n FROM units WHERE sale_id = $1 AND state = 'free'`;
  await until("both units are free", async () => (await stage.count(free)) === 2);
  expect(await liveHolds()).toEqual([]);
  await stage.truth.transaction((tx) => actOnSaleIn(tx, stage.saleId, "resume", undefined));
  await until("who comes next is offered them", async () => (await stage.count(offered)) === 2);
  expect((await liveHolds()).map(({ ticket }) => ticket)).toEqual([3, 4]);
});

test("closing ends no live hold, returns what is free and settles when the last hold ends", async () => {
  await stage.createSale({ quantity: 4 });
  stage.startWorkers(2);
  await stage.lanesReady();
  await stage.join(names(2));
  await stage.drawNow();
  await until("two offers are told", async () => (await stage.count(offered)) === 2);
  const [first, second] = (await liveHolds()) as [Hold, Hold];
  await claimAndConfirm(first.holdId);
  const [claimed] = await actOnHolds(stage.truth, [
    { holdId: second.holdId, act: "claim", actor: "shopper", entryId: null },
  ]);
  expect(claimed?.ok).toBe(true);
  await stage.truth.query(
    "UPDATE sales SET closes_at = clock_timestamp() WHERE id = $1 AND opens_at < clock_timestamp()",
    [stage.sale.id],
  );
  const returned = `SELECT count(*) AS n FROM units WHERE sale_id = $1 AND state = 'returned'`;
  await until("the free units are returned", async () => (await stage.count(returned)) === 2);
  expect((await stage.refreshSale()).phase).toBe("closed");
  const [released] = await actOnHolds(stage.truth, [
    { holdId: second.holdId, act: "release", actor: "shopper", entryId: null },
  ]);
  expect(released).toMatchObject({ ok: true, value: { state: "released" } });
  await until("the last unit is returned", async () => (await stage.count(returned)) === 3);
  expect(await stage.count(sold)).toBe(1);
});

test("a cancelled order brings its unit back and the sale goes on", async () => {
  await stage.createSale({ quantity: 1 });
  stage.startWorkers(1);
  await stage.lanesReady();
  await stage.join(names(2));
  await stage.drawNow();
  await until("ticket 1 is offered", async () => (await stage.count(offered)) === 1);
  const [hold] = await liveHolds();
  await claimAndConfirm(hold?.holdId ?? "");
  await until("the sale is sold out", async () => (await stage.refreshSale()).phase === "sold_out");
  const [cancelled] = await actOnHolds(stage.truth, [
    {
      holdId: hold?.holdId ?? "",
      act: "cancel",
      actor: "merchant",
      entryId: null,
      reason: "changed their mind",
    },
  ]);
  expect(cancelled).toMatchObject({ ok: true, value: { state: "cancelled" } });
  await until("ticket 2 is offered the same unit", async () => (await liveHolds())[0]?.ticket === 2);
  expect((await stage.refreshSale()).phase).toBe("live");
});

test("a winner whom PostgreSQL refuses, even alone, is set aside and the line goes on", async () => {
  await stage.createSale({ quantity: 4 });
  await stage.truth.query(
    `CREATE FUNCTION refuse_one() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
       IF NEW.shopper = 'm:shopper 1' THEN RAISE EXCEPTION 'planted' USING ERRCODE = 'check_violation'; END IF;
       RETURN NEW; END $$`,
  );
  await stage.truth.query(
    "CREATE TRIGGER refuse_one BEFORE INSERT ON holds FOR EACH ROW EXECUTE FUNCTION refuse_one()",
  );
  stage.startWorkers(1);
  await stage.lanesReady();
  await stage.join(names(4));
  await stage.drawNow();
  await until("the three others are offered a unit", async () => (await stage.count(offered)) === 3);
  // Drawn last, the refused one comes up only after the three others.
  await until("the refused one is set aside", async () => stage.happened.get("offers.setAside") === 1);
  expect((await stage.card("shopper 1"))?.state).toBe("waiting");
  // Nothing that was taken for the refused offers is lost.
  expect(await stage.count("SELECT count(*) AS n FROM units WHERE sale_id = $1 AND state = 'held'")).toBe(3);
});
