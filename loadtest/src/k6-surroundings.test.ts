import { afterEach, expect, test, vi } from "vitest";
import { k6Surroundings, nameOf } from "./k6-surroundings.ts";
import { beginScriptedGateway, type ScriptedGateway } from "./scripted-gateway.ts";
import { claims, DRAWN, goHome, joining, OFFER, PURCHASED, shop } from "./scripted-shopper.ts";

// k6 is not run here: thin stand-ins for its modules, in k6-stand-in, have its ways.
const gateways: ScriptedGateway[] = [];
afterEach(async () => {
  await goHome();
  for (const gateway of gateways.splice(0)) await gateway.close();
});

test("a shopper walks the whole journey on k6's modules", async () => {
  const { journey, checkouts, gateway } = await shop(
    {
      connected: (opened) => {
        opened.tell("entry", DRAWN);
        opened.ping();
        opened.tell("offer", OFFER);
      },
      asked: (opened, name, payload) => {
        setImmediate(() => opened.tell("outcome", PURCHASED));
        return claims(opened, name, payload);
      },
    },
    {},
    { surroundings: k6Surroundings() },
  );
  expect(await journey.ended).toMatchObject({ result: "purchased", orderId: "order-1", unit: 37 });
  expect(checkouts).toEqual(["h1 pass-1"]);
  expect(gateway.heard).toEqual(["3", '420["claim",{"holdId":"h1"}]']);
});

test("two shoppers of one VU do not share a cookie", async () => {
  const cookies: (string | undefined)[] = [];
  let given = 0;
  const gateway = await beginScriptedGateway({
    http: ({ method, cookie }) => {
      cookies.push(cookie);
      return method === "GET"
        ? { status: 200, body: {}, cookie: `shopper=${++given}` }
        : { status: 200, body: {} };
    },
    connected: () => {},
  });
  gateways.push(gateway);
  const world = k6Surroundings();
  const first = await world.fetch(`${gateway.url}/a`, { method: "GET", headers: {} });
  expect(first.headers.get("set-cookie")).toMatch(/^shopper=1/);
  await world.fetch(`${gateway.url}/b`, { method: "GET", headers: {} });
  expect(cookies).toEqual([undefined, undefined]);
});

test("a call that nobody answers is a rejection, as for fetch", async () => {
  const gateway = await beginScriptedGateway({ http: joining, connected: () => {} });
  await gateway.close();
  await expect(k6Surroundings().fetch(gateway.url, { method: "GET", headers: {} })).rejects.toThrow(
    /GET http/,
  );
});

test("a socket that is given up while it is being made is closed once it is open", async () => {
  const gateway = await beginScriptedGateway({ http: joining, connected: () => {} });
  gateways.push(gateway);
  let isClosed = false;
  const url = `${gateway.url.replace("http", "ws")}/socket.io/?EIO=4&transport=websocket`;
  const socket = k6Surroundings().openSocket(url);
  socket.addEventListener("close", () => {
    isClosed = true;
  });
  socket.close();
  await vi.waitUntil(() => isClosed, { timeout: 20_000 });
});

test("calls are named by their kind, not by their ids", () => {
  expect(nameOf("http://127.0.0.1:8080/api/v1/holds/h1/confirm")).toBe("/api/v1/holds/{id}/confirm");
  expect(nameOf("https://shop.example/api/v1/sales/a/entries?x=1")).toBe("/api/v1/sales/{id}/entries");
});
