// A sale as its shoppers hear it, from the lobby to the end, with a real worker, by the stock client.
import { packCard, parseCard } from "@dropgate/lua/card";
import { keysLike } from "@dropgate/lua/general-client";
import { afterAll, afterEach, beforeAll, expect, inject, test } from "vitest";
import { CrowdStage } from "./crowd-stage.ts";
import type { Ear } from "./ear.ts";

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

/** Claims the offer that was heard; @returns its hold's id */
async function claim(ear: Ear): Promise<string> {
  const { holdId } = await ear.until("offer");
  expect(await ear.ask("claim", { holdId })).toMatchObject({
    hold: { holdId, state: "active" },
    pass: expect.any(String),
  });
  return holdId;
}

test("a shopper hears of the lobby, the ticket, the offer, the hold and the purchase; two tabs hear the same", async () => {
  const { id } = await crowd.sale();
  const { ear, token, entryId } = await crowd.shopper(id);
  const other = await crowd.listen({ token });
  expect(ear.names().slice(0, 3)).toEqual(["sale", "serving", "entry"]);
  expect(ear.last("sale")).toMatchObject({ id, phase: "lobby" });
  expect(ear.last("serving")).toMatchObject({ serving: 0 });
  expect(ear.last("entry")).toMatchObject({ entryId, state: "waiting", ticket: null, position: null });

  await crowd.begin(id);
  await ear.until("sale", (sale) => sale.phase === "live");
  const offer = await ear.until("offer");
  expect(offer).toMatchObject({ sku: "sku-1", quantity: 1 });
  expect(ear.last("entry")).toMatchObject({
    state: "offered",
    ticket: 1,
    holdId: offer.holdId,
    claimBy: offer.claimBy,
  });

  const holdId = await claim(ear);
  expect(holdId).toBe(offer.holdId);
  const held = await ear.until("hold", ({ hold }) => hold.state === "active");
  expect(held.pass).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/);
  expect((await ear.until("entry", (entry) => entry.state === "held")).expiresAt).toBe(held.hold.expiresAt);
  // Claiming again is the same answer.
  expect(await other.ask("claim", { holdId })).toEqual(held);

  await crowd.shop(holdId, "payment");
  const extended = await ear.until("hold", ({ hold }) => hold.state === "pending");
  expect(Date.parse(extended.hold.expiresAt ?? "")).toBeGreaterThan(Date.parse(held.hold.expiresAt ?? ""));

  await crowd.shop(holdId, "confirm", { orderId: `order of ${entryId}` });
  const outcome = await ear.until("outcome");
  expect(outcome).toEqual({ result: "purchased", orderId: `order of ${entryId}`, unit: held.hold.unit });
  expect(ear.last("hold")).toEqual({
    hold: expect.objectContaining({ state: "confirmed", orderId: outcome.orderId }),
  });
  expect(ear.last("entry")).toMatchObject({ state: "purchased", outcome });

  await other.until("outcome");
  const own = (each: Ear) => each.heard.filter(({ event }) => event !== "serving" && event !== "sale");
  const states = (each: Ear) =>
    own(each).map(({ event, payload }) => [event, (payload as { rev?: number }).rev]);
  expect(states(other)).toEqual(states(ear));
  expect(other.last("outcome")).toEqual(outcome);
});

test("an offer that lapses is told as missed, coming back brings a new one, and twice missed stays", async () => {
  const { id } = await crowd.sale({ quantity: 1, claimWindowSeconds: 1 });
  const { ear } = await crowd.shopper(id);
  await crowd.begin(id);
  const first = await ear.until("offer");
  const missed = await ear.until("entry", (entry) => entry.state === "missed");
  expect(missed.rejoinable).toBe(true);
  expect(await ear.until("hold")).toMatchObject({ hold: { holdId: first.holdId, state: "expired" } });
  expect(await ear.ask("claim", { holdId: first.holdId })).toMatchObject({
    problem: { code: "HOLD_EXPIRED" },
  });

  expect(await ear.ask("rejoin")).toMatchObject({ state: "waiting", ticket: missed.ticket });
  const second = await ear.until("offer", (offer) => offer.holdId !== first.holdId);
  const again = await ear.until("entry", (entry) => entry.state === "missed" && entry.rejoinable === false);
  expect(again.ticket).toBe(missed.ticket);
  await ear.until("hold", ({ hold }) => hold.holdId === second.holdId && hold.state === "expired");
  expect(await ear.ask("rejoin", {})).toMatchObject({ problem: { code: "WRONG_STATE", status: 409 } });
});

test("a unit that is given back goes to the next in line, and both hear of it", async () => {
  const { id } = await crowd.sale({ quantity: 1 });
  const shoppers = [await crowd.shopper(id), await crowd.shopper(id)];
  await crowd.begin(id);
  await Promise.all(shoppers.map(({ ear }) => ear.until("entry", (entry) => entry.ticket !== null)));
  const [first, second] = shoppers
    .map(({ ear }) => ear)
    .toSorted((a, b) => (a.last("entry")?.ticket ?? 0) - (b.last("entry")?.ticket ?? 0)) as [Ear, Ear];
  const holdId = await claim(first);
  expect(second.of("offer")).toEqual([]);
  expect(await second.ask("release", { holdId })).toMatchObject({ problem: { code: "FORBIDDEN" } });
  expect(await first.ask("release", { holdId })).toMatchObject({ hold: { holdId, state: "released" } });
  await first.until("hold", ({ hold }) => hold.state === "released");
  await first.until("entry", (entry) => entry.state === "released");
  await second.until("offer");
  expect(first.of("outcome")).toEqual([]);
});

test("who leaves is out on every tab, waiting or offered", async () => {
  const { id } = await crowd.sale({ quantity: 1 });
  const waiting = await crowd.shopper(id);
  const tab = await crowd.listen({ token: waiting.token });
  expect(await waiting.ear.ask("leave")).toEqual({});
  await waiting.ear.until("entry", (entry) => entry.state === "left");
  await tab.until("entry", (entry) => entry.state === "left");

  const offered = await crowd.shopper(id);
  await crowd.begin(id);
  const { holdId } = await offered.ear.until("offer");
  expect(await offered.ear.ask("leave", {})).toEqual({});
  await offered.ear.until("entry", (entry) => entry.state === "left");
  expect(await offered.ear.until("hold")).toMatchObject({ hold: { holdId, state: "released" } });
});

test("who leaves is out on the tab that another gateway serves, too", async () => {
  const { id } = await crowd.sale({ quantity: 1 });
  const { ear, token } = await crowd.shopper(id);
  const other = await crowd.stage.another();
  await other.services.hotStore.whenReady(10_000);
  const tab = await crowd.listen({ token }, other);
  expect(await ear.ask("leave")).toEqual({});
  await tab.until("entry", (entry) => entry.state === "left");
  await ear.until("entry", (entry) => entry.state === "left");
});

test("a leave that only Redis knows, and can lose, is told to nobody, and the place is told again with the outcome", async () => {
  const { id } = await crowd.sale({ quantity: 1 });
  const { ear, token, entryId } = await crowd.shopper(id);
  const { redis, database } = crowd.stage;
  await crowd.stage.until(
    async () => (await database.truth.query("SELECT 1 FROM entries WHERE entry_id = $1", [entryId])).rows[0],
  );
  // As a master that hangs has it: the shopper's leave is in the card, and among no arrivals.
  const key = (await keysLike(redis, `{${id}*:cards`)).at(0) ?? "";
  const [field = "", card = ""] = Object.entries(await redis.hgetall(key)).at(0) ?? [];
  await redis.hset(key, field, packCard({ ...parseCard(card), state: "left", leaveUnstored: true }));
  const tab = await crowd.listen({ token });
  expect((await tab.until("entry")).state).toBe("waiting");
  await redis.hset(key, field, card);
  await crowd.begin(id);
  await ear.until("entry", (entry) => entry.ticket !== null);
  await crowd.act(id, "close");
  for (const each of [ear, tab]) {
    await each.until("outcome");
    expect(each.of("entry").filter((entry) => entry.state === "left")).toEqual([]);
  }
});

test("after a reconnect in the middle of a sale the full state comes first, at every stage", async () => {
  const { id } = await crowd.sale({ quantity: 1 });
  const { ear, token } = await crowd.shopper(id);
  await crowd.begin(id);
  const { holdId, claimBy } = await ear.until("offer");
  const whileOffered = await crowd.listen({ token });
  await whileOffered.until("offer");
  expect(whileOffered.names().slice(0, 4)).toEqual(["sale", "serving", "entry", "offer"]);
  expect(whileOffered.last("offer")).toMatchObject({ holdId, claimBy });
  await whileOffered.until("serving", ({ serving }) => serving === 1);

  await claim(ear);
  const whileHeld = await crowd.listen({ token });
  const held = await whileHeld.until("hold");
  expect(whileHeld.names().slice(0, 4)).toEqual(["sale", "serving", "entry", "hold"]);
  expect(held).toMatchObject({ hold: { holdId, state: "active" }, pass: expect.any(String) });

  await crowd.shop(holdId, "confirm", { orderId: `order ${holdId}` });
  await ear.until("outcome");
  const after = await crowd.listen({ token });
  await after.until("outcome");
  expect(after.names().slice(0, 4)).toEqual(["sale", "serving", "entry", "outcome"]);
  expect(after.last("outcome")).toEqual(ear.last("outcome"));
});

test("a connection that breaks comes back by itself and hears the full state anew", async () => {
  const { id } = await crowd.sale({ quantity: 1 });
  const { ear } = await crowd.shopper(id);
  ear.client.io.engine.close();
  const back = new Promise<void>((resolve) => ear.client.once("connect", resolve));
  await crowd.begin(id);
  await back;
  await ear.until("offer");
  expect(ear.names().slice(0, 3)).toEqual(["sale", "serving", "entry"]);
});
