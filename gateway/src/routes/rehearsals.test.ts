// Dry runs from outside, with a real worker and its real crowd of simulated shoppers.
import { type RehearsalView, rehearsalViewSchema } from "@dropgate/contracts/rehearsal";
import { removeRehearsals } from "@dropgate/inventory/rehearsing/remove";
import { HotStore } from "@dropgate/lua";
import { HotStoreAway } from "@dropgate/lua/away";
import { claimRehearsal } from "@dropgate/sql/rehearsals/rehearsal-row";
import { afterAll, beforeAll, expect, inject, it } from "vitest";
import { BOOTSTRAP_KEY, openStage, type Stage, type Told } from "../stage.ts";

/** A run begins, is played and heard of its end within this, on a machine that has other work too. */
const RUN_MS_MAX = 60_000;

let stage: Stage;
beforeAll(async () => {
  // Simulated shoppers come from one address: without their pass most would be refused.
  stage = await openStage(
    { redisUrl: inject("redisUrl"), databaseUrl: inject("databaseUrl") },
    { JOINS_PER_ADDRESS: "1/5" },
  );
});
afterAll(() => stage.stop());

const admin = (method: string, path: string, body?: unknown): Promise<Told> =>
  stage.call(method, `/api/v1/admin/sales/${path}`, {
    bearer: BOOTSTRAP_KEY,
    ...(body !== undefined && { body }),
  });
const gist = ({ status, body }: Told): unknown[] => [
  status,
  body["code"] ?? body["state"] ?? body["removed"],
];

async function view(saleId: string): Promise<RehearsalView> {
  return rehearsalViewSchema.parse((await admin("GET", `${saleId}/dry-run`)).body);
}

/** The run in that state. */
function runAs(saleId: string, state: string): Promise<NonNullable<RehearsalView["run"]>> {
  return stage.until(async () => {
    const { run } = await view(saleId);
    return run?.state === state ? run : null;
  }, RUN_MS_MAX);
}

/** What is remembered of a sale's rehearsals, and who did it, the newest first. */
async function actsOf(saleId: string): Promise<[unknown, unknown][]> {
  const { body } = await stage.call("GET", `/api/v1/admin/settings-acts?subject=${saleId}`, {
    bearer: BOOTSTRAP_KEY,
  });
  return (body["items"] as Record<string, unknown>[]).map(({ act, actor }) => [act, actor]);
}

const phaseOf = async (saleId: string | null): Promise<unknown> =>
  (await stage.call("GET", `/api/v1/sales/${saleId}`)).body["phase"];

it("a run whose worker died counts as interrupted, its copy is closed and its key revoked", async () => {
  const { id } = await stage.sale();
  expect(await view(id)).toEqual({ run: null, earlier: [] });
  expect(gist(await admin("POST", `${id}/dry-run/stop`))).toEqual([404, "REHEARSAL_NOT_FOUND"]);
  const started = await admin("POST", `${id}/dry-run`, { shoppers: 10 });
  expect(gist(started)).toEqual([201, "waiting"]);
  expect(gist(await admin("POST", `${id}/dry-run`, { shoppers: 10 }))).toEqual([409, "WRONG_STATE"]);
  const { truth } = stage.database;
  await truth.query(
    "INSERT INTO api_keys (id, name, hash, scopes) VALUES ('key_run', 'dry run', sha256('x'), '{merchant}')",
  );
  await truth.transaction((tx) => claimRehearsal(tx, "a worker that dies"));
  await truth.query(
    "UPDATE rehearsals SET api_key_id = 'key_run', beat_at = beat_at - interval '1 minute' WHERE rehearsed = $1",
    [id],
  );
  for (let i = 0; i < 2; i++) expect((await admin("POST", `${id}/dry-run/stop`)).status).toBe(200);
  await stage.worker();
  const run = await runAs(id, "interrupted");
  expect(run.detail).toContain("interrupted");
  await stage.until(async () => ((await phaseOf(run.saleId)) === "closed" ? true : null));
  const { rows } = await truth.query("SELECT revoked_at FROM api_keys WHERE id = 'key_run'");
  expect(rows).toEqual([{ revoked_at: expect.any(Date) }]);

  // It goes whole, whatever operators did to the copy meanwhile; while Redis is away it stays whole.
  expect((await admin("PUT", `${run.saleId}/theme`, { texts: { en: { brand: "Tried" } } })).status).toBe(200);
  const away = new HotStore({ url: "redis://127.0.0.1:1" });
  await expect(removeRehearsals(truth, away, { rehearsed: id }, "test")).rejects.toThrow(HotStoreAway);
  await away.close();
  expect((await view(id)).run).toMatchObject({ id: run.id, saleId: run.saleId });
  expect(gist(await admin("DELETE", `${id}/dry-run`))).toEqual([200, 1]);
  expect(await stage.redis.keys(`{${run.saleId}*`)).toEqual([]);
  expect(await actsOf(id)).toEqual([
    ["rehearsal.removed", "operator:bootstrap"],
    ["rehearsal.stopped", "operator:bootstrap"],
    ["rehearsal.started", "operator:bootstrap"],
  ]);
});

it("is played by simulated shoppers on a copy that nobody else can join, beside how it should go, and removed", async () => {
  await stage.worker();
  const { id } = await stage.sale({ quantity: 12, claimWindowSeconds: 45 });
  const before = await admin("GET", id);
  const started = await admin("POST", `${id}/dry-run`, { shoppers: 40, behaviour: "eager", speed: 20 });
  expect(started.status, started.text).toBe(201);
  const copy = String(started.body["saleId"]);
  const shown = await stage.call("GET", `/api/v1/sales/${copy}`);
  expect(shown.body).toMatchObject({ rehearsal: true, quantity: 12, claimWindowSeconds: 2 });
  const cookie = await stage.cookie(copy);
  expect(gist(await stage.call("POST", `/api/v1/sales/${copy}/entries`, { cookie, body: {} }))).toEqual([
    403,
    "REHEARSAL_ONLY",
  ]);
  expect(gist(await admin("POST", `${copy}/dry-run`, { shoppers: 1 }))).toEqual([409, "WRONG_STATE"]);
  const idsOf = async (path: string): Promise<unknown[]> => {
    const { body } = await stage.call("GET", path, { bearer: BOOTSTRAP_KEY });
    return (body["items"] as { id: string }[]).map((sale) => sale.id);
  };
  expect(await idsOf("/api/v1/sales?limit=100")).not.toContain(copy);
  expect(await idsOf("/api/v1/admin/sales?limit=100")).not.toContain(copy);
  expect(await idsOf("/api/v1/admin/sales?limit=100&rehearsals=with")).toContain(copy);

  const { body: defence } = await stage.call("GET", "/api/v1/admin/bot-defence", { bearer: BOOTSTRAP_KEY });
  const defended = (defence["sales"] as { saleId: string }[]).map((sale) => sale.saleId);
  expect(defended).toContain(id);
  expect(defended).not.toContain(copy);

  const run = await runAs(id, "ended");
  expect(run.outcome, JSON.stringify(run.outcome)).toMatchObject({
    joined: 40,
    purchased: 12,
    anomalies: [],
  });
  expect(Object.keys(run.outcome?.refusals ?? {}).filter((what) => what.includes("RATE_LIMITED"))).toEqual(
    [],
  );
  for (const { points } of [run.predicted, run.seen]) {
    const last = points.at(-1);
    expect(last?.joined).toBeCloseTo(40, 4);
    expect(last?.sold).toBeCloseTo(12, 4);
  }
  // Nothing of it is the sale's own.
  expect((await admin("GET", id)).body["units"]).toEqual(before.body["units"]);
  const report = await admin("GET", `${copy}/report`);
  expect(report.body, JSON.stringify(report.body["checks"])).toMatchObject({ ok: true, sold: 12 });

  expect(gist(await admin("DELETE", `${id}/dry-run`))).toEqual([200, 1]);
  expect(await view(id)).toEqual({ run: null, earlier: [] });
  expect((await stage.call("GET", `/api/v1/sales/${copy}`)).status).toBe(404);
  const { truth } = stage.database;
  for (const table of ["entries", "holds", "units", "ledger", "tickets", "orders", "lanes"]) {
    const { rows } = await truth.query(`SELECT count(*) AS left FROM ${table} WHERE sale_id = $1`, [copy]);
    expect([table, rows]).toEqual([table, [{ left: 0 }]]);
  }
  expect(await stage.redis.keys(`{${copy}*`)).toEqual([]);
}, 120_000);

it("is played of a rush as well: simulated shoppers try until all units are sold", async () => {
  await stage.worker();
  const { id } = await stage.sale({ kind: "rush", quantity: 12, admission: { ratePerSecond: 2, burst: 3 } });
  await admin("POST", `${id}/dry-run`, { shoppers: 40, behaviour: "eager", speed: 10 });
  const run = await runAs(id, "ended");
  expect(run.outcome, JSON.stringify(run.outcome)).toMatchObject({
    joined: 12,
    purchased: 12,
    anomalies: [],
  });
  for (const { points } of [run.predicted, run.seen]) {
    expect(points.at(-1)?.offered).toBeCloseTo(12, 4);
    expect(points.at(-1)?.sold).toBeCloseTo(12, 4);
  }
  const report = await admin("GET", `${run.saleId}/report`);
  expect(report.body, JSON.stringify(report.body["checks"])).toMatchObject({ ok: true, sold: 12 });
}, 120_000);

it("ends when it is stopped, and what a real sale has is never removed", async () => {
  await stage.worker();
  const { id } = await stage.sale();
  await admin("PUT", `${id}/theme`, { texts: { en: { brand: "Real" } } });
  await admin("POST", `${id}/dry-run`, { shoppers: 5_000 });
  await runAs(id, "running");
  await admin("POST", `${id}/dry-run/stop`);
  const run = await runAs(id, "stopped");
  // An earlier one is shown with its curves like the newest, and only this sale's.
  await admin("POST", `${id}/dry-run`, { shoppers: 1 });
  await admin("POST", `${id}/dry-run/stop`);
  const ask = async (run: string) =>
    rehearsalViewSchema.parse((await admin("GET", `${id}/dry-run?run=${run}`)).body);
  const earlier = await ask(run.id);
  expect(earlier.run).toMatchObject({ id: run.id, predicted: run.predicted });
  expect(earlier.earlier.map(({ id: other }) => other)).toEqual([(await view(id)).run?.id]);
  const other = await stage.sale();
  for (const path of [`${other.id}/dry-run?run=${run.id}`, `${id}/dry-run?run=run_of_nobody`]) {
    expect(gist(await admin("GET", path)), path).toEqual([404, "REHEARSAL_NOT_FOUND"]);
  }
  await stage.until(async () => ((await phaseOf(run.saleId)) === "closed" ? true : null));
  await admin("POST", `${id}/actions/close`);
  const { truth } = stage.database;
  for (const table of ["ledger", "lane_closings", "ledger_pages", "theme_changes"]) {
    const rows = await truth.query(`SELECT 1 FROM ${table} WHERE sale_id = $1`, [id]);
    if (rows.rowCount === 0) continue;
    await expect(truth.query(`DELETE FROM ${table} WHERE sale_id = $1`, [id])).rejects.toThrow("append-only");
  }
  await expect(truth.query("UPDATE sales SET rehearsal = true WHERE id = $1", [id])).rejects.toThrow(
    "append-only",
  );
}, 120_000);
