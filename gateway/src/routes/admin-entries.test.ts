// Support's calls from outside: an entry is found by whatever the shopper has in hand, its story told, its place given back.
import type { EntryStory } from "@dropgate/contracts/entry-story";
import { restoreEntryIn } from "@dropgate/inventory/support/restore";
import { settleLeave } from "@dropgate/inventory/support/tell-restored";
import { readEntries } from "@dropgate/sql/entries/entry-row";
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from "vitest";
import { OperatorStage, type Person } from "../operators/operator-stage.ts";
import { Ear } from "../realtime/ear.ts";
import { BOOTSTRAP_KEY, inMinutes, openStage, type Stage, type Told } from "../stage.ts";

let stage: Stage;
let operator: Person;
let viewer: Person;
const ears: Ear[] = [];

beforeAll(async () => {
  stage = await openStage({ redisUrl: inject("redisUrl"), databaseUrl: inject("databaseUrl") });
  const operators = new OperatorStage(stage);
  operator = await operators.person("operator");
  viewer = await operators.person("viewer");
  await stage.worker();
});
afterAll(() => stage.stop());
afterEach(() => {
  for (const ear of ears.splice(0)) ear.close();
});

interface Shopper {
  entryId: string;
  token: string;
  ear: Ear;
}

async function joins(saleId: string): Promise<Shopper> {
  const cookie = await stage.cookie(saleId);
  const { body } = await stage.until(async () => {
    const told = await stage.call("POST", `/api/v1/sales/${saleId}/entries`, { cookie, body: {} });
    return told.status === 201 || told.status === 200 ? told : null;
  });
  const ear = await Ear.open(stage.gateway, { token: String(body["token"]) });
  ears.push(ear);
  return { entryId: String(body["entryId"]), token: String(body["token"]), ear };
}

const restore = (entryId: string, reason: unknown, who = operator): Promise<Told> =>
  who.call("POST", `/entries/${entryId}/restore`, { body: { reason } });
const storyOf = async (entryId: string): Promise<EntryStory> =>
  (await viewer.call("GET", `/entries/${entryId}`)).body as unknown as EntryStory;
const find = async (q: string, more = ""): Promise<Record<string, unknown>[]> => {
  const told = await viewer.call("GET", `/entries?q=${encodeURIComponent(q)}${more}`);
  expect(told.status, told.text).toBe(200);
  return told.body["items"] as Record<string, unknown>[];
};
const act = (saleId: string, action: string): Promise<Told> =>
  stage.call("POST", `/api/v1/admin/sales/${saleId}/actions/${action}`, { bearer: BOOTSTRAP_KEY, body: {} });
const stored = (entryId: string, state: string): Promise<true> =>
  stage.until(async () => {
    const [row] = await readEntries(stage.database.truth, [entryId]);
    return row?.state === state ? true : null;
  });
/** A sale whose line is drawn by hand, and whose offers all come at once. */
const lobby = (over: Parameters<Stage["sale"]>[0] = {}) =>
  stage.sale({ admission: { ratePerSecond: 100, burst: 100 }, ...over });

describe("an entry", () => {
  it("is found by its id, ticket, shopper, hold and order, and its story is told in words", async () => {
    const sale = await lobby({ claimWindowSeconds: 2, quantity: 3 });
    const { entryId, ear } = await joins(sale.id);
    await act(sale.id, "draw");
    await act(sale.id, "open");
    const first = await ear.until("offer");
    // Missed, come back for, claimed and bought.
    await ear.until("entry", ({ state }) => state === "missed");
    await ear.ask("rejoin");
    const { holdId } = await ear.until("offer", (offer) => offer.holdId !== first.holdId);
    await ear.ask("claim", { holdId });
    const confirmed = await stage.call("POST", `/api/v1/holds/${holdId}/confirm`, {
      bearer: BOOTSTRAP_KEY,
      body: { orderId: `order of ${sale.id}` },
    });
    expect(confirmed.status, confirmed.text).toBe(200);
    const story = await storyOf(entryId);
    const { steps, shopper, ticket, unit } = story;
    expect(steps.map(({ kind }) => kind)).toEqual([
      ...["joined", "drawn", "offered", "lapsed", "rejoined", "offered", "claimed", "confirmed"],
    ]);
    const [offered] = steps.filter(({ kind }) => kind === "offered");
    expect(steps.map(({ sentence }) => sentence)).toEqual([
      "Joined the line.",
      "The order was drawn: ticket 1.",
      `Offered unit ${offered?.unit}.`,
      `The offer of unit ${offered?.unit} lapsed unclaimed.`,
      "Came back after the missed offer, for the next free unit.",
      `Offered unit ${unit}, out of turn.`,
      `Claimed unit ${unit}.`,
      `Bought unit ${unit} with order order of ${sale.id}.`,
    ]);
    expect(story.restore.possible).toBe(false);
    expect(shopper.kind).toBe("visitor");
    for (const q of [entryId, shopper.id, first.holdId, holdId, `order of ${sale.id}`]) {
      expect(
        (await find(q)).map((item) => item["entryId"]),
        q,
      ).toEqual([entryId]);
    }
    expect(await find(String(ticket), `&saleId=${sale.id}`)).toEqual([
      expect.objectContaining({ entryId, unit, state: "purchased", orderId: `order of ${sale.id}` }),
    ]);
    const other = await lobby();
    expect(await find(entryId, `&saleId=${other.id}`)).toEqual([]);
    expect(await find("nobody has this")).toEqual([]);
    expect((await viewer.call("GET", "/entries?q=x&saleId=none")).body["code"]).toBe("SALE_NOT_FOUND");
    expect((await viewer.call("GET", "/entries")).status).toBe(400);
    expect((await viewer.call("GET", `/entries/${entryId}x`)).body["code"]).toBe("ENTRY_NOT_FOUND");
    const report = await stage.call("GET", `/api/v1/admin/sales/${sale.id}/report`, {
      bearer: BOOTSTRAP_KEY,
    });
    expect(report.body, JSON.stringify(report.body["checks"])).toMatchObject({ ok: true });
  });

  it("is paged with those of the same shopper in other sales", async () => {
    const sales = [await lobby(), await lobby(), await lobby()];
    const cookie = await stage.cookie(String(sales[0]?.id));
    const entries: string[] = [];
    for (const { id } of sales) {
      const joined = await stage.until(async () => {
        const told = await stage.call("POST", `/api/v1/sales/${id}/entries`, { cookie, body: {} });
        return told.status < 300 ? told : null;
      });
      entries.push(String(joined.body["entryId"]));
      await stored(entries.at(-1) ?? "", "waiting");
    }
    const who = (await storyOf(entries[0] ?? "")).shopper.id;
    const first = await viewer.call("GET", `/entries?q=${who}&limit=2`);
    const next = await viewer.call("GET", `/entries?q=${who}&limit=2&cursor=${first.body["nextCursor"]}`);
    const ids = [first, next].flatMap(({ body }) =>
      (body["items"] as { entryId: string }[]).map((i) => i.entryId),
    );
    expect(ids).toEqual(entries.toReversed());
    expect(next.body["nextCursor"]).toBeNull();
  });
});

describe("a place that was left", () => {
  it("is given back once, by whoever may, with the reason in the audit, and the shopper's page hears of it", async () => {
    const sale = await lobby();
    const [who, after] = [await joins(sale.id), await joins(sale.id)];
    await stored(who.entryId, "waiting");
    expect((await restore(who.entryId, "still in line")).body).toMatchObject({
      code: "WRONG_STATE",
      detail: "The shopper is in line: there is no place to give back.",
    });
    await who.ear.ask("leave");
    await stored(who.entryId, "left");
    expect((await restore(who.entryId, "not for viewers", viewer)).status).toBe(403);
    expect((await restore(who.entryId, "")).status).toBe(400);
    const all = await Promise.all(
      Array.from({ length: 8 }, (_, i) => restore(who.entryId, `by mistake, ${i}`)),
    );
    expect(all.map(({ status, text }) => (status === 200 ? 200 : text))).toEqual(all.map(() => 200));
    expect(all[0]?.body).toMatchObject({ state: "waiting", restore: { possible: false } });
    await who.ear.until("entry", ({ state }) => state === "waiting");
    const { rows } = await stage.database.truth.query<{ actor: string; data: unknown }>(
      "SELECT actor, data FROM ledger WHERE entry_id = $1 AND act = 'entry.restored'",
      [who.entryId],
    );
    expect(rows).toEqual([
      {
        actor: `operator:${operator.id}`,
        data: expect.objectContaining({
          was: "left",
          next: false,
          reason: expect.stringContaining("by mistake"),
        }),
      },
    ]);
    const step = (await storyOf(who.entryId)).steps.find(({ kind }) => kind === "restored");
    expect(step).toMatchObject({ actorName: operator.email, reason: expect.stringContaining("by mistake") });
    // In line like everybody: both are offered a unit.
    await act(sale.id, "draw");
    await act(sale.id, "open");
    await Promise.all([who, after].map(({ ear }) => ear.until("offer")));
    expect(who.ear.faults).toEqual([]);
    // Once is once.
    await who.ear.ask("leave");
    await stored(who.entryId, "left");
    expect((await restore(who.entryId, "again")).body).toMatchObject({ code: "WRONG_STATE" });
    const report = await stage.call("GET", `/api/v1/admin/sales/${sale.id}/report`, {
      bearer: BOOTSTRAP_KEY,
    });
    expect(report.body, JSON.stringify(report.body["checks"])).toMatchObject({ ok: true });
  });

  it("whose turn has been is offered the next free unit; who missed twice, one more", async () => {
    const sale = await lobby({ quantity: 1, claimWindowSeconds: 1 });
    const [one, other] = [await joins(sale.id), await joins(sale.id)];
    await act(sale.id, "draw");
    await act(sale.id, "open");
    const won = await Promise.race(
      [one, other].map(async (shopper) => {
        await shopper.ear.until("offer");
        return shopper;
      }),
    );
    await won.ear.until("entry", ({ state }) => state === "missed");
    await won.ear.ask("rejoin");
    await stage.until(async () => {
      const [row] = await readEntries(stage.database.truth, [won.entryId]);
      return row?.state === "missed" && row.misses === 2 ? row : null;
    });
    const told = await restore(won.entryId, "their train was in a tunnel");
    expect(told.body, told.text).toMatchObject({ state: expect.stringMatching(/^(waiting|offered)$/) });
    await won.ear.until("entry", ({ state }) => state === "offered");
    await won.ear.until("entry", ({ state }) => state === "missed");
    await stored(won.entryId, "missed");
    expect((await restore(won.entryId, "again")).body).toMatchObject({ code: "WRONG_STATE" });
    const report = await stage.call("GET", `/api/v1/admin/sales/${sale.id}/report`, {
      bearer: BOOTSTRAP_KEY,
    });
    expect(report.body, JSON.stringify(report.body["checks"])).toMatchObject({ ok: true });
    await act(sale.id, "close");
    expect((await restore(won.entryId, "too late")).body).toMatchObject({ code: "SALE_CLOSED" });
  });

  it("is told to its shopper though whoever gave it back died before", async () => {
    const sale = await lobby({ schedule: { drawAt: inMinutes(20), opensAt: inMinutes(20) } });
    const who = await joins(sale.id);
    await who.ear.ask("leave");
    await stored(who.entryId, "left");
    const { truth } = stage.database;
    const [row] = await readEntries(truth, [who.entryId]);
    const known = await stage.gateway.services.sales.find(sale.id);
    const lanes = new Map(
      known?.lanes.flatMap(({ lane, address }) => (address ? [[lane, address] as const] : [])),
    );
    if (row === undefined) throw new Error("it was stored");
    expect(await settleLeave(stage.gateway.services.hotStore, lanes, row)).toBe(true);
    // All that a gateway does before its commit, and nothing after it.
    await truth.transaction((tx) => restoreEntryIn(tx, who.entryId, "by hand", "operator:x"));
    await who.ear.until("entry", ({ state }) => state === "waiting");
  });

  it("is not given back to one who has joined again", async () => {
    const sale = await lobby();
    const cookie = await stage.cookie(sale.id);
    const join = () =>
      stage.until(async () => {
        const told = await stage.call("POST", `/api/v1/sales/${sale.id}/entries`, { cookie, body: {} });
        return told.status < 300 ? told.body : null;
      });
    const first = await join();
    await stage.call("DELETE", `/api/v1/entries/${first["entryId"]}`, { cookie });
    await stored(String(first["entryId"]), "left");
    const second = await join();
    expect(second["entryId"]).not.toBe(first["entryId"]);
    expect((await restore(String(first["entryId"]), "which one")).body).toMatchObject({
      code: "WRONG_STATE",
    });
    await stored(String(second["entryId"]), "waiting");
    expect((await storyOf(String(first["entryId"]))).otherEntries).toEqual([
      { entryId: second["entryId"], attempt: 2, state: "waiting" },
    ]);
  });
});
