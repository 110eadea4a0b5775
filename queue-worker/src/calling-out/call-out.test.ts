// A call to somebody outside: what comes back, and what it must not be led to.
import { createServer, type IncomingMessage, type RequestListener, type Server } from "node:http";
import { type AddressInfo, createServer as createLineServer, type Server as LineServer } from "node:net";
import { afterEach, expect, test } from "vitest";
import { CallableAddresses } from "./addresses.ts";
import { callOut } from "./call-out.ts";

const here = new CallableAddresses(["127.0.0.0/8", "::1"]);
const nowhere = new CallableAddresses([]);
const servers: Server[] = [];
const lineServers: LineServer[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
  for (const server of lineServers.splice(0)) server.close();
});

/** Answers whatever comes with these bytes, and says no more. */
async function listenForLine(answer: string): Promise<string> {
  const server = createLineServer((line) => {
    line.on("error", () => {});
    line.once("data", () => line.write(answer));
  });
  lineServers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

async function listen(
  answer: RequestListener,
): Promise<{ url: string; port: number; seen: IncomingMessage[] }> {
  const seen: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    seen.push(request);
    answer(request, response);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/wms?x=1`, port, seen };
}

const call = (url: string, addresses = here, over: object = {}): ReturnType<typeof callOut> =>
  callOut(
    { url, headers: { "x-signature": "s" }, body: '{"ü":1}', msMax: 5_000, answerBytesMax: 100, ...over },
    addresses,
  );

test("the body arrives byte for byte, and the answer comes back", async () => {
  let body = "";
  const { url, seen } = await listen((request, response) => {
    request.on("data", (bytes) => (body += String(bytes)));
    request.on("end", () => response.writeHead(202).end("thanks"));
  });
  expect(await call(url)).toEqual({ answered: true, status: 202, text: "thanks" });
  expect(body).toBe('{"ü":1}');
  expect(seen[0]).toMatchObject({ method: "POST", url: "/wms?x=1" });
  expect(seen[0]?.headers).toMatchObject({ "x-signature": "s", "content-type": "application/json" });
});

test("a private address is not called, whether it is written, spelt otherwise or what a name means", async () => {
  const { port, seen } = await listen((_, response) => response.end());
  const disguises = [
    "127.0.0.1",
    "2130706433",
    "0x7f.1",
    "127.1",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "localhost",
  ];
  for (const host of disguises) {
    const called = await call(`http://${host}:${port}/`, nowhere);
    expect([host, called]).toEqual([
      host,
      { answered: false, reason: expect.stringContaining("is not a public address") },
    ]);
  }
  expect(seen).toEqual([]);
  expect(await call(`http://localhost:${port}/`)).toMatchObject({ answered: true });
});

test("a redirect is an answer, and nobody goes where it leads", async () => {
  const inside = await listen((_, response) => response.end("secret"));
  const { url } = await listen((_, response) => response.writeHead(307, { location: inside.url }).end());
  expect(await call(url)).toMatchObject({ answered: true, status: 307 });
  expect(inside.seen).toEqual([]);
});

test("who does not answer, trickles, or cuts the line costs no more than the time", async () => {
  const silent = await listen(() => {});
  const reason = "no answer within 0.2 s";
  expect(await call(silent.url, here, { msMax: 200 })).toEqual({ answered: false, reason });
  const trickle = await listen((_, response) => {
    const timer = setInterval(() => response.write("."), 50);
    response.on("close", () => clearInterval(timer));
  });
  expect(await call(trickle.url, here, { msMax: 200 })).toMatchObject({ answered: false });
  const cut = await listen((request) => request.socket.destroy());
  expect(await call(cut.url)).toMatchObject({ answered: false });
});

test("who changes the protocol, breaks it, or sends half an answer has answered nothing, and keeps nobody waiting", async () => {
  const switched = await listenForLine(
    "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: other\r\n\r\n",
  );
  expect(await call(switched, here, { msMax: 1_000 })).toEqual({
    answered: false,
    reason: "the connection ended without an answer",
  });
  const broken = await listenForLine("NOT HTTP\r\n\r\n");
  expect(await call(broken, here, { msMax: 1_000 })).toMatchObject({ answered: false });
  const hints = await listenForLine("HTTP/1.1 103 Early Hints\r\n\r\n".repeat(3));
  expect(await call(hints, here, { msMax: 200 })).toMatchObject({ answered: false });
  const half = await listenForLine("HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhalf");
  expect(await call(half, here, { msMax: 200 })).toMatchObject({ answered: false });
});

test("of an endless answer no more is read than is wanted", async () => {
  const { url } = await listen((_, response) => {
    const pour = (): void => {
      while (!response.destroyed && response.write("x".repeat(1_000)));
    };
    response.on("drain", pour);
    pour();
  });
  expect(await call(url)).toEqual({ answered: true, status: 200, text: "x".repeat(100) });
});

test("each call is a connection of its own: one that is kept would go where its name meant once", async () => {
  const { url, seen } = await listen((_, response) => response.end());
  for (let i = 0; i < 2; i++) expect(await call(url)).toMatchObject({ answered: true });
  expect(new Set(seen.map(({ socket }) => socket)).size).toBe(2);
});

test("what is no web address is not called", async () => {
  expect(await call("ftp://127.0.0.1/")).toMatchObject({ answered: false });
});
