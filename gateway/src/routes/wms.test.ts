// Warehouses from outside: signed events with a real worker, and what operators see and decide of them.
import { signatureOf } from "@dropgate/inventory/warehouse/signature";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { BOOTSTRAP_KEY, openStage, type Stage, type Told } from "../stage.ts";

const SECRET = "a secret that warehouses share";
const RESERVATION_TYPES = ["reservation.reserved", "reservation.allocated", "warehouse.asked"];

let stage: Stage;
beforeAll(async () => {
  stage = await openStage(
    { redisUrl: inject("redisUrl"), databaseUrl: inject("databaseUrl") },
    { WMS_SECRET: SECRET },
  );
  await stage.worker();
  for (const id of ["east", "west"]) {
    const made = await call("POST", "admin/locations", {
      id,
      name: id,
      type: "warehouse",
      address: { postalCode: "10001", country: "US" },
      coordinates: { lat: 40.7, lon: id === "east" ? -74 : -122 },
      timeZone: "America/New_York",
      shippingMethods: [{ method: "standard", cutoff: "17:00" }],
      handles: { hazmat: true, oversized: true, refrigerated: true },
      serviceRegions: ["US"],
      operatingDays: [1, 2, 3, 4, 5, 6, 7],
      capacityPerDay: 1_000,
    });
    expect(made.status).toBe(201);
  }
});
afterAll(() => stage.stop());

const call = (method: string, path: string, body?: unknown): Promise<Told> =>
  stage.call(method, `/api/v1/${path}`, { bearer: BOOTSTRAP_KEY, ...(body === undefined ? {} : { body }) });

async function product(sku: string): Promise<void> {
  const made = await call("POST", "admin/products", {
    sku,
    title: sku,
    price: { amount: 1_000, currency: "USD" },
    weightGrams: 100,
    dimensionsMm: { length: 100, width: 100, height: 100 },
    hazmat: false,
    oversized: false,
    refrigerated: false,
  });
  expect(made.status).toBe(201);
}

let ids = 0;
/** A moment of the past that is later than all before it. */
const moment = (): string => new Date(Date.now() - 60_000 + ++ids).toISOString();
const event = (eventType: string, fields: Record<string, unknown>): Record<string, unknown> => ({
  eventId: `event ${++ids}/ü`,
  eventType,
  timestamp: moment(),
  locationId: "east",
  source: "wms",
  ...fields,
});

function send(
  body: unknown,
  over: { secret?: string; seconds?: number; signature?: string } = {},
): Promise<Told> {
  const text = JSON.stringify(body);
  const seconds = over.seconds ?? Math.floor(Date.now() / 1_000);
  const signature = over.signature ?? signatureOf(over.secret ?? SECRET, seconds, text);
  return stage.call("POST", "/api/v1/wms/events", { body, headers: { "x-signature": signature } });
}

const inbox = async (eventId: unknown): Promise<Record<string, unknown>> => {
  const { body } = await call("GET", "admin/wms/inbox?limit=100");
  return (body["items"] as Record<string, unknown>[]).find((row) => row["eventId"] === eventId) ?? {};
};
const applied = (told: Record<string, unknown>): Promise<unknown> =>
  stage.until(async () => ((await inbox(told["eventId"]))["state"] === "applied" ? true : null));

async function tell(...events: Record<string, unknown>[]): Promise<void> {
  const told = await send(events);
  expect(told.status, told.text).toBe(202);
  expect(told.body).toMatchObject({ rejected: [] });
  for (const each of events) await applied(each);
}

async function level(sku: string, locationId = "east"): Promise<Record<string, unknown>> {
  const told = await call("GET", `admin/inventory?sku=${encodeURIComponent(sku)}&locationId=${locationId}`);
  return (told.body["items"] as Record<string, unknown>[])[0] ?? {};
}

const receipt = (
  sku: string,
  quantity: number,
  over: Record<string, unknown> = {},
): Record<string, unknown> => event("RECEIVING_COMPLETE", { items: [{ sku, quantity }], ...over });

async function alerts(kind: string): Promise<Record<string, unknown>[]> {
  return (await call("GET", `admin/alerts?kind=${kind}&limit=100`)).body["items"] as Record<
    string,
    unknown
  >[];
}

let orders = 0;
async function allocated(
  sku: string,
  quantity: number,
  over: Record<string, unknown> = {},
): Promise<{ id: string; orderId: string }> {
  const orderId = `order ${++orders}`;
  const asked = {
    orderId,
    items: [{ sku, quantity }],
    shipTo: { country: "US", postalCode: "10001" },
    ...over,
  };
  const made = await stage.until(async () => {
    const told = await call("POST", "reservations", asked);
    return told.status === 201 ? told : null;
  });
  const { id } = made.body["reservation"] as { id: string };
  expect((await call("POST", `reservations/${id}/confirm`, {})).status).toBe(200);
  return { id, orderId };
}
const linesOf = async (id: string): Promise<unknown> =>
  ((await call("GET", `reservations/${id}`)).body["reservation"] as { lines: unknown }).lines;

describe("a message", () => {
  it("counts only with the signature of just these bytes, not older than five minutes, nor from the future", async () => {
    const told = event("DAMAGE_REPORT", { items: [{ sku: "x", quantity: 1 }], reason: "fell" });
    const now = Math.floor(Date.now() / 1_000);
    const codes = [
      await send(told, { secret: "another secret of warehouses" }),
      await send(told, { signature: "" }),
      await send(told, { signature: "t=1,v1=00" }),
      await send(told, { seconds: now - 301 }),
      await send(told, { seconds: now + 310 }),
      await send(
        { ...told, reason: "changed" },
        { signature: signatureOf(SECRET, now, JSON.stringify(told)) },
      ),
    ].map(({ status, body }) => [status, body["code"]]);
    expect(new Set(codes.map(String))).toEqual(new Set(["401,SIGNATURE_INVALID"]));
    expect(await inbox(told["eventId"])).toEqual({});
    expect(
      (await stage.call("POST", "/api/v1/wms/events", { body: told, bearer: BOOTSTRAP_KEY })).status,
    ).toBe(401);
  });

  it("of five hundred with one bad one has the others applied, and says which and why", async () => {
    await product("batch");
    const events = Array.from({ length: 500 }, (_, i) =>
      i === 250 ? receipt("batch", -1) : receipt("batch", 1, { locationId: "west" }),
    );
    const told = await send(events);
    expect(told.status).toBe(202);
    expect(told.body).toMatchObject({
      accepted: 499,
      duplicates: 0,
      rejected: [{ index: 250, code: "INVALID_EVENT", detail: expect.stringContaining("/items/0/quantity") }],
    });
    await stage.until(async () => ((await level("batch", "west"))["onHand"] === 499 ? true : null));
    const again = await send(events);
    expect(again.body).toMatchObject({ accepted: 0, duplicates: 499 });
    const many = await send([...events, receipt("batch", 1)]);
    expect([many.status, many.body["code"]]).toEqual([400, "INVALID_REQUEST"]);
  });

  it.each([
    ["of an unknown type", event("SOMETHING", {}), "UNKNOWN_EVENT_TYPE"],
    ["of a type that an object has by itself", event("constructor", {}), "UNKNOWN_EVENT_TYPE"],
    ["that is no event", 7, "INVALID_EVENT"],
    ["without an id", { ...receipt("a", 1), eventId: undefined }, "INVALID_EVENT"],
    ["of tomorrow", { ...receipt("a", 1), timestamp: "2100-01-01T00:00:00Z" }, "EVENT_FROM_THE_FUTURE"],
    ["with a field that nobody knows", { ...receipt("a", 1), gratis: true }, "INVALID_EVENT"],
    ["of half a piece", receipt("a", 0.5), "INVALID_EVENT"],
    ["of more than there can be", receipt("a", 1e9 + 1), "INVALID_EVENT"],
  ])("%s is rejected", async (_name, bad, code) => {
    const told = await send([bad]);
    expect([told.status, told.body["accepted"]]).toEqual([202, 0]);
    expect(told.body["rejected"]).toMatchObject([{ index: 0, code }]);
  });

  it("under the id of another is a conflict, and the first one counts", async () => {
    await product("conflict");
    const first = receipt("conflict", 5);
    await tell(first);
    const told = await send({ ...first, items: [{ sku: "conflict", quantity: 6 }] });
    expect(told.body).toMatchObject({ accepted: 0, rejected: [{ code: "EVENT_CONFLICT" }] });
    expect(await level("conflict")).toMatchObject({ onHand: 5 });
    expect((await alerts("event_conflict")).map(({ subject }) => subject)).toContain(first["eventId"]);
  });
});

describe("an event that cannot be applied yet", () => {
  it("of an unknown product is kept and shown, and applied once the product is there", async () => {
    const told = receipt("later: {1}", 4);
    await send(told);
    await stage.until(async () => ((await inbox(told["eventId"]))["reason"] ? true : null));
    expect(await inbox(told["eventId"])).toMatchObject({
      state: "waiting",
      reason: "No product later: {1} is known.",
    });
    await product("later: {1}");
    const path = `admin/wms/inbox/${encodeURIComponent(String(told["eventId"]))}`;
    expect((await call("POST", `${path}/retry`, {})).status).toBe(200);
    await applied(told);
    expect(await level("later: {1}")).toMatchObject({ onHand: 4 });
    expect((await call("POST", `${path}/discard`, { reason: "no" })).body["code"]).toBe("WRONG_STATE");
  });

  it("may be given up by an operator, and is still shown", async () => {
    const told = receipt("never", 4);
    await send(told);
    await stage.until(async () => ((await inbox(told["eventId"]))["state"] === "waiting" ? true : null));
    const path = `admin/wms/inbox/${encodeURIComponent(String(told["eventId"]))}/discard`;
    expect((await call("POST", path, { reason: "of another shop" })).body).toMatchObject({
      state: "discarded",
    });
    expect(await inbox(told["eventId"])).toMatchObject({ state: "discarded", reason: "of another shop" });
  });

  it("where events are numbered waits for those before it, however they come", async () => {
    await product("numbered");
    const numbered = (sequence: number, told: Record<string, unknown>): Record<string, unknown> => ({
      ...told,
      locationId: "west",
      sequence,
    });
    const damaged = event("DAMAGE_REPORT", { items: [{ sku: "numbered", quantity: 2 }], reason: "wet" });
    const [first, second, third] = [
      numbered(1, receipt("numbered", 5)),
      numbered(2, damaged),
      numbered(3, receipt("numbered", 1)),
    ];
    await send([third, second]);
    await stage.until(async () => ((await inbox(third["eventId"]))["reason"] ? true : null));
    expect(await inbox(third["eventId"])).toMatchObject({ reason: "Number 3 waits for those before it." });
    await tell(first);
    await applied(second);
    await applied(third);
    expect(await level("numbered", "west")).toMatchObject({ onHand: 4, damaged: 2 });
  });
});

describe("an order", () => {
  it("is picked, packed and shipped, each once however often it is told, also told backwards", async () => {
    await product("picked");
    await tell(receipt("picked", 5));
    const { id, orderId } = await allocated("picked", 3);
    const items = [{ sku: "picked", quantity: 3 }];
    const [picked, packed, shipped] = ["PICK_COMPLETE", "PACK_COMPLETE", "SHIP_COMPLETE"].map((type) =>
      event(type, { orderId, items, ...(type === "SHIP_COMPLETE" && { tracking: "1Z 9" }) }),
    ) as [Record<string, unknown>, Record<string, unknown>, Record<string, unknown>];
    await tell(shipped, packed);
    expect(await level("picked")).toMatchObject({ onHand: 5, allocated: 3 });
    await tell(picked);
    await send([picked, shipped]);
    expect(await level("picked")).toMatchObject({ onHand: 2, allocated: 0, available: 2 });
    expect(await linesOf(id)).toMatchObject([{ quantity: 3, picked: 3, packed: 3, shipped: 3, released: 0 }]);
    const story = (await call("GET", `admin/reservations/${id}`)).body["story"] as { type: string }[];
    expect(story.map(({ type }) => type).toSorted()).toEqual(
      [...RESERVATION_TYPES, "event.shipped", "event.packed"].toSorted(),
    );
    const cancel = await call("POST", `reservations/${id}/cancel`, {});
    expect([cancel.status, cancel.body["code"]]).toEqual([409, "WRONG_STATE"]);
  });

  it("that is picked short gets the rest from elsewhere", async () => {
    await product("short");
    await tell(receipt("short", 5), receipt("short", 5, { locationId: "west" }));
    const { id, orderId } = await allocated("short", 3);
    await tell(event("PICK_COMPLETE", { orderId, items: [{ sku: "short", quantity: 1 }] }));
    await stage.until(async () => (((await linesOf(id)) as unknown[]).length === 2 ? true : null));
    expect(await linesOf(id)).toMatchObject([
      { locationId: "east", quantity: 3, picked: 1, released: 2 },
      { locationId: "west", quantity: 2, picked: 0, released: 0 },
    ]);
    expect(await level("short")).toMatchObject({ onHand: 4, allocated: 0 });
    expect(await level("short", "west")).toMatchObject({ onHand: 5, allocated: 2 });
    expect((await alerts("short_pick")).map(({ sku }) => sku)).toContain("short");
    const outbox = JSON.stringify((await call("GET", "admin/wms/outbox?locationId=west")).body);
    expect(outbox).toContain(orderId);
  });

  it("that waits gets what comes, the oldest first", async () => {
    await product("awaited");
    await tell(receipt("awaited", 1));
    const waiting = { allowBackorder: true };
    const first = await allocated("awaited", 3, waiting);
    const second = await allocated("awaited", 2, waiting);
    await tell(receipt("awaited", 3));
    await stage.until(async () => (((await linesOf(second.id)) as unknown[]).length === 1 ? true : null));
    expect(await linesOf(first.id)).toMatchObject([{ quantity: 1 }, { quantity: 2 }]);
    expect(await linesOf(second.id)).toMatchObject([{ quantity: 1 }]);
    const open = (await call("GET", "admin/backorders?state=open")).body["items"];
    expect(open).toMatchObject([{ orderId: second.orderId, quantity: 2, filled: 1 }]);
    expect(await level("awaited")).toMatchObject({ onHand: 4, allocated: 4, available: 0 });
  });
});

describe("stock", () => {
  it("of a purchase order is on the way until it comes, and what comes too much is told", async () => {
    await product("bought");
    const bought = { purchaseOrderId: "PO 1", locationId: "east", items: [{ sku: "bought", quantity: 10 }] };
    expect((await call("POST", "admin/purchase-orders", bought)).status).toBe(201);
    expect((await call("POST", "admin/purchase-orders", bought)).body["code"]).toBe("PURCHASE_ORDER_EXISTS");
    expect(await level("bought")).toMatchObject({ onHand: 0, inTransitIn: 10 });
    await tell(receipt("bought", 4, { purchaseOrderId: "PO 1" }));
    expect(await level("bought")).toMatchObject({ onHand: 4, inTransitIn: 6 });
    await tell(receipt("bought", 8, { purchaseOrderId: "PO 1" }));
    expect(await level("bought")).toMatchObject({ onHand: 12, inTransitIn: 0 });
    expect((await alerts("over_receipt")).map(({ sku }) => sku)).toContain("bought");
  });

  it("is not received where that is blocked, until it no longer is", async () => {
    await product("blocked");
    await tell(receipt("blocked", 1));
    const patch = (receivingBlocked: boolean): Promise<Told> =>
      call("PATCH", "admin/inventory", { sku: "blocked", locationId: "east", receivingBlocked });
    await patch(true);
    const told = receipt("blocked", 5);
    await send(told);
    await stage.until(async () => ((await alerts("receiving_blocked")).length > 0 ? true : null));
    expect(await level("blocked")).toMatchObject({ onHand: 1 });
    await patch(false);
    await applied(told);
    expect(await level("blocked")).toMatchObject({ onHand: 6 });
  });

  it("that is transferred is in transit between the two, and what never comes is closed", async () => {
    await product("sent");
    await tell(receipt("sent", 10));
    const asked = await call("POST", "admin/transfers", {
      fromLocationId: "east",
      toLocationId: "west",
      items: [{ sku: "sent", quantity: 6 }],
    });
    expect(asked.status).toBe(201);
    const transferId = String(asked.body["transferId"]);
    const items = (quantity: number): { sku: string; quantity: number }[] => [{ sku: "sent", quantity }];
    const received = event("TRANSFER_RECEIVED", {
      transferId,
      otherLocationId: "east",
      locationId: "west",
      items: items(4),
    });
    const shipped = event("TRANSFER_SHIPPED", { transferId, otherLocationId: "west", items: items(6) });
    // The end is told before the beginning.
    await tell(received);
    await tell(shipped);
    expect(await level("sent")).toMatchObject({ onHand: 4, inTransitOut: 2 });
    expect(await level("sent", "west")).toMatchObject({ onHand: 4, inTransitIn: 2 });
    const closed = await call("POST", `admin/transfers/${transferId}/close`, {});
    expect(closed.body).toMatchObject({ items: [{ requested: 6, shipped: 6, received: 4, inTransit: 0 }] });
    expect(await level("sent")).toMatchObject({ inTransitOut: 0 });
    expect(await level("sent", "west")).toMatchObject({ onHand: 4, inTransitIn: 0 });
  });

  it("that a count finds a little wrong is put right, against what we had at the count's moment", async () => {
    await product("counted");
    await tell(receipt("counted", 100));
    const countedAt = moment();
    await tell(receipt("counted", 50));
    const counted = event("CYCLE_COUNT_ADJUSTMENT", { sku: "counted", actualCount: 97, reason: "cycle" });
    await tell({ ...counted, timestamp: countedAt });
    expect(await level("counted")).toMatchObject({ onHand: 147, lastCountedAt: countedAt });
  });

  it("that a count finds wrong by six percent waits for an operator, who sees the alert and approves it", async () => {
    await product("variance");
    await tell(receipt("variance", 100));
    const counted = event("CYCLE_COUNT_ADJUSTMENT", { sku: "variance", actualCount: 94, reason: "cycle" });
    await tell(counted);
    expect(await level("variance")).toMatchObject({ onHand: 100 });
    const alert = (await alerts("variance")).find(({ sku }) => sku === "variance");
    expect(alert).toMatchObject({ state: "open", data: { expected: 100, actual: 94, delta: -6 } });
    const waiting = (await call("GET", "admin/adjustments?state=awaiting_approval")).body["items"] as Record<
      string,
      unknown
    >[];
    const adjustment = waiting.find(({ sku }) => sku === "variance");
    expect(adjustment).toMatchObject({ delta: -6, count: { actual: 94, eventId: counted["eventId"] } });
    // What fell down since then is no part of what was counted.
    await tell(event("DAMAGE_REPORT", { items: [{ sku: "variance", quantity: 7 }], reason: "fell" }));
    const approved = await call("POST", `admin/adjustments/${String(adjustment?.["id"])}/approve`, {});
    expect(approved.body).toMatchObject({ state: "approved" });
    expect(await level("variance")).toMatchObject({ onHand: 87, damaged: 7 });
    const resolved = await call("POST", `admin/alerts/${String(alert?.["id"])}/resolve`, {});
    expect(resolved.body).toMatchObject({ state: "resolved" });
    const ledger = (await call("GET", "admin/inventory/ledger?sku=variance")).body["items"];
    expect(ledger).toMatchObject([
      { type: "event.counted", deltas: { onHand: -6 } },
      { type: "event.damaged" },
      { type: "event.received" },
      { type: "product.created" },
    ]);
  });

  it("that is promised and does not lie there is told, with the orders at risk", async () => {
    await product("risk");
    await tell(receipt("risk", 5));
    const { orderId } = await allocated("risk", 5);
    await tell(event("DAMAGE_REPORT", { items: [{ sku: "risk", quantity: 2 }], reason: "fell" }));
    expect(await level("risk")).toMatchObject({ available: -2 });
    const alert = (await alerts("promised_more_than_there")).find(({ sku }) => sku === "risk");
    expect(alert).toMatchObject({ data: { orders: [{ orderId, quantity: 5 }] } });
  });
});

it("all of it is the sum of its ledger, and every promise an order's", async () => {
  const { body } = await call("GET", "admin/inventory/report");
  expect(body).toMatchObject({ ok: true });
});
