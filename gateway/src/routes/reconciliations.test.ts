// Reconciliations from outside: asked for, done by a worker, looked at, applied.
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { BOOTSTRAP_KEY, openStage, type Stage, type Told } from "../stage.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({ redisUrl: inject("redisUrl"), databaseUrl: inject("databaseUrl") });
  await stage.worker();
});
afterAll(() => stage.stop());

const admin = (method: string, path: string, body?: unknown): Promise<Told> =>
  stage.call(method, `/api/v1/admin/${path}`, {
    bearer: BOOTSTRAP_KEY,
    ...(body === undefined ? {} : { body }),
  });

test("an operator asks, a worker looks, the operator has it repaired, and the report is whole again", async () => {
  const product = {
    sku: "tee/ü:{1}",
    title: "Tee",
    price: { amount: 1_000, currency: "USD" },
    weightGrams: 100,
    dimensionsMm: { length: 1, width: 1, height: 1 },
    hazmat: false,
    oversized: false,
    refrigerated: false,
  };
  expect((await admin("POST", "products", product)).status).toBe(201);
  const { truth } = stage.database;
  await truth.query(
    `INSERT INTO locations (id, name, type, postal_code, country, lat, lon, time_zone, shipping_methods, handles_hazmat,
       handles_oversized, handles_refrigerated, service_regions, operating_days, capacity_per_day, current_utilization)
     VALUES ('east', 'East', 'warehouse', '10001', 'US', 40, -74, 'America/New_York', '[]', true, true, true, '{US}',
       '{1}', 10, 0)`,
  );
  await truth.query(
    "INSERT INTO inventory_levels (sku, location_id, on_hand) VALUES ('tee/ü:{1}', 'east', 3)",
  );

  const asked = await admin("POST", "reconciliations", { sku: "tee/ü:{1}" });
  expect(asked.status).toBe(202);
  expect(asked.body).toMatchObject({
    state: "waiting",
    levels: 0,
    requestedBy: expect.stringMatching(/^operator:/),
  });
  const id = String(asked.body["id"]);
  const done = await stage.until(async () => {
    const { body } = await admin("GET", `reconciliations/${id}`);
    return body["state"] === "done" ? body : null;
  });
  expect(done).toMatchObject({ levels: 1, differences: { proposed: 1 } });
  const differences = await admin("GET", `reconciliations/${id}/differences?state=proposed`);
  expect(differences.body["items"]).toMatchObject([
    { sku: "tee/ü:{1}", found: { onHand: 3 }, proposed: { onHand: 0 } },
  ]);

  const applied = await admin("POST", `reconciliations/${id}/apply`, {});
  expect(applied.body).toMatchObject({ differences: { proposed: 0, applied: 1 } });
  expect((await admin("GET", "inventory/report")).body).toMatchObject({ ok: true });
  const list = await admin("GET", "reconciliations?limit=1");
  expect(list.body).toMatchObject({ items: [{ id, state: "done" }] });
});

test("what is found is repaired at once when it was asked for so", async () => {
  await stage.database.truth.query("UPDATE inventory_levels SET damaged = 9");
  const asked = await admin("POST", "reconciliations", { apply: true });
  const id = String(asked.body["id"]);
  await stage.until(async () => {
    const { body } = await admin("GET", `reconciliations/${id}`);
    return (body["differences"] as { applied: number }).applied === 1 || null;
  });
});

test("bad requests are refused, each with its reason", async () => {
  const refused = async (path: string, body: unknown): Promise<unknown> => {
    const told = await admin("POST", path, body);
    return [told.status, told.body["code"]];
  };
  expect(await refused("reconciliations", { sku: "nowhere" })).toEqual([404, "PRODUCT_NOT_FOUND"]);
  expect(await refused("reconciliations", { sku: "" })).toEqual([400, "INVALID_REQUEST"]);
  expect(await refused("reconciliations", { all: true })).toEqual([400, "INVALID_REQUEST"]);
  expect(await refused("reconciliations/none/apply", {})).toEqual([404, "RECONCILIATION_NOT_FOUND"]);
  expect((await admin("GET", "reconciliations/none/differences")).status).toBe(404);
  expect((await admin("GET", "reconciliations?cursor=x")).status).toBe(400);
  expect((await stage.call("GET", "/api/v1/admin/reconciliations")).status).toBe(401);
});

test("a hot store that shows other figures than PostgreSQL is found and loaded anew", async () => {
  const { truth } = stage.database;
  const checked = async (): Promise<unknown> =>
    (
      await stage.call("POST", "/api/v1/inventory/check", {
        bearer: BOOTSTRAP_KEY,
        body: { items: [{ sku: "tee/ü:{1}", quantity: 1 }] },
      })
    ).body["items"];
  // What is still on its way to the hot store would bring what we are about to hide.
  await stage.until(async () => {
    const { rows } = await truth.query<{ left: number }>(
      "SELECT count(*) AS left FROM inventory_transactions WHERE tx >= (SELECT tx FROM stock_following)",
    );
    return rows[0]?.left === 0 || null;
  });
  await checked();
  // Behind everybody's back, without a revision: no follower sees it.
  await truth.query("UPDATE inventory_levels SET safety_stock = 7 WHERE sku = 'tee/ü:{1}'");
  const asked = await admin("POST", "reconciliations", { sku: "tee/ü:{1}" });
  const id = String(asked.body["id"]);
  await stage.until(async () => {
    const { body } = await admin("GET", `reconciliations/${id}`);
    return body["state"] === "done" || null;
  });
  const found = await admin("GET", `reconciliations/${id}/differences`);
  expect(found.body["items"]).toMatchObject([
    { kind: "hot_differs_from_truth", found: { safetyStock: 0 }, proposed: { safetyStock: 7 } },
  ]);
  await admin("POST", `reconciliations/${id}/apply`, {});
  const again = await admin("POST", "reconciliations", { sku: "tee/ü:{1}" });
  const done = await stage.until(async () => {
    await checked();
    const { body } = await admin("GET", `reconciliations/${String(again.body["id"])}`);
    return body["state"] === "done" ? body : null;
  });
  expect(done["differences"]).toMatchObject({ proposed: 0 });
});
