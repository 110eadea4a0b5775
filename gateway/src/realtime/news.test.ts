// What is heard although messages, connections or a store are lost: nothing but the newest truth, and all of it.
import { randomBytes } from "node:crypto";
import { afterAll, afterEach, beforeAll, expect, inject, test } from "vitest";
import { CrowdStage } from "./crowd-stage.ts";

/** By which our connections are told from those of other tests on the same Redis. */
const OUR_NAME = `news-${randomBytes(4).toString("hex")}`;

let crowd: CrowdStage;
beforeAll(async () => {
  crowd = await CrowdStage.open(
    { redisUrl: inject("redisUrl"), databaseUrl: inject("databaseUrl") },
    { PROCESS_NAME: OUR_NAME },
  );
});
afterAll(() => crowd.close());
afterEach(() => {
  const faults = crowd.faults();
  crowd.leave();
  expect(faults).toEqual([]);
});

/** Cuts the connections on which our gateways hear the news. @returns how many */
async function cutNews(): Promise<number> {
  const { redis } = crowd.stage;
  const list = String(await redis.call("CLIENT", "LIST", "TYPE", "pubsub"));
  const ours = list.split("\n").filter((line) => line.includes(` name=${OUR_NAME}`));
  for (const line of ours) await redis.call("CLIENT", "KILL", "ID", /id=(\d+)/.exec(line)?.[1] ?? "");
  return ours.length;
}

test("who is connected while the news connection is cut again and again still hears every turn", async () => {
  const { id } = await crowd.sale({ quantity: 20 });
  const people = await Promise.all(Array.from({ length: 10 }, () => crowd.shopper(id)));
  const { live } = crowd.gateway.services;
  const missedBefore = live.missed;
  let cuts = 0;
  const cut = setInterval(() => {
    void cutNews().then((count) => (cuts += count));
  }, 100);
  await crowd.begin(id);
  const offers = await Promise.all(people.map(({ ear }) => ear.until("offer")));
  // A quick machine may have told all before the first cut: it goes on until one is noticed.
  await crowd.stage.until(() => (cuts > 0 && live.missed > missedBefore ? true : null));
  clearInterval(cut);
  await Promise.all(people.map(({ ear }, i) => ear.ask("claim", { holdId: offers[i]?.holdId })));
  await Promise.all(people.map(({ ear }) => ear.until("hold", ({ hold }) => hold.state === "active")));
});

test("a jump in a lane's numbers has the cards of its sockets read again, and nothing is told twice", async () => {
  const { id } = await crowd.sale({ quantity: 1 });
  const { ear, entryId } = await crowd.shopper(id);
  await crowd.begin(id);
  await ear.until("offer");
  const { sales, live } = crowd.gateway.services;
  const lane = Number.parseInt(entryId.slice(6, 8), 16);
  const epoch = sales.peek(id)?.lanes[lane]?.epoch;
  // The card changes and nobody says so: as if the message had been lost.
  await crowd.stage.database.truth.query("UPDATE entries SET rev = rev + 5 WHERE entry_id = $1", [entryId]);
  const key = `{${id}:${lane}}:${epoch}:cards`;
  const [field, card] = Object.entries(await crowd.stage.redis.hgetall(key))[0] as [string, string];
  const [attempt, rev, ...rest] = card.split("|");
  await crowd.stage.redis.hset(key, field, [attempt, Number(rev) + 5, ...rest].join("|"));
  const missedBefore = live.missed;
  const told = ear.of("entry").length;
  await crowd.stage.redis.spublish(`{${id}:${lane}}:news`, `${epoch}|1000000|{"t":"pulse"}`);
  await ear.until("entry", (entry) => entry.rev === Number(rev) + 5);
  expect(live.missed).toBeGreaterThan(missedBefore);
  // The worker's next pulse is a jump back, so everything is read once more; there is no news in it.
  const after = live.missed;
  await crowd.stage.until(() => (live.missed > after ? true : null));
  expect(ear.of("entry")).toHaveLength(told + 1);
});

test("serving rises with each offer, never falls on a connection, and every band and spectator hears the last", async () => {
  const { id } = await crowd.sale({ quantity: 50, admission: { ratePerSecond: 20, burst: 1 } });
  const people = await Promise.all(Array.from({ length: 12 }, () => crowd.shopper(id)));
  const spectator = await crowd.listen({ saleId: id });
  await crowd.begin(id);
  await Promise.all(people.map(({ ear }) => ear.until("offer")));
  await spectator.until("serving", ({ serving }) => serving === 12);
  await Promise.all(people.map(({ ear }) => ear.until("serving", ({ serving }) => serving === 12)));
  const last = people.map(({ ear }) => ear).find((ear) => ear.last("entry")?.ticket === 12);
  // The last in line was told on the way, not only of the end; nobody more often than the line moved.
  expect(last?.of("serving").length).toBeGreaterThan(2);
  for (const { ear } of people) {
    const told = ear
      .of("serving")
      .map(({ serving, waiting, ratePerSecond }) => [serving, waiting, ratePerSecond]);
    expect(new Set(told.map(String)).size).toBeGreaterThanOrEqual(told.length - 1);
  }
});

test("a hundred who connect at once are each told their own entry, and their tickets when they are drawn", async () => {
  const { id } = await crowd.sale();
  const places = await Promise.all(Array.from({ length: 100 }, () => crowd.join(id)));
  const ears = await Promise.all(places.map(({ token }) => crowd.listen({ token })));
  for (const [i, ear] of ears.entries()) {
    expect(ear.names().slice(0, 3)).toEqual(["sale", "serving", "entry"]);
    expect(ear.last("entry")?.entryId).toBe(places[i]?.entryId);
  }
  await crowd.act(id, "draw");
  const drawn = await Promise.all(ears.map((ear) => ear.until("entry", ({ ticket }) => ticket !== null)));
  expect(drawn.map(({ ticket }) => ticket).toSorted((a, b) => (a ?? 0) - (b ?? 0))).toEqual(
    Array.from({ length: 100 }, (_, i) => i + 1),
  );
});

test("a gateway that stops answers what is begun, says when to come back, and lets everybody go", async () => {
  const { id } = await crowd.sale({ quantity: 1 });
  const { token } = await crowd.join(id);
  const other = await crowd.stage.another();
  await other.services.hotStore.whenReady(10_000);
  const ear = await crowd.listen({ token }, other);
  const spectator = await crowd.listen({ saleId: id }, other);
  await crowd.begin(id);
  const { holdId } = await ear.until("offer");
  const gone = Promise.all(
    [ear, spectator].map((each) => new Promise((resolve) => each.client.once("disconnect", resolve))),
  );
  const { truth } = crowd.stage.database;
  const begun = await truth.transaction(async (tx) => {
    // While somebody else has the hold's row, its claim is begun and has no answer.
    await tx.query("SELECT 1 FROM holds WHERE hold_id = $1 FOR UPDATE", [holdId]);
    const claimed = ear.ask("claim", { holdId });
    await crowd.stage.until(async () => {
      const { rows } = await truth.query(
        "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'",
      );
      return rows.length > 0 ? true : null;
    });
    return { claimed, stopped: other.stop() };
  });
  other.stop = () => begun.stopped; // the stage would stop it once more
  await begun.stopped;
  expect(await begun.claimed).toMatchObject({ hold: { holdId, state: "active" } });
  expect(await gone).toEqual(["transport close", "transport close"]);
  for (const each of [ear, spectator]) {
    const { afterMs } = each.last("reconnect") ?? { afterMs: -1 };
    expect(afterMs).toBeGreaterThanOrEqual(100);
    expect(afterMs).toBeLessThan(1_000);
  }
});
