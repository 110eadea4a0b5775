// The requests to warehouses in an operator's hands.

import { askedRequestSchema } from "@dropgate/contracts/wms-requests";
import { askWarehouse } from "@dropgate/inventory/warehouse/asking";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { aLocation, aProduct, pointersOf } from "../inventory/requests.ts";
import { BOOTSTRAP_KEY, openStage, type Stage, type Told } from "../stage.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await openStage(
    { redisUrl: inject("redisUrl"), databaseUrl: inject("databaseUrl") },
    { WMS_URL: "https://warehouse.example/wms" },
  );
  await admin("POST", "locations", aLocation({ id: "east" }));
  await admin("POST", "locations", aLocation({ id: "west", wmsUrl: "https://west.example/" }));
  await admin("POST", "products", aProduct({ sku: "tee" }));
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
const items = ({ body }: Told): Record<string, unknown>[] => body["items"] as Record<string, unknown>[];
const idsOf = (told: Told): unknown[] => items(told).map(({ id }) => id);

async function asked(orderId: string, locationId: string): Promise<string> {
  const [id = ""] = await stage.database.truth.transaction((tx) =>
    askWarehouse(tx, [
      {
        ask: "pick",
        locationId,
        orderId,
        items: [{ sku: "tee", quantity: 1 }],
        shipTo: null,
        method: null,
        reference: { type: "reservation", id: "res_1" },
        actor: "tester",
      },
    ]),
  );
  return id;
}
const die = (id: string): Promise<unknown> =>
  stage.database.truth.query(
    "UPDATE wms_outbox SET state = 'dead', last_error = 'it answered 400' WHERE request_id = $1",
    [id],
  );

describe("the list", () => {
  it("shows the newest first, by page, state, order and location, and where each goes", async () => {
    const first = await asked("o:1", "east");
    const second = await asked("o:1", "west");
    const third = await asked("o:2", "west");
    await die(second);
    expect(idsOf(await admin("GET", "wms/outbox"))).toEqual([third, second, first]);
    const page = await admin("GET", "wms/outbox?limit=2");
    expect(idsOf(page)).toEqual([third, second]);
    const next = await admin("GET", `wms/outbox?limit=2&cursor=${String(page.body["nextCursor"])}`);
    expect(idsOf(next)).toEqual([first]);
    expect(next.body["nextCursor"]).toBeNull();
    expect(idsOf(await admin("GET", "wms/outbox?state=dead"))).toEqual([second]);
    expect(idsOf(await admin("GET", `wms/outbox?orderId=${encodeURIComponent("o:1")}`))).toEqual([
      second,
      first,
    ]);
    expect(idsOf(await admin("GET", "wms/outbox?locationId=west&state=waiting"))).toEqual([third]);
    const [east] = items(await admin("GET", "wms/outbox?locationId=east"));
    expect(askedRequestSchema.parse(east)).toMatchObject({
      requestType: "PICK_REQUEST",
      state: "waiting",
      url: "https://warehouse.example/wms",
      attempts: 0,
      sentAt: null,
      body: { requestId: first, orderId: "o:1" },
    });
    const [dead] = items(await admin("GET", "wms/outbox?state=dead"));
    expect(dead).toMatchObject({ url: "https://west.example/", nextAt: null, lastError: "it answered 400" });
  });

  it("refuses what is no state, no cursor, and who is no operator", async () => {
    expect(pointersOf(await admin("GET", "wms/outbox?state=lost"))).toEqual(["/state"]);
    expect(pointersOf(await admin("GET", "wms/outbox?cursor=abc"))).toEqual(["/cursor"]);
    expect((await stage.call("GET", "/api/v1/admin/wms/outbox")).status).toBe(401);
  });
});

describe("a dead request", () => {
  it("is sent again once, and the ledger says by whom", async () => {
    const id = await asked("o:3", "east");
    await die(id);
    const again = await admin("POST", `wms/outbox/${id}/resend`, {}, { "idempotency-key": "again" });
    expect(again.status).toBe(200);
    expect(askedRequestSchema.parse(again.body)).toMatchObject({ state: "waiting", attempts: 0 });
    const replayed = await admin("POST", `wms/outbox/${id}/resend`, {}, { "idempotency-key": "again" });
    expect(replayed.text).toBe(again.text);
    const [note] = items(await admin("GET", "inventory/ledger?locationId=east&limit=1"));
    expect(note).toMatchObject({
      type: "warehouse.resent",
      actor: "operator:bootstrap",
      reference: { type: "wms-request", id },
    });
  });

  it("is refused when it was sent or is not there", async () => {
    const id = await asked("o:4", "east");
    await stage.database.truth.query(
      "UPDATE wms_outbox SET state = 'sent', sent_at = clock_timestamp() WHERE request_id = $1",
      [id],
    );
    expect(await admin("POST", `wms/outbox/${id}/resend`)).toMatchObject({
      status: 409,
      body: { code: "WRONG_STATE" },
    });
    expect(await admin("POST", "wms/outbox/wms_nothing/resend")).toMatchObject({
      status: 404,
      body: { code: "WMS_REQUEST_NOT_FOUND" },
    });
  });
});

describe("a count", () => {
  it("is asked of the warehouse, and of what there is only", async () => {
    const count = await admin("POST", "cycle-counts", {
      locationId: "west",
      sku: "tee",
      reason: "looks odd",
    });
    expect(count.status).toBe(201);
    expect(askedRequestSchema.parse(count.body)).toMatchObject({
      requestType: "COUNT_REQUEST",
      state: "waiting",
      body: { sku: "tee", locationId: "west", reason: "looks odd" },
    });
    const refused = async (body: object): Promise<unknown> =>
      (await admin("POST", "cycle-counts", body)).body["code"];
    expect(await refused({ locationId: "west", sku: "none" })).toBe("PRODUCT_NOT_FOUND");
    expect(await refused({ locationId: "none", sku: "tee" })).toBe("LOCATION_NOT_FOUND");
    const bad = await admin("POST", "cycle-counts", { locationId: "a b", sku: "", extra: 1 });
    expect(bad.status).toBe(400);
    expect(pointersOf(bad)).toEqual(expect.arrayContaining(["/locationId", "/sku"]));
  });
});
