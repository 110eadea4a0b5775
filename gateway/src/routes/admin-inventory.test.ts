// Stock in an operator's hands: levels, their ledger, thresholds, corrections.
import { adjustmentSchema, levelSchema, transactionSchema } from "@dropgate/contracts/inventory";
import { inventoryReportSchema } from "@dropgate/contracts/inventory-report";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { aLocation, aProduct, pointersOf } from "../inventory/requests.ts";
import { OperatorStage } from "../operators/operator-stage.ts";
import { BOOTSTRAP_KEY, openStage, type Stage, type Told } from "../stage.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({ redisUrl: inject("redisUrl"), databaseUrl: inject("databaseUrl") });
  for (const id of ["east", "west"]) await admin("POST", "locations", aLocation({ id }));
});
afterAll(() => stage.stop());

const admin = (
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Told> =>
  stage.call(method, `/api/v1/admin/${path}`, {
    bearer: BOOTSTRAP_KEY,
    headers,
    ...(body !== undefined && { body }),
  });
const gist = ({ status, body }: Told): [number, unknown] => [status, body["code"] ?? body["state"]];
const items = ({ body }: Told): Record<string, unknown>[] => body["items"] as Record<string, unknown>[];
const adjust = (sku: string, delta: number, over: object = {}): Promise<Told> =>
  admin("POST", "adjustments", { sku, locationId: "east", delta, reason: "counted", ...over });
const decide = (adjustment: Told, word: string): Promise<Told> =>
  word === "approve"
    ? stage.approve(String(adjustment.body["id"]))
    : admin("POST", `adjustments/${String(adjustment.body["id"])}/${word}`);
const levels = async (query: string): Promise<Record<string, unknown>[]> =>
  items(await admin("GET", `inventory?${query}`));

/** A product with so many on hand in the east. */
async function stocked(sku: string, onHand: number): Promise<void> {
  expect((await admin("POST", "products", aProduct({ sku }))).status).toBe(201);
  if (onHand > 0) expect((await decide(await adjust(sku, onHand), "approve")).status).toBe(200);
}

describe("a correction", () => {
  it("is applied at once while it is small, and is a row of the ledger", async () => {
    await stocked("tee", 200);
    const applied = await adjust("tee", -10, { reason: "torn" });
    expect(applied.status).toBe(201);
    expect(adjustmentSchema.parse(applied.body)).toMatchObject({
      sku: "tee",
      locationId: "east",
      delta: -10,
      reason: "torn",
      state: "applied",
      requestedBy: "operator:bootstrap",
      decidedBy: null,
      decidedAt: null,
    });
    const [level] = await levels("sku=tee");
    expect(levelSchema.parse(level)).toMatchObject({ onHand: 190, available: 190, sellable: true });
    const [row] = items(await admin("GET", "inventory/ledger?sku=tee&locationId=east&limit=1"));
    expect(transactionSchema.parse(row)).toMatchObject({
      type: "adjustment",
      deltas: { onHand: -10, allocated: 0 },
      reference: { type: "adjustment", id: applied.body["id"] },
      actor: "operator:bootstrap",
      data: { reason: "torn" },
    });
  });

  it("waits above 10 units or a twentieth of what is on hand, also when that is nothing", async () => {
    await stocked("large", 1_000);
    await stocked("small", 100);
    await stocked("none", 0);
    const states = async (sku: string, deltas: number[]): Promise<number[]> => {
      const told: number[] = [];
      for (const delta of deltas) told.push((await adjust(sku, delta)).status);
      return told;
    };
    expect(await states("large", [10, 11, -10, -11])).toEqual([201, 202, 201, 202]);
    expect(await states("small", [5, -5, 6, -6])).toEqual([201, 201, 202, 202]);
    expect(await states("none", [1])).toEqual([202]);
    expect(await levels("sku=none")).toEqual([]);
    expect(await levels("sku=small")).toMatchObject([{ onHand: 100 }]);
    const [note] = items(await admin("GET", "inventory/ledger?sku=none&locationId=east"));
    expect(note).toMatchObject({ type: "adjustment.requested", data: { delta: 1, reason: "counted" } });
  });

  it("that waits is approved once, or rejected once, whoever asks again", async () => {
    await stocked("decided", 0);
    const good = await adjust("decided", 50);
    const poor = await adjust("decided", 70);
    const all = await Promise.all([
      decide(good, "approve"),
      decide(good, "approve"),
      decide(good, "approve"),
    ]);
    for (const told of all) expect(gist(told)).toEqual([200, "approved"]);
    expect(all[0]?.body).toMatchObject({
      decidedBy: expect.stringMatching(/^operator:key_/),
      decidedAt: expect.any(String),
    });
    expect(await levels("sku=decided")).toMatchObject([{ onHand: 50, locationId: "east" }]);
    expect(gist(await decide(good, "reject"))).toEqual([409, "WRONG_STATE"]);
    expect(gist(await decide(poor, "reject"))).toEqual([200, "rejected"]);
    expect(gist(await decide(poor, "reject"))).toEqual([200, "rejected"]);
    expect(gist(await decide(poor, "approve"))).toEqual([409, "WRONG_STATE"]);
    expect(gist(await decide(await adjust("decided", 1), "approve"))).toEqual([409, "WRONG_STATE"]);
    expect(await levels("sku=decided")).toMatchObject([{ onHand: 51 }]);
    const types = items(await admin("GET", "inventory/ledger?sku=decided")).map(({ type }) => type);
    expect(types).toEqual([
      "adjustment",
      "adjustment.rejected",
      "adjustment",
      "adjustment.requested",
      "adjustment.requested",
      "product.created",
    ]);
  });

  it("is approved by no operator who asked for it while a colleague may, and may be rejected by them", async () => {
    await stocked("eyes", 100);
    const people = new OperatorStage(stage);
    const [one, other] = [await people.person("approver"), await people.person("approver")];
    const ask = (delta: number): Promise<Told> =>
      one.call("POST", "/adjustments", { body: { sku: "eyes", locationId: "east", delta, reason: "mine" } });
    const [first, second] = [await ask(20), await ask(30)];
    const path = (adjustment: Told, word: string): string =>
      `/adjustments/${String(adjustment.body["id"])}/${word}`;
    expect(gist(await one.call("POST", path(first, "approve"), { body: {} }))).toEqual([
      403,
      "OWN_CORRECTION",
    ]);
    expect(await levels("sku=eyes")).toMatchObject([{ onHand: 100 }]);
    expect(gist(await other.call("POST", path(first, "approve"), { body: {} }))).toEqual([200, "approved"]);
    // Who asked for it may ask again: it is approved, and by whom does not change.
    const again = await one.call("POST", path(first, "approve"), { body: {} });
    expect(again.body).toMatchObject({ state: "approved", decidedBy: `operator:${other.id}` });
    expect(gist(await one.call("POST", path(second, "reject"), { body: {} }))).toEqual([200, "rejected"]);
    expect(await levels("sku=eyes")).toMatchObject([{ onHand: 120 }]);

    // Who has no colleague, or one who has not come in yet, looks twice themselves, and a key is no person.
    await people.add("approver");
    const alone = await ask(25);
    expect((await people.admin("PATCH", `/operators/${other.id}`, { role: "operator" })).status).toBe(200);
    expect(gist(await one.call("POST", path(alone, "approve"), { body: {} }))).toEqual([200, "approved"]);
    const byKey = await adjust("eyes", 40);
    expect(gist(await admin("POST", path(byKey, "approve").slice(1)))).toEqual([200, "approved"]);
  });

  it("never takes what is not there, at once or when it is approved", async () => {
    await stocked("few", 30);
    expect(gist(await adjust("few", -31))).toEqual([409, "INSUFFICIENT_STOCK"]);
    const most = await adjust("few", -20);
    const rest = await adjust("few", -11);
    expect([most.status, rest.status]).toEqual([202, 202]);
    expect(gist(await decide(most, "approve"))).toEqual([200, "approved"]);
    expect(gist(await decide(rest, "approve"))).toEqual([409, "INSUFFICIENT_STOCK"]);
    expect(await levels("sku=few")).toMatchObject([{ onHand: 10 }]);
    const waiting = items(await admin("GET", "adjustments?state=awaiting_approval"));
    expect(waiting.map(({ id }) => id)).toContain(rest.body["id"]);
    expect(gist(await adjust("few", 1_000_000_000))).toEqual([409, "STOCK_TOO_LARGE"]);
  });

  it("of what nobody knows is a 404, and leaves nothing", async () => {
    expect(gist(await adjust("unknown", 1))).toEqual([404, "PRODUCT_NOT_FOUND"]);
    expect(gist(await adjust("few", 1, { locationId: "nowhere" }))).toEqual([404, "LOCATION_NOT_FOUND"]);
    expect(gist(await admin("POST", "adjustments/adj_none/approve"))).toEqual([404, "ADJUSTMENT_NOT_FOUND"]);
    expect(gist(await admin("POST", "adjustments/a%20b/reject"))).toEqual([404, "ADJUSTMENT_NOT_FOUND"]);
    expect(await levels("locationId=nowhere")).toEqual([]);
  });

  it("sent again under its key happens once", async () => {
    await stocked("once", 100);
    const send = (): Promise<Told> =>
      admin(
        "POST",
        "adjustments",
        { sku: "once", locationId: "east", delta: 2, reason: "found" },
        { "idempotency-key": "k" },
      );
    const first = await send();
    expect((await send()).text).toBe(first.text);
    expect(await levels("sku=once")).toMatchObject([{ onHand: 102 }]);
  });

  it("among a hundred at once is lost by none", async () => {
    await stocked("busy", 1_000);
    // One that waits too long for a connection is BUSY, and asks again under its key.
    const told = await Promise.all(
      Array.from({ length: 100 }, (_, i) =>
        stage.until(async () => {
          const body = { sku: "busy", locationId: "east", delta: i % 2 === 0 ? 3 : -1, reason: "counted" };
          const one = await admin("POST", "adjustments", body, { "idempotency-key": `busy ${i}` });
          return one.status === 503 ? null : one;
        }),
      ),
    );
    expect(new Set(told.map(({ status }) => status))).toEqual(new Set([201]));
    expect(await levels("sku=busy")).toMatchObject([{ onHand: 1_100 }]);
  });

  const bad: [string, object, string][] = [
    ["of nothing", { delta: 0 }, "/delta"],
    ["of half a unit", { delta: 1.5 }, "/delta"],
    ["as text", { delta: "1" }, "/delta"],
    ["beyond all", { delta: 1e308 }, "/delta"],
    ["of more than a level counts", { delta: -1_000_000_001 }, "/delta"],
    ["without a reason", { reason: "" }, "/reason"],
    ["with a zero byte", { reason: "a\0" }, "/reason"],
    ["with half a character", { reason: "\ud800" }, "/reason"],
    ["of no SKU", { sku: "\u0007" }, "/sku"],
    ["with an unknown field", { approve: true }, "/approve"],
  ];
  for (const [name, over, pointer] of bad) {
    it(`${name} is refused by its name, and nothing changes`, async () => {
      const count = async (): Promise<unknown> => {
        const { rows } = await stage.database.truth.query(
          `SELECT (SELECT count(*) FROM adjustments) AS adjustments, (SELECT sum(rev) FROM inventory_levels) AS revs,
             (SELECT count(*) FROM inventory_transactions) AS transactions`,
        );
        return rows;
      };
      const before = await count();
      const told = await adjust("tee", 1, over);
      expect([gist(told), pointersOf(told)]).toEqual([[400, "INVALID_REQUEST"], [pointer]]);
      expect(await count()).toEqual(before);
    });
  }
});

describe("levels", () => {
  it("are what their ledger says, whatever was done to them", async () => {
    const { body } = await admin("GET", "inventory/report");
    expect(inventoryReportSchema.parse(body)).toMatchObject({ ok: true });
  });

  it("are listed by SKU, by location, and in pages that join", async () => {
    await stocked("l:1", 20);
    await stocked("l:2", 20);
    for (const sku of ["l:1", "l:2"]) await decide(await adjust(sku, 7, { locationId: "west" }), "approve");
    expect(await levels(`sku=${encodeURIComponent("l:1")}`)).toMatchObject([
      { sku: "l:1", locationId: "east", onHand: 20 },
      { sku: "l:1", locationId: "west", onHand: 7 },
    ]);
    expect((await levels("locationId=west")).map(({ sku }) => sku)).toEqual(["l:1", "l:2"]);
    const all: unknown[] = [];
    let cursor = "";
    do {
      const { body } = await admin("GET", `inventory?limit=1${cursor}`);
      all.push(...(body["items"] as unknown[]));
      cursor = body["nextCursor"] === null ? "" : `&cursor=${String(body["nextCursor"])}`;
    } while (cursor !== "");
    expect(all).toEqual(await levels("limit=200"));
    expect((await admin("GET", "inventory?sku=%00")).status).toBe(400);
  });

  it("have thresholds and flags that an operator sets, and what is available follows", async () => {
    await stocked("kept", 20);
    const patch = (over: object): Promise<Told> =>
      admin("PATCH", "inventory", { sku: "kept", locationId: "east", ...over });
    const changed = await patch({ safetyStock: 5, reorderPoint: 8, maxStock: 50, receivingBlocked: true });
    expect([changed.status, levelSchema.parse(changed.body)]).toMatchObject([
      200,
      { onHand: 20, available: 15, safetyStock: 5, reorderPoint: 8, maxStock: 50, receivingBlocked: true },
    ]);
    expect((await patch({ sellable: false, maxStock: null })).body).toMatchObject({
      available: 0,
      maxStock: null,
      safetyStock: 5,
    });
    expect((await patch({ sellable: true, safetyStock: 30 })).body["available"]).toBe(-10);
    await patch({ sellable: true });
    const rows = items(await admin("GET", "inventory/ledger?sku=kept&locationId=east"));
    expect(rows.filter(({ type }) => type === "level.changed").map(({ data }) => data)).toEqual([
      { sellable: true, safetyStock: 30 },
      { sellable: false, maxStock: null },
      { safetyStock: 5, reorderPoint: 8, maxStock: 50, receivingBlocked: true },
    ]);
    for (const safetyStock of [-1, 1.5, "1", 1e308, null]) {
      expect(pointersOf(await patch({ safetyStock }))).toEqual(["/safetyStock"]);
    }
    expect(pointersOf(await patch({ onHand: 3 }))).toEqual(["/onHand"]);
    const none = await admin("PATCH", "inventory", { sku: "kept", locationId: "west", sellable: false });
    expect(gist(none)).toEqual([404, "LEVEL_NOT_FOUND"]);
  });

  it("have a ledger in pages that join, the newest first", async () => {
    const whole = items(await admin("GET", "inventory/ledger?limit=200"));
    const ids = whole.map(({ id }) => Number(id));
    expect(ids).toEqual(ids.toSorted((a, b) => b - a));
    for (const query of ["", "&sku=decided", "&locationId=west", "&sku=l%3A1&locationId=west"]) {
      const joined: unknown[] = [];
      let cursor = "";
      do {
        const { body } = await admin("GET", `inventory/ledger?limit=3${query}${cursor}`);
        joined.push(...(body["items"] as unknown[]));
        cursor = body["nextCursor"] === null ? "" : `&cursor=${String(body["nextCursor"])}`;
      } while (cursor !== "" && joined.length < whole.length);
      expect(joined.length).toBeGreaterThan(0);
      const asked = new URLSearchParams(query);
      expect(joined).toEqual(
        whole.filter((row) =>
          ["sku", "locationId"].every((name) => !asked.has(name) || row[name] === asked.get(name)),
        ),
      );
    }
  });

  it("show corrections by state, the newest first, in pages that join", async () => {
    const all = items(await admin("GET", "adjustments?state=approved&limit=200"));
    const joined: unknown[] = [];
    let cursor = "";
    do {
      const { body } = await admin("GET", `adjustments?state=approved&limit=2${cursor}`);
      joined.push(...(body["items"] as unknown[]));
      cursor = body["nextCursor"] === null ? "" : `&cursor=${String(body["nextCursor"])}`;
    } while (cursor !== "");
    expect(joined).toEqual(all);
    expect(new Set(all.map(({ state }) => state))).toEqual(new Set(["approved"]));
    expect((await admin("GET", "adjustments?state=odd")).status).toBe(400);
  });
});
