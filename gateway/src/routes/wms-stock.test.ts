// What warehouses tell does to orders and stock, with a real worker, and what operators see and decide of it.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Stage, type Told } from "../stage.ts";
import {
  alerts,
  allocated,
  applied,
  call,
  event,
  level,
  linesOf,
  moment,
  openWarehouse,
  product,
  receipt,
  send,
  tell,
} from "./wms-stage.ts";

const RESERVATION_TYPES = ["reservation.reserved", "reservation.allocated", "warehouse.asked"];

let stage: Stage;
beforeAll(async () => {
  stage = await openWarehouse();
});
afterAll(() => stage.stop());

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
    expect((await call("GET", `reservations/${id}`)).body["shipments"]).toEqual([
      {
        locationId: "east",
        pickedAt: picked["timestamp"],
        packedAt: packed["timestamp"],
        shippedAt: shipped["timestamp"],
        tracking: ["1Z 9"],
      },
    ]);
    const story = (await call("GET", `admin/reservations/${id}`)).body["story"] as { type: string }[];
    expect(story.map(({ type }) => type).toSorted()).toEqual(
      [...RESERVATION_TYPES, "event.shipped", "event.packed", "event.picked"].toSorted(),
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
