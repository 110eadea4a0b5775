// What a gateway says while Redis or PostgreSQL is away, from its start on, and that it mends by itself.
import { rebuildLane } from "@dropgate/inventory/rebuilding";
import { keysLike } from "@dropgate/lua/general-client";
import { TcpProxy } from "@dropgate/lua/tcp-proxy";
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from "vitest";
import { BOOTSTRAP_KEY, openStage, type Stage, type StageRequest, type Told } from "./stage.ts";
import type { Gateway } from "./start-gateway.ts";

let stage: Stage;
let redis: TcpProxy;
let postgres: TcpProxy;
/** A gateway whose ways to its stores can be cut. */
let gateway: Gateway;
beforeAll(async () => {
  stage = await openStage({ redisUrl: inject("redisUrl"), databaseUrl: inject("databaseUrl") });
  redis = await TcpProxy.listen(inject("redisUrl"));
  postgres = await TcpProxy.listen(stage.database.url);
});
afterAll(async () => {
  await stage.stop();
  await Promise.all([redis.close(), postgres.close()]);
});

function proxied(): Promise<Gateway> {
  const databaseUrl = new URL(stage.database.url);
  databaseUrl.port = new URL(postgres.url).port;
  return stage.another({ REDIS_URL: redis.url, DATABASE_URL: databaseUrl.href });
}
const call = (method: string, path: string, request: StageRequest = {}): Promise<Told> =>
  stage.call(method, path, { at: gateway, ...request });
const gist = ({ status, body }: Told): [number, unknown] => [status, body["code"]];

function away(proxy: TcpProxy): void {
  proxy.refusing = true;
  proxy.cut();
}
async function back(): Promise<void> {
  redis.refusing = false;
  postgres.refusing = false;
  await stage.until(async () => {
    // Only the worker is missing here.
    const { body } = await call("GET", "/readyz");
    return (body["reasons"] as string[]).length === 1 || null;
  });
}

describe("a gateway whose stores are not there when it starts", () => {
  it("listens, says what is missing, answers BUSY, and serves as soon as they come", async () => {
    redis.refusing = true;
    postgres.refusing = true;
    gateway = await proxied();
    expect((await call("GET", "/healthz")).status).toBe(200);
    const ready = await call("GET", "/readyz");
    expect(ready.status).toBe(503);
    expect(ready.body["reasons"]).toEqual([
      "Redis is not connected, or its scripts are not loaded.",
      "PostgreSQL does not answer.",
    ]);
    const { id } = await stage.sale();
    const told = await call("GET", `/api/v1/sales/${id}`);
    expect(gist(told)).toEqual([503, "BUSY"]);
    expect(told.headers.get("retry-after")).not.toBeNull();
    await back();
    expect((await call("GET", `/api/v1/sales/${id}`)).status).toBe(200);
    const cookie = await stage.cookie(id);
    expect((await call("POST", `/api/v1/sales/${id}/entries`, { cookie })).status).toBe(201);
  });
});

describe("while a store is away", () => {
  let saleId: string;
  beforeEach(async () => {
    saleId = (await stage.sale()).id;
    await call("GET", `/api/v1/sales/${saleId}`);
  });

  it("Redis: joins and looks are BUSY, the sale is shown, and a retry names the same entry", async () => {
    const cookie = await stage.cookie(saleId);
    const path = `/api/v1/sales/${saleId}/entries`;
    const first = await call("POST", path, { cookie });
    const entry = `/api/v1/entries/${String(first.body["entryId"])}`;
    away(redis);
    await stage.until(() => !gateway.services.hotStore.ready || null);
    const busy = await call("POST", path, { cookie });
    expect(gist(busy)).toEqual([503, "BUSY"]);
    expect(busy.body["retryAfterMs"]).toBeGreaterThan(0);
    expect(gist(await call("GET", entry, { cookie }))).toEqual([503, "BUSY"]);
    expect((await call("GET", `/api/v1/sales/${saleId}`)).status).toBe(200);
    await back();
    const again = await call("POST", path, { cookie });
    expect([again.status, again.body["entryId"]]).toEqual([200, first.body["entryId"]]);
  });

  it("PostgreSQL: joining goes on; what needs it is BUSY and changes nothing", async () => {
    const cookie = await stage.cookie(saleId);
    away(postgres);
    expect((await call("POST", `/api/v1/sales/${saleId}/entries`, { cookie })).status).toBe(201);
    const holdId = "aaaaaa00_0123456789012345678901";
    const moments = new Set<unknown>();
    for (const told of [
      await call("POST", `/api/v1/holds/${holdId}/claim`, { cookie }),
      await call("POST", `/api/v1/holds/${holdId}/confirm`, {
        bearer: BOOTSTRAP_KEY,
        body: { orderId: "o" },
      }),
      await call("POST", `/api/v1/admin/sales/${saleId}/actions/pause`, { bearer: BOOTSTRAP_KEY }),
      await call("GET", "/api/v1/sales/never-heard-of"),
    ]) {
      expect(gist(told)).toEqual([503, "BUSY"]);
      moments.add(told.body["retryAfterMs"]);
    }
    // Who is told to come again comes at another moment than the others.
    expect(moments.size).toBeGreaterThan(1);
    await back();
    const claim = await call("POST", `/api/v1/holds/${holdId}/claim`, { cookie });
    expect(gist(claim)).toEqual([404, "HOLD_NOT_FOUND"]);
  });

  it("a connection that went silent is BUSY in the end, not for ever", async () => {
    const cookie = await stage.cookie(saleId);
    // Ready is a gateway with one server of a cluster; a connection to another, still on its way, would not be held.
    await stage.until(() => gateway.services.hotStore.whole || null);
    redis.hold();
    const silent = call("POST", `/api/v1/sales/${saleId}/entries`, { cookie });
    expect(gist(await silent)).toEqual([503, "BUSY"]);
    redis.release();
    redis.cut();
    await stage.until(async () => {
      const { status } = await call("POST", `/api/v1/sales/${saleId}/entries`, { cookie });
      return status < 300 || null;
    });
  });
});

describe("joins that Redis forgot before they were stored", () => {
  it("are offered again from the journal to the lane's new epoch, and each is stored once", async () => {
    const { id } = await stage.sale();
    const { services } = stage.gateway;
    const cookies = await Promise.all(Array.from({ length: 40 }, () => stage.cookie(id)));
    const join = (cookie: string): Promise<Told> =>
      stage.call("POST", `/api/v1/sales/${id}/entries`, { cookie });
    const joined = await Promise.all(cookies.map(join));
    expect(services.joining.journal.size).toBeGreaterThanOrEqual(40);

    const sale = await services.sales.find(id);
    if (sale === null) throw new Error("the sale is known");
    // No worker runs: nothing is stored. Each lane is lost with all that was in it, and filled anew.
    for (const { lane, epoch } of sale.lanes) {
      const keys = await keysLike(stage.redis, `{${id}:${lane}}:*`);
      await stage.redis.del(...keys);
      await rebuildLane(services.truth, services.hotStore, id, lane, epoch);
    }
    // Whoever asks meanwhile waits for the lane; the same entry, new or not.
    const again = await Promise.all(cookies.map(join));
    expect(again.map(({ body }) => body["entryId"])).toEqual(joined.map(({ body }) => body["entryId"]));

    await stage.worker();
    await stage.until(() => services.joining.journal.size === 0 || null);
    const { rows } = await stage.database.truth.query<{ id: string }>(
      "SELECT entry_id AS id FROM entries WHERE sale_id = $1",
      [id],
    );
    expect(new Set(rows.map((row) => row.id))).toEqual(new Set(joined.map(({ body }) => body["entryId"])));
  }, 90_000);
});
