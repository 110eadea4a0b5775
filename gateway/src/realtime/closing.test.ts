// How a sale's end is told: to everybody once, to who still holds a unit when their hold ends, to who comes later
// on connect.
import { keysLike } from "@dropgate/lua/general-client";
import { afterAll, afterEach, beforeAll, expect, inject, test } from "vitest";
import { CrowdStage } from "./crowd-stage.ts";

let crowd: CrowdStage;
beforeAll(async () => {
  crowd = await CrowdStage.open({ redisUrl: inject("redisUrl"), databaseUrl: inject("databaseUrl") });
});
afterAll(() => crowd.close());
afterEach(() => {
  const faults = crowd.faults();
  crowd.leave();
  expect(faults).toEqual([]);
});

test("a sale that closes with units left is over for everybody but who holds one, and they hear when that ends", async () => {
  const { id } = await crowd.sale({ quantity: 2 });
  const people = await Promise.all([1, 2, 3].map(() => crowd.shopper(id)));
  const gone = await crowd.shopper(id);
  await gone.ear.ask("leave");
  const spectator = await crowd.listen({ saleId: id });
  await crowd.begin(id);
  await Promise.all(people.map(({ ear }) => ear.until("entry", (entry) => entry.ticket !== null)));
  const ears = people
    .map(({ ear }) => ear)
    .toSorted((a, b) => (a.last("entry")?.ticket ?? 0) - (b.last("entry")?.ticket ?? 0));
  const [buyer, holder, waiter] = ears as [(typeof ears)[0], (typeof ears)[0], (typeof ears)[0]];
  const bought = await buyer.until("offer");
  const kept = await holder.until("offer");
  await buyer.ask("claim", { holdId: bought.holdId });
  await holder.ask("claim", { holdId: kept.holdId });
  await crowd.shop(bought.holdId, "confirm", { orderId: `order ${bought.holdId}` });
  await buyer.until("outcome");

  await crowd.act(id, "close");
  expect(await waiter.until("outcome")).toEqual({ result: "closed" });
  expect(await gone.ear.until("outcome")).toEqual({ result: "closed" });
  const closed = await spectator.until("sale", (sale) => sale.phase === "closed");
  expect(closed.draw.secret).toMatch(/^[0-9a-f]{64}$/);
  expect(holder.of("outcome")).toEqual([]);
  expect(buyer.of("outcome")).toEqual([expect.objectContaining({ result: "purchased" })]);

  // The hold lives on after the close, and may still be claimed, given back or paid.
  expect(await holder.ask("release", { holdId: kept.holdId })).toMatchObject({ hold: { state: "released" } });
  expect(await holder.until("outcome")).toEqual({ result: "closed" });

  const late = people.map(({ token }) => crowd.listen({ token }));
  const results = await Promise.all(late.map(async (ear) => (await (await ear).until("outcome")).result));
  expect(results.toSorted((a, b) => a.localeCompare(b))).toEqual(["closed", "closed", "purchased"]);
});

test("a sale of which every unit was sold ends as sold out for who waited, also for who connects later", async () => {
  const { id } = await crowd.sale({ quantity: 1 });
  const first = await crowd.shopper(id);
  await crowd.begin(id);
  const { holdId } = await first.ear.until("offer");
  const second = await crowd.shopper(id);
  await second.ear.until("entry", (entry) => entry.ticket === 2);
  await first.ear.ask("claim", { holdId });
  await crowd.shop(holdId, "confirm", { orderId: `order ${holdId}` });
  await second.ear.until("sale", (sale) => sale.phase === "sold_out");
  // A cancelled order would bring the unit back: it is not over before the close.
  expect(second.ear.of("outcome")).toEqual([]);
  expect(second.ear.last("entry")?.state).toBe("waiting");

  await crowd.act(id, "close");
  expect(await second.ear.until("outcome")).toEqual({ result: "sold_out" });
  expect(second.ear.last("entry")).toMatchObject({ state: "sold_out", outcome: { result: "sold_out" } });
  const later = await crowd.listen({ token: second.token });
  expect(await later.until("outcome")).toEqual({ result: "sold_out" });
  expect(later.names().slice(0, 4)).toEqual(["sale", "serving", "entry", "outcome"]);

  // A gateway that has never heard of the sale says the same.
  const other = await crowd.stage.another();
  await other.services.hotStore.whenReady(10_000);
  const ears = await Promise.all([1, 2, 3].map(() => crowd.listen({ token: second.token }, other)));
  for (const ear of ears) expect(await ear.until("outcome")).toEqual({ result: "sold_out" });
  const buyer = await crowd.listen({ token: first.token }, other);
  expect(await buyer.until("outcome")).toMatchObject({ result: "purchased", orderId: `order ${holdId}` });
});

test("nobody is told how a sale ended before it is known, though its close is", async () => {
  const { id } = await crowd.sale({ quantity: 1 });
  const buyer = await crowd.shopper(id);
  await crowd.begin(id);
  const { holdId } = await buyer.ear.until("offer");
  const { token } = await crowd.join(id);
  await buyer.ear.ask("claim", { holdId });
  await crowd.shop(holdId, "confirm", { orderId: `order ${holdId}` });
  await crowd.act(id, "close");
  await buyer.ear.until("sale", ({ phase }) => phase === "closed");

  const fresh = await crowd.stage.another({ PROCESS_NAME: "fresh-gateway" });
  await fresh.services.hotStore.whenReady(10_000);
  const { truth } = crowd.stage.database;
  const ears = await truth.transaction(async (tx) => {
    // The sale's row can be read and its units cannot: the gateway knows that it is closed, and no more.
    await tx.query("LOCK TABLE units IN ACCESS EXCLUSIVE MODE");
    const first = crowd.listen({ token }, fresh);
    await crowd.stage.until(() => fresh.services.sales.peek(id));
    const second = crowd.listen({ token }, fresh);
    await crowd.stage.until(async () => {
      await tx.query("SELECT 1"); // an idle transaction would be ended
      // On another connection: within a transaction the activity stays as it was first seen.
      const { rows } = await truth.query(
        "SELECT 1 FROM pg_stat_activity WHERE application_name = 'fresh-gateway' AND wait_event_type = 'Lock'",
      );
      return rows.length >= 2 ? true : null;
    });
    return [first, second];
  });
  for (const ear of ears) expect(await (await ear).until("outcome")).toEqual({ result: "sold_out" });
});

test("a closed sale that Redis no longer has is told from PostgreSQL", async () => {
  const { id } = await crowd.sale({ quantity: 1 });
  const { ear, token, entryId } = await crowd.shopper(id);
  await crowd.begin(id);
  await ear.until("entry", ({ ticket }) => ticket !== null);
  await ear.ask("leave");
  // Told once it is stored; Redis is emptied below.
  await ear.until("entry", ({ state }) => state === "left");
  await crowd.act(id, "close");
  await ear.until("outcome");
  const { redis } = crowd.stage;
  // One by one: its keys lie in many slots.
  await Promise.all((await keysLike(redis, `{${id}*`)).map((key) => redis.unlink(key)));
  const later = await crowd.listen({ token });
  expect(await later.until("outcome")).toEqual({ result: "closed" });
  expect(later.last("entry")).toMatchObject({ entryId, state: "left", ticket: 1 });
});

test("a pause and its message are told to everybody on the sale", async () => {
  const { id } = await crowd.sale();
  const { ear } = await crowd.shopper(id);
  const spectator = await crowd.listen({ saleId: id });
  await crowd.begin(id);
  await ear.until("sale", ({ phase }) => phase === "live");
  await crowd.act(id, "pause", { message: "A moment, please." });
  for (const each of [ear, spectator]) {
    expect(await each.until("sale", ({ phase }) => phase === "paused")).toMatchObject({
      message: "A moment, please.",
    });
  }
  await crowd.act(id, "resume");
  const told = await spectator.until("sale", ({ phase }) => phase === "live");
  const { body } = await crowd.stage.call("GET", `/api/v1/sales/${id}`);
  expect({ ...body, serverTime: "", queue: "" }).toEqual({ ...told, serverTime: "", queue: "" });
});
