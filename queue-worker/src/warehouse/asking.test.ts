// Requests reach the warehouse: once written, signed, in order, by any number of workers, whoever dies.
import { createHmac } from "node:crypto";
import { WMS_SENDS_PER_LOCATION, WMS_TRIES_MAX } from "@dropgate/contracts/limits";
import { wmsRequestSchema } from "@dropgate/contracts/wms-requests";
import { insertPlaces } from "@dropgate/inventory/levels/places";
import { sealedAbout } from "@dropgate/inventory/locations/wms-secret";
import { resendRequestIn } from "@dropgate/inventory/warehouse/resend";
import { listTransactions } from "@dropgate/sql/levels/transactions";
import { type TestDatabase, testDatabase } from "@dropgate/sql/template-database";
import { claimRequests } from "@dropgate/sql/warehouse/claim-requests";
import { settleRequest } from "@dropgate/sql/warehouse/settle-request";
import { afterEach, beforeEach, expect, inject, test } from "vitest";
import { WarehouseAsking, type WarehouseSettings } from "./asking.ts";
import {
  ask,
  cancel,
  type Heard,
  hurry,
  look,
  openWarehouse,
  pick,
  SECRET,
  sealer,
  settingsFor,
  type Warehouse,
} from "./warehouse-stage.ts";

let database: TestDatabase;
let warehouse: Warehouse;
const events: string[] = [];
const errors: unknown[] = [];
beforeEach(async () => {
  database = await testDatabase(inject("databaseUrl"));
  warehouse = await openWarehouse();
  events.splice(0);
  errors.splice(0);
  await insertPlaces(database.truth, ["a", "b"], ["east", "west"]);
});
afterEach(async () => {
  warehouse.close();
  await database.drop();
});

function worker(url: string | null = warehouse.url, over: Partial<WarehouseSettings> = {}): WarehouseAsking {
  const context = {
    truth: database.truth,
    log: { info() {}, warn() {}, error: (fields: object) => void errors.push(fields) },
    happened: (what: string) => void events.push(what),
  };
  return new WarehouseAsking(context, { ...settingsFor(url), ...over });
}

/** Steps until nothing more is due now. */
async function drain(asking: WarehouseAsking): Promise<void> {
  for (let heard = -1; heard !== warehouse.heard.length; ) {
    heard = warehouse.heard.length;
    await asking.step();
    await asking.ended();
  }
}
const told = (): string[] =>
  warehouse.heard.map(
    ({ request }) => `${request.requestType} ${"orderId" in request ? request.orderId : ""}`,
  );
const claim = {
  defaultUrl: "http://x/",
  hasSharedSecret: true,
  busyLocations: [],
  perLocation: 9,
  most: 9,
  leaseMs: 30_000,
};

test("a request is sent as the contract says, signed over its very bytes, and is a note in the ledger", async () => {
  const [id = ""] = await ask(database.truth, pick("o-1"));
  await drain(worker());
  const [heard] = warehouse.heard;
  expect(wmsRequestSchema.parse(heard?.request)).toMatchObject({
    requestId: id,
    requestType: "PICK_REQUEST",
    orderId: "o-1",
    locationId: "east",
    items: [{ sku: "a", quantity: 2 }],
  });
  const [, t = "", v1 = ""] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(heard?.signature ?? "") ?? [];
  expect(createHmac("sha256", SECRET).update(`${t}.${heard?.body}`).digest("hex")).toBe(v1);
  expect(Math.abs(Date.now() / 1000 - Number(t))).toBeLessThan(60);
  expect(await look(database.truth, id)).toMatchObject({ state: "sent", attempts: 1, lastError: null });
  const [note] = await listTransactions(database.truth, { sku: undefined, locationId: "east" }, null, 1);
  expect(note).toMatchObject({ type: "warehouse.asked", referenceId: "res_1", data: { requestId: id } });
  expect(events).toEqual(["warehouse.asked"]);
});

test("a transaction that is rolled back asks nothing", async () => {
  const broken = database.truth.transaction(async (tx) => {
    const { askWarehouse } = await import("@dropgate/inventory/warehouse/asking");
    await askWarehouse(tx, [pick("o-1")]);
    throw new Error("no");
  });
  await expect(broken).rejects.toThrow("no");
  await drain(worker());
  expect(warehouse.heard).toEqual([]);
});

test("of one order a location hears everything in order, and orders and locations don't wait for each other", async () => {
  await ask(
    database.truth,
    pick("o-1"),
    cancel("o-1"),
    pick("o-2"),
    pick("o-1", "west"),
    cancel("o-1", "west"),
  );
  let failures = 3;
  warehouse.answer = ({ request }) =>
    request.locationId === "east" && "orderId" in request && request.orderId === "o-1" && failures-- > 0
      ? 503
      : 202;
  const asking = worker();
  await drain(asking);
  expect(told().toSorted()).toEqual([
    "CANCEL_REQUEST o-1",
    "PICK_REQUEST o-1",
    "PICK_REQUEST o-1",
    "PICK_REQUEST o-2",
  ]);
  for (let i = 0; i < 3; i++) {
    await hurry(database.truth);
    await drain(asking);
  }
  const east = warehouse.heard.filter(({ request }) => request.locationId === "east");
  expect(east.map(({ request }) => request.requestType).slice(-2)).toEqual([
    "PICK_REQUEST",
    "CANCEL_REQUEST",
  ]);
  expect(events.filter((what) => what === "warehouse.failed")).toHaveLength(3);
});

test("four workers send each request once", async () => {
  const orders = Array.from({ length: 60 }, (_, i) => `o-${i}`);
  for (const order of orders) await ask(database.truth, pick(order), cancel(order));
  const workers = [1, 2, 3, 4].map(() => worker());
  for (let round = 0; warehouse.heard.length < 120 && round < 400; round++) {
    await Promise.all(workers.map((each) => each.step()));
  }
  await Promise.all(workers.map((each) => each.ended()));
  expect(new Set(warehouse.heard.map(({ request }) => request.requestId)).size).toBe(120);
  expect(warehouse.heard).toHaveLength(120);
  for (const order of orders) {
    const types = warehouse.heard.filter(({ request }) => "orderId" in request && request.orderId === order);
    expect(types.map(({ request }) => request.requestType)).toEqual(["PICK_REQUEST", "CANCEL_REQUEST"]);
  }
  expect(errors).toEqual([]);
});

test("what a worker was sending when it died is sent again under the same id, not before its time is over", async () => {
  const [id = ""] = await ask(database.truth, pick("o-1"), cancel("o-1"));
  // It dies between the claim and its outcome.
  expect(await claimRequests(database.truth, claim)).toHaveLength(1);
  const asking = worker();
  await drain(asking);
  expect(warehouse.heard).toEqual([]);
  await database.truth.query("UPDATE wms_outbox SET next_at = clock_timestamp() WHERE request_id = $1", [id]);
  await drain(asking);
  expect(told()).toEqual(["PICK_REQUEST o-1", "CANCEL_REQUEST o-1"]);
  expect(warehouse.heard[0]?.request.requestId).toBe(id);
  expect(await look(database.truth, id)).toMatchObject({ state: "sent", attempts: 2 });
});

test("a worker that stood still writes nothing over what another has done since", async () => {
  const [id = ""] = await ask(database.truth, pick("o-1"));
  const [old] = await claimRequests(database.truth, claim);
  await hurry(database.truth);
  const [newer] = await claimRequests(database.truth, claim);
  if (old === undefined || newer === undefined) throw new Error("both claimed it");
  expect(await settleRequest(database.truth, old, { to: "dead", error: "late" })).toBe(false);
  expect(await settleRequest(database.truth, newer, { to: "sent" })).toBe(true);
  expect(await settleRequest(database.truth, newer, { to: "dead", error: "twice" })).toBe(false);
  expect(await look(database.truth, id)).toMatchObject({ state: "sent", lastError: null });
});

test("a location that does not answer holds up no other", async () => {
  let open: (status: number) => void = () => {};
  const hanging = new Promise<number>((resolve) => {
    open = resolve;
  });
  warehouse.answer = ({ request }) => (request.locationId === "east" ? hanging : 202);
  const asking = worker();
  for (let i = 0; i < 10; i++) await ask(database.truth, pick(`e-${i}`), pick(`w-${i}`, "west"));
  const west = (): number => warehouse.heard.filter(({ request }) => request.locationId === "west").length;
  const end = Date.now() + 8_000;
  while (west() < 10 && Date.now() < end) {
    await asking.step();
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(west()).toBe(10);
  expect(warehouse.heard.length - west()).toBeLessThanOrEqual(WMS_SENDS_PER_LOCATION);
  open(202);
  await asking.ended();
});

test("a refusal and too many failures end in a dead letter with an alert; what is behind it goes on", async () => {
  const [refused = "", behind = ""] = await ask(database.truth, pick("o-1"), cancel("o-1"));
  warehouse.answer = ({ request }) => (request.requestId === refused ? 400 : 202);
  await drain(worker());
  expect(await look(database.truth, refused)).toMatchObject({ state: "dead", lastError: "it answered 400" });
  expect(await look(database.truth, behind)).toMatchObject({ state: "sent" });

  const [failing = ""] = await ask(database.truth, pick("o-2"));
  warehouse.answer = () => 500;
  await database.truth.query("UPDATE wms_outbox SET attempts = $2 WHERE request_id = $1", [
    failing,
    WMS_TRIES_MAX - 1,
  ]);
  await drain(worker());
  expect(await look(database.truth, failing)).toMatchObject({ state: "dead", attempts: WMS_TRIES_MAX });
  const { rows } = await database.truth.query(
    "SELECT kind, subject, location_id FROM alerts ORDER BY first_at",
  );
  expect(rows).toEqual([
    { kind: "dead_letter", subject: refused, location_id: "east" },
    { kind: "dead_letter", subject: failing, location_id: "east" },
  ]);
});

test("a dead one is sent again, unless a later one of its line went out", async () => {
  const resend = (id: string) => database.truth.transaction((tx) => resendRequestIn(tx, id, "operator:x"));
  const [first = "", second = ""] = await ask(database.truth, pick("o-1"), pick("o-2"));
  warehouse.answer = () => 400;
  await drain(worker());
  expect((await look(database.truth, second)).state).toBe("dead");
  const later = await ask(database.truth, cancel("o-2"));

  warehouse.answer = () => 202;
  expect(await resend(second)).toMatchObject({ ok: true, value: { state: "waiting", attempts: 0 } });
  expect(await resend(second)).toMatchObject({ ok: true });
  warehouse.heard.splice(0);
  // What is behind it waits a moment longer, so that no claim that began before can take it first.
  const [revived, behind] = [await look(database.truth, second), await look(database.truth, later[0] ?? "")];
  expect(behind.nextAt.getTime() - revived.nextAt.getTime()).toBeGreaterThan(900);
  await drain(worker());
  await hurry(database.truth);
  await drain(worker());
  expect(told()).toEqual(["PICK_REQUEST o-2", "CANCEL_REQUEST o-2"]);
  expect(await resend(later[0] ?? "")).toMatchObject({ ok: false, refusal: "WRONG_STATE" });

  await ask(database.truth, cancel("o-1"));
  await drain(worker());
  expect(await resend(first)).toMatchObject({ ok: false, refusal: "WRONG_STATE" });
  expect(await resend("wms_nothing")).toMatchObject({ ok: false, refusal: "WMS_REQUEST_NOT_FOUND" });
});

test("a location's own address comes first; without any a request waits", async () => {
  const own = await openWarehouse();
  await database.truth.query("UPDATE locations SET wms_url = $1 WHERE id = 'east'", [own.url]);
  const [east = "", west = ""] = await ask(database.truth, pick("o-1"), pick("o-1", "west"));
  await drain(worker(null));
  own.close();
  expect(own.heard).toHaveLength(1);
  expect(warehouse.heard).toEqual([]);
  expect((await look(database.truth, east)).state).toBe("sent");
  expect(await look(database.truth, west)).toMatchObject({ state: "waiting", attempts: 0 });
});

test("a private address that nobody allowed is not called, and the list says why", async () => {
  const context = { truth: database.truth, log: { info() {}, warn() {}, error() {} }, happened() {} };
  const [id = ""] = await ask(database.truth, pick("o-1"));
  await drain(new WarehouseAsking(context, { ...settingsFor(warehouse.url), allowPrivate: [] }));
  expect(warehouse.heard).toEqual([]);
  const row = await look(database.truth, id);
  expect(row).toMatchObject({ state: "waiting", attempts: 1 });
  expect(row.lastError).toContain("WMS_ALLOW_PRIVATE");
});

test("a request is signed by its location's own secret, and by WMS_SECRET where there is none", async () => {
  const own = "a secret of east alone {é}";
  const set = (secret: string, about = "east"): Promise<unknown> =>
    database.truth.query(
      `INSERT INTO location_wms_secrets (location_id, sealed, previous_until) VALUES ('east', $1, clock_timestamp())
       ON CONFLICT (location_id) DO UPDATE SET sealed = excluded.sealed`,
      [sealer.seal(Buffer.from(secret), sealedAbout(about))],
    );
  await set(own);
  const signedBy = (secret: string, heard: Heard | undefined): boolean => {
    const [, t = "", v1 = ""] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(heard?.signature ?? "") ?? [];
    return createHmac("sha256", secret).update(`${t}.${heard?.body}`).digest("hex") === v1;
  };
  await ask(database.truth, pick("o-1"), pick("o-1", "west"));
  await drain(worker());
  const at = (place: string): Heard | undefined =>
    warehouse.heard.find(({ request }) => request.locationId === place);
  expect([signedBy(own, at("east")), signedBy(SECRET, at("west"))]).toEqual([true, true]);

  // Without WMS_SECRET who has none of their own waits, and the others are asked.
  warehouse.heard.splice(0);
  const [east = "", west = ""] = await ask(database.truth, pick("o-2"), pick("o-2", "west"));
  await drain(worker(warehouse.url, { secret: null }));
  expect([signedBy(own, at("east")), at("west")]).toEqual([true, undefined]);
  expect((await look(database.truth, east)).state).toBe("sent");
  expect(await look(database.truth, west)).toMatchObject({ state: "waiting", attempts: 0 });

  // One that cannot be opened signs nothing, and WMS_SECRET does not stand in for it.
  warehouse.heard.splice(0);
  await set(own, "another location");
  const [sealed = ""] = await ask(database.truth, pick("o-3"));
  await drain(worker());
  expect(at("east")).toBeUndefined();
  const row = await look(database.truth, sealed);
  expect(row).toMatchObject({ state: "waiting", attempts: 1 });
  expect(row.lastError).toContain("set it anew");
  expect(JSON.stringify(errors)).not.toContain(own);
});
