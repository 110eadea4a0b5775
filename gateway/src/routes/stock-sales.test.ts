// A sale that stands on the inventory, from outside and with a real worker: what an operator and a shop are told.
import { confirmedSchema } from "@dropgate/contracts/hold";
import { adminSaleSchema } from "@dropgate/contracts/sale";
import { afterAll, beforeAll, expect, inject, it } from "vitest";
import { aLocation, aProduct } from "../inventory/requests.ts";
import { BOOTSTRAP_KEY, inMinutes, openStage, type Stage, type Told } from "../stage.ts";

let stage: Stage;
const merchant = { bearer: BOOTSTRAP_KEY };
beforeAll(async () => {
  stage = await openStage({ redisUrl: inject("redisUrl"), databaseUrl: inject("databaseUrl") });
  await stage.worker();
  await admin("POST", "locations", aLocation({ id: "east" }));
  await admin("POST", "products", aProduct({ sku: "console" }));
  const adjusted = await admin("POST", "adjustments", {
    sku: "console",
    locationId: "east",
    delta: 10,
    reason: "opening",
  });
  await stage.approve(String(adjusted.body["id"]));
});
afterAll(() => stage.stop());

const admin = (method: string, path: string, body?: unknown): Promise<Told> =>
  stage.call(method, `/api/v1/admin/${path}`, { ...merchant, ...(body !== undefined && { body }) });
const onHold = (holdId: string, act: string, body?: unknown): Promise<Told> =>
  stage.call("POST", `/api/v1/holds/${holdId}/${act}`, { ...merchant, ...(body !== undefined && { body }) });
const gist = ({ status, body }: Told): unknown[] => [status, body["code"] ?? "ok"];

const request = (over: object = {}): object => ({
  title: "Consoles",
  sku: "console",
  source: "inventory",
  kind: "rush",
  quantity: 4,
  admission: { ratePerSecond: 1_000, burst: 100 },
  schedule: { opensAt: inMinutes(-1), closesAt: inMinutes(60) },
  ...over,
});

async function level(): Promise<unknown> {
  const { body } = await admin("GET", "inventory?sku=console");
  const { reserved, allocated, available } = (body["items"] as Record<string, unknown>[])[0] ?? {};
  return { reserved, allocated, available };
}

async function isLevel(reserved: number, allocated: number): Promise<void> {
  const wanted = { reserved, allocated, available: 10 - reserved - allocated };
  await stage.until(async () => (JSON.stringify(await level()) === JSON.stringify(wanted) ? true : null));
}

it("takes its units, sells them, is resized, and gives back what is left", async () => {
  expect(gist(await admin("POST", "sales", request({ sku: "nothing" })))).toEqual([404, "PRODUCT_NOT_FOUND"]);
  expect(gist(await admin("POST", "sales", request({ locationId: "moon" })))).toEqual([
    404,
    "LOCATION_NOT_FOUND",
  ]);
  const tooMuch = await admin("POST", "sales", request({ quantity: 11 }));
  expect(gist(tooMuch)).toEqual([409, "INSUFFICIENT_STOCK"]);
  expect(tooMuch.body["detail"]).toContain("10 are available");
  const created = await admin("POST", "sales", request());
  expect(adminSaleSchema.parse(created.body)).toMatchObject({
    source: "inventory",
    locationId: "east",
    quantity: 4,
  });
  const id = String(created.body["id"]);
  await isLevel(4, 0);

  expect(gist(await admin("PATCH", `sales/${id}`, { quantity: 11 }))).toEqual([409, "INSUFFICIENT_STOCK"]);
  expect((await admin("PATCH", `sales/${id}`, { quantity: 6 })).body["quantity"]).toBe(6);
  expect((await admin("PATCH", `sales/${id}`, { quantity: 3 })).body).toMatchObject({
    quantity: 3,
    units: { free: 3, held: 0, sold: 0, returned: 3 },
  });
  await isLevel(3, 0);

  const buy = async (): Promise<string> => {
    const told = await stage.until(async () => {
      const tried = await stage.call("POST", `/api/v1/sales/${id}/attempts`, {
        cookie: await stage.cookie(id),
      });
      return tried.status === 200 ? tried : null;
    });
    return (told.body["hold"] as { holdId: string }).holdId;
  };
  const [first, second] = [await buy(), await buy()];
  const shipTo = { name: "Ann", postalCode: "10115", country: "DE" };
  const confirmed = await onHold(first, "confirm", { orderId: "o-1", shipTo });
  const { allocation } = confirmedSchema.parse(confirmed.body);
  expect(allocation).toMatchObject({
    orderId: "o-1",
    locationId: "east",
    lines: [{ sku: "console", quantity: 1, locationId: "east" }],
  });
  await onHold(second, "confirm", { orderId: "o-2" });
  await isLevel(1, 2);
  const again = confirmedSchema.parse((await onHold(first, "confirm", { orderId: "o-1" })).body);
  expect(again.hold.state).toBe("allocated");
  expect(again.allocation).toEqual({ ...allocation, state: "allocated" });
  const { rows } = await stage.database.truth.query<{ body: unknown }>(
    "SELECT body FROM wms_outbox WHERE order_id = 'o-1'",
  );
  expect(rows).toMatchObject([
    { body: { requestType: "PICK_REQUEST", shipTo, items: [{ sku: "console", quantity: 1 }] } },
  ]);

  expect(gist(await onHold(second, "cancel", { reason: "changed their mind" }))).toEqual([200, "ok"]);
  await isLevel(2, 1);
  await admin("POST", `sales/${id}/actions/close`);
  await isLevel(0, 1);
  // Closed long ago: an order that is cancelled now comes back to stock all the same.
  expect(gist(await onHold(first, "cancel"))).toEqual([200, "ok"]);
  await isLevel(0, 0);
  await stage.until(async () =>
    (await admin("GET", `sales/${id}/report`)).body["ok"] === true ? true : null,
  );
});

it("is cloned with units of its own, or not at all", async () => {
  const created = await admin("POST", "sales", request({ quantity: 6, description: "As it was." }));
  const id = String(created.body["id"]);
  await isLevel(6, 0);
  expect(gist(await admin("POST", `sales/${id}/clone`, {}))).toEqual([409, "INSUFFICIENT_STOCK"]);
  expect(gist(await admin("POST", "sales/none/clone", {}))).toEqual([404, "SALE_NOT_FOUND"]);
  expect(gist(await admin("POST", `sales/${id}/clone`, { secret: 1 }))).toEqual([400, "INVALID_REQUEST"]);
  const opensAt = inMinutes(24 * 60);
  const cloned = await admin("POST", `sales/${id}/clone`, { quantity: 4, schedule: { opensAt } });
  expect(cloned.status, cloned.text).toBe(201);
  const [one, other] = [created, cloned].map(({ body }) => adminSaleSchema.parse(body));
  expect(other).toMatchObject({
    title: "Consoles",
    description: "As it was.",
    kind: "rush",
    source: "inventory",
    locationId: "east",
    quantity: 4,
    phase: "scheduled",
    admission: one?.admission,
  });
  const open = (sale: typeof one): number =>
    Date.parse(sale?.schedule.closesAt ?? "") - Date.parse(sale?.schedule.opensAt ?? "");
  expect(other?.id).not.toBe(id);
  expect(other?.draw.commitment).not.toBe(one?.draw.commitment);
  expect(open(other)).toBe(open(one));
  await isLevel(10, 0);
});
