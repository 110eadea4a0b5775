// The warehouse as a process, asked by HTTP, telling a gateway that only listens.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { WmsEvent } from "./plan.ts";
import { isSigned, sign } from "./signing.ts";

const MAIN = fileURLToPath(new URL("./main.ts", import.meta.url));
const SECRET = "a secret of the tests";
const LONG = { timeout: 30_000, interval: 30 };
const STEADY = {
  WAREHOUSE_LATE: "0",
  WAREHOUSE_TWICE: "0",
  WAREHOUSE_SHUFFLED: "0",
  WAREHOUSE_STEP_MS: "50",
};

let directory: string;
let gateway: Server;
let isAway = false;
const told: WmsEvent[] = [];
const warehouses: ChildProcess[] = [];

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), "warehouse-"));
  isAway = false;
  told.splice(0);
  gateway = createServer((request, response) => {
    let body = "";
    request.on("data", (bytes) => (body += String(bytes)));
    request.on("end", () => {
      const signature = String(request.headers["x-signature"]);
      if (isAway || !isSigned(SECRET, signature, body, Date.now())) return response.writeHead(503).end();
      told.push(...(JSON.parse(body) as WmsEvent[]));
      return response.writeHead(202).end('{"accepted":1,"duplicates":0,"rejected":[]}');
    });
  });
  await new Promise<void>((resolve) => gateway.listen(0, "127.0.0.1", resolve));
});
afterEach(async () => {
  for (const child of warehouses.splice(0)) {
    child.kill("SIGTERM");
    if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
  }
  gateway.closeAllConnections();
  gateway.close();
  rmSync(directory, { recursive: true });
});

async function start(env: Record<string, string> = STEADY): Promise<{ url: string; child: ChildProcess }> {
  const { port } = gateway.address() as AddressInfo;
  const child = spawn(process.execPath, ["--import", "tsx", MAIN], {
    env: {
      PATH: process.env.PATH,
      PORT: "0",
      WMS_SECRET: SECRET,
      WAREHOUSE_DATA: directory,
      GATEWAY_URL: `http://127.0.0.1:${port}`,
      ...env,
    },
    stdio: ["ignore", "pipe", "inherit"],
  });
  warehouses.push(child);
  let text = "";
  child.stdout?.on("data", (bytes) => (text += String(bytes)));
  const url = await vi.waitFor(() => {
    const found = /http:\/\/127\.0\.0\.1:\d+/.exec(text)?.[0];
    if (found === undefined) throw new Error("it does not listen yet");
    return found;
  }, LONG);
  return { url, child };
}

const pickOf = (orderId: string, requestId = `wms_${orderId}`): object => ({
  requestId,
  requestType: "PICK_REQUEST",
  timestamp: new Date().toISOString(),
  locationId: "east",
  orderId,
  items: [{ sku: "a", quantity: 2 }],
  shipTo: null,
  method: null,
});
const cancelOf = (orderId: string): object => ({
  requestId: `wms_cancel_${orderId}`,
  requestType: "CANCEL_REQUEST",
  timestamp: new Date().toISOString(),
  locationId: "east",
  orderId,
  reason: null,
});
async function ask(url: string, request: object, secret = SECRET): Promise<number> {
  const body = JSON.stringify(request);
  const headers = { "x-signature": sign(secret, body, Date.now()) };
  return (await fetch(`${url}/requests`, { method: "POST", headers, body })).status;
}
async function lever(url: string, path: string, body: object): Promise<number> {
  return (await fetch(`${url}${path}`, { method: "POST", body: JSON.stringify(body) })).status;
}
const typesOf = (orderId: string): string[] =>
  told.filter((event) => event.orderId === orderId).map(({ eventType }) => eventType);

test("an order is picked, packed, shipped; asked again it is the same order", async () => {
  const { url } = await start();
  expect(await ask(url, pickOf("o-1"))).toBe(202);
  expect(await ask(url, pickOf("o-1"))).toBe(200);
  await vi.waitFor(
    () => expect(typesOf("o-1")).toEqual(["PICK_COMPLETE", "PACK_COMPLETE", "SHIP_COMPLETE"]),
    LONG,
  );
  const page = await (await fetch(url)).text();
  expect(page).toContain("order o-1");
});

test("what nobody signed, or nobody can read, is refused", async () => {
  const { url } = await start();
  expect(await ask(url, pickOf("o-1"), "another secret")).toBe(401);
  expect((await fetch(`${url}/requests`, { method: "POST", body: "{}" })).status).toBe(401);
  expect(await ask(url, { requestType: "DANCE_REQUEST" })).toBe(400);
  expect(await ask(url, { ...cancelOf("o"), requestType: "COUNT_REQUEST", sku: "a" })).toBe(422);
  const origin = { origin: "https://evil.example" };
  expect((await fetch(`${url}/shelves`, { method: "POST", headers: origin, body: "{}" })).status).toBe(403);
  expect(told).toEqual([]);
});

test("an order that is cancelled before it is picked is not picked; one that is picked goes its way", async () => {
  const { url } = await start({ ...STEADY, WAREHOUSE_STEP_MS: "400" });
  await ask(url, pickOf("o-1"));
  await ask(url, cancelOf("o-1"));
  await ask(url, pickOf("o-2"));
  await vi.waitFor(() => expect(typesOf("o-2")).toContain("PICK_COMPLETE"), LONG);
  await ask(url, cancelOf("o-2"));
  await vi.waitFor(() => expect(typesOf("o-2")).toContain("SHIP_COMPLETE"), LONG);
  expect(typesOf("o-1")).toEqual([]);
});

test("killed, it loses no order that it took, and tells each event under the same id", async () => {
  isAway = true;
  const first = await start();
  await ask(first.url, pickOf("o-1"));
  first.child.kill("SIGKILL");
  await once(first.child, "exit");
  const { url } = await start();
  expect(await ask(url, pickOf("o-1"))).toBe(200);
  isAway = false;
  await vi.waitFor(
    () =>
      expect(told.map(({ eventId }) => eventId).toSorted()).toEqual([
        "wms_o-1-pack_complete",
        "wms_o-1-pick_complete",
        "wms_o-1-ship_complete",
      ]),
    LONG,
  );
});

test("a shelf that is set wrong is counted as it is, less what was picked since", async () => {
  const { url } = await start();
  expect(await lever(url, "/count", { locationId: "east", sku: "a" })).toBe(404);
  expect(await lever(url, "/shelves", { locationId: "east", sku: "a", count: 94 })).toBe(200);
  await ask(url, pickOf("o-1"));
  await vi.waitFor(() => expect(typesOf("o-1")).toContain("PICK_COMPLETE"), LONG);
  expect(await lever(url, "/receive", { locationId: "east", items: [{ sku: "a", quantity: 5 }] })).toBe(202);
  expect(await lever(url, "/count", { locationId: "east", sku: "a" })).toBe(202);
  await vi.waitFor(
    () =>
      expect(told.find(({ eventType }) => eventType === "CYCLE_COUNT_ADJUSTMENT")).toMatchObject({
        actualCount: 97,
      }),
    LONG,
  );
  expect(await lever(url, "/shelves", { locationId: "east", sku: "a", count: -1 })).toBe(400);
});
