// What the layer promises its host: which hook is called when, and what happens when one fails.
import { afterEach, describe, expect, it, vi } from "vitest";
import type { CloseReason, Socket } from "./connection.ts";
import type { Acknowledge, ConnectAnswer, SocketHooks } from "./hooks.ts";
import { listen } from "./listen.ts";
import type { SocketOptions } from "./options.ts";
import { encodeEvent } from "./packet.ts";
import { openEngine, RawWebSocket } from "./raw-websocket.ts";
import { requireUws } from "./require-uws.ts";
import { SocketServer } from "./socket-server.ts";

interface Host {
  url: string;
  server: SocketServer<string>;
  /** What was called, in order. */
  log: string[];
  errors: unknown[];
  sockets: Socket<string>[];
}

const stops: (() => unknown)[] = [];
const clients: RawWebSocket[] = [];
afterEach(async () => {
  for (const client of clients.splice(0)) client.destroy();
  for (const stop of stops.splice(0)) await stop();
});

async function serve(
  hooks: Partial<SocketHooks<string>> = {},
  options: Partial<SocketOptions> = {},
): Promise<Host> {
  const uws = requireUws();
  const app = uws.App();
  const [log, errors, sockets]: [string[], unknown[], Socket<string>[]] = [[], [], []];
  const server = new SocketServer<string>(
    app,
    {
      beforeUpgrade: (req) => ({ ok: true, data: req.getQuery("who") ?? "" }),
      onConnect: () => ({ ok: true }),
      onConnected: (socket) => void sockets.push(socket),
      onEvent: (_socket, name, args, ack) => {
        log.push(`event ${name}`);
        ack?.(...args);
      },
      onCatchUp() {},
      onDisconnect: (_socket, reason) => void log.push(`disconnect: ${reason}`),
      onClose: (_socket, reason) => void log.push(`close: ${reason}`),
      onError: (error) => void errors.push(error),
      ...hooks,
    },
    { frameRate: undefined, ...options },
  );
  const listening = await listen(uws, app, "127.0.0.1", 0);
  stops.push(() => {
    listening.close();
    return server.stop();
  });
  return { url: `http://127.0.0.1:${listening.port}`, server, log, errors, sockets };
}

async function engine(host: Host): Promise<RawWebSocket> {
  const client = await openEngine(host.url);
  clients.push(client);
  return client;
}

async function connected(host: Host): Promise<RawWebSocket> {
  const client = await engine(host);
  client.send("40");
  expect(await client.next()).toMatch(/^40\{"sid":/);
  return client;
}

const upgrade = (host: Host, headers = {}) =>
  RawWebSocket.open(`${host.url}/socket.io/?EIO=4&transport=websocket`, { headers });

describe("before the upgrade", () => {
  it("the host may refuse, with any status, and no socket comes of it", async () => {
    const host = await serve({
      beforeUpgrade: (req) =>
        req.getHeader("origin") === "https://shop.example"
          ? { ok: true, data: "" }
          : {
              ok: false,
              status: "403 Forbidden",
              body: '{"code":4,"message":"Origin"}',
              headers: { "x-why": "origin" },
            },
    });
    await expect(upgrade(host, { Origin: "https://shop.example.evil" })).rejects.toMatchObject({
      status: 403,
      body: '{"code":4,"message":"Origin"}',
    });
    expect(host.server.size).toBe(0);
    clients.push(await upgrade(host, { Origin: "https://shop.example" }));
    expect(host.server.size).toBe(1);
    expect(host.log).toEqual([]);
  });

  it("a host that throws answers 500, and says why to itself only", async () => {
    const host = await serve({
      beforeUpgrade() {
        throw new Error("broken");
      },
    });
    await expect(upgrade(host)).rejects.toMatchObject({
      status: 500,
      body: expect.not.stringContaining("broken"),
    });
    expect(host.errors).toEqual([new Error("broken")]);
  });

  it("what the host returned is the socket's data", async () => {
    const host = await serve();
    const client = await RawWebSocket.open(`${host.url}/socket.io/?EIO=4&transport=websocket&who=ada`);
    clients.push(client);
    client.send("40");
    await vi.waitFor(() => expect(host.sockets[0]?.data).toBe("ada"), { timeout: 20_000 });
  });

  it("a server that stops takes nobody", async () => {
    const host = await serve();
    await host.server.stop();
    await expect(upgrade(host)).rejects.toMatchObject({ status: 503 });
  });
});

describe("connecting", () => {
  it("takes what is sent in onConnected right after the answer", async () => {
    const host = await serve({
      async onConnect(socket, auth) {
        await new Promise((resolve) => setImmediate(resolve));
        return auth["ok"] === true
          ? { ok: true }
          : { ok: false, message: `no, ${socket.data}`, data: { n: 1 } };
      },
      onConnected(socket) {
        for (const n of [1, 2, 3]) socket.sendState("entry", encodeEvent("entry", n));
      },
    });
    const client = await engine(host);
    client.send("40");
    expect(await client.next()).toBe('44{"message":"no, ","data":{"n":1}}');
    client.send('40{"ok":true}');
    expect(await client.next()).toMatch(/^40\{"sid":/);
    for (const n of [1, 2, 3]) expect(await client.next()).toBe(`42["entry",${n}]`);
  });

  it("forgets an answer that comes after the client left, or for an earlier connect", async () => {
    const answers: ((answer: ConnectAnswer) => void)[] = [];
    const host = await serve({ onConnect: () => new Promise((resolve) => answers.push(resolve)) });
    const client = await engine(host);
    client.send("40");
    client.send("41");
    client.send("40");
    await vi.waitFor(() => expect(answers).toHaveLength(2), { timeout: 20_000 });
    answers[0]?.({ ok: false, message: "for the first" });
    answers[1]?.({ ok: true });
    expect(await client.next()).toMatch(/^40\{"sid":/);
    expect(host.log).toEqual([]); // it was never in, so it never left
  });

  it("refuses events until the host has answered", async () => {
    const host = await serve({ onConnect: () => new Promise(() => {}) });
    const client = await engine(host);
    client.send("40");
    client.send('42["claim"]');
    expect(await client.closed).toEqual({ code: 1002, reason: "not connected" });
    expect(host.log).toEqual(["close: parse error"]);
  });

  it("gives up when the host does not answer in time", async () => {
    const host = await serve(
      { onConnect: () => new Promise(() => {}) },
      { pingIntervalMs: 300, connectTimeoutMs: 100 },
    );
    const client = await engine(host);
    client.send("40");
    expect(await client.closed).toEqual({ code: 1008, reason: "connect timeout" });
  });
});

describe("leaving", () => {
  it("starts the time to connect anew, however long the client was in", async () => {
    const host = await serve({}, { pingIntervalMs: 300, connectTimeoutMs: 100 });
    const client = await openEngine(host.url, { answersPings: false });
    clients.push(client);
    client.send("40");
    await client.next();
    expect(await client.next()).toBe("2"); // longer than it had to connect
    client.send("3");
    client.send("41");
    expect(await client.closed).toEqual({ code: 1008, reason: "connect timeout" });
  });
});

describe("events", () => {
  it("are acknowledged once", async () => {
    const host = await serve({
      onEvent(_socket, _name, _args, ack) {
        ack?.(1);
        ack?.(2);
      },
    });
    const client = await connected(host);
    client.send('427["claim"]');
    client.send('428["claim"]');
    expect(await client.next()).toBe("437[1]");
    expect(await client.next()).toBe("438[1]");
  });

  it("are not acknowledged to a client that left and came back, nor to one that is gone", async () => {
    const acks: Acknowledge[] = [];
    const host = await serve({ onEvent: (_socket, _name, _args, ack) => void (ack && acks.push(ack)) });
    const client = await connected(host);
    client.send('427["claim"]');
    client.send("41");
    client.send("40");
    await client.next();
    client.send('428["claim"]');
    await vi.waitFor(() => expect(acks).toHaveLength(2), { timeout: 20_000 });
    acks[0]?.("too late");
    acks[1]?.("in time");
    expect(await client.next()).toBe('438["in time"]');
    client.send("1");
    await client.closed;
    acks[1]?.("gone"); // harmless
  });

  it("named by a number come by its text", async () => {
    const host = await serve();
    const client = await connected(host);
    client.send("421[17,true]");
    expect(await client.next()).toBe("431[true]");
    expect(host.log).toEqual(["event 17"]);
  });
});

describe("a hook that fails", () => {
  const hooks: [string, Partial<SocketHooks<string>>][] = [
    ["onConnect throws", { onConnect: () => broken() }],
    ["onConnect rejects", { onConnect: async () => broken() }],
    ["onConnected throws", { onConnected: () => broken() }],
    ["onEvent throws", { onEvent: () => broken() }],
    ["onEvent rejects", { onEvent: async () => broken() }],
  ];
  const broken = () => {
    throw new Error("broken");
  };

  it.each(hooks)("closes that one socket and tells onError: %s", async (_, failing) => {
    const host = await serve(failing);
    const [client, bystander] = [await engine(host), await engine(host)];
    client.send("40");
    if (failing.onEvent) client.send('42["claim"]');
    expect(await client.closed).toEqual({ code: 1011, reason: "server error" });
    expect(host.errors).toEqual([new Error("broken")]);
    bystander.send("3");
    expect(host.server.size).toBe(1);
  });
});

describe("the end of a socket", () => {
  const ends: [string, (client: RawWebSocket, socket: Socket<string> | undefined) => void, CloseReason][] = [
    ["the client says close", (client) => client.send("1"), "transport close"],
    ["the client ends the WebSocket", (client) => client.sendFrame(8, Buffer.alloc(0)), "transport close"],
    ["the client drops the connection", (client) => client.destroy(), "transport close"],
    ["the client sends nonsense", (client) => client.send("4nonsense"), "parse error"],
    ["the host puts it out", (_, socket) => socket?.disconnect(), "server namespace disconnect"],
    ["the host ends it", (_, socket) => socket?.close(), "server close"],
  ];

  it.each(ends)("is told once, as a disconnect and a close, when %s", async (_, end, reason) => {
    const host = await serve();
    const client = await connected(host);
    end(client, host.sockets[0]);
    await vi.waitFor(() => expect(host.log).toEqual([`disconnect: ${reason}`, `close: ${reason}`]), {
      timeout: 20_000,
    });
    expect(host.server.size).toBe(0);
    host.sockets[0]?.send("42[1]"); // harmless, all of it
    host.sockets[0]?.subscribe("topic");
    host.sockets[0]?.disconnect();
    expect(host.sockets[0]?.unreadBytes).toBe(0);
    expect(host.log).toHaveLength(2);
  });

  it("is only a disconnect when the client leaves the namespace; it then gets nothing of its topics", async () => {
    const host = await serve();
    const client = await connected(host);
    host.sockets[0]?.subscribe("sale");
    client.send("41");
    await vi.waitFor(() => expect(host.log).toEqual(["disconnect: client namespace disconnect"]), {
      timeout: 20_000,
    });
    expect(host.server.subscribers("sale")).toBe(0);
    client.send("40");
    await client.next();
    host.server.publish("sale", encodeEvent("sale"));
    client.send('421["ask"]');
    expect(await client.next()).toBe("431[]");
  });

  it("is told to everybody when the server stops, with a hint for those who are connected", async () => {
    const host = await serve();
    const [inside, outside] = [await connected(host), await engine(host)];
    await host.server.stop((socket) => encodeEvent("reconnect", { afterMs: 100, who: socket.data }));
    expect(await inside.closed).toEqual({ code: 1001, reason: "server stopping" });
    expect(await inside.rest()).toEqual(['42["reconnect",{"afterMs":100,"who":""}]', "1"]);
    await outside.closed;
    expect(await outside.rest()).toEqual(["1"]);
    expect(host.server.size).toBe(0);
  });
});

describe("the frame rate", () => {
  const frameRate = { perSecond: 1, burst: 10 };

  it("closes a socket that sends one frame too many", async () => {
    const host = await serve({}, { frameRate });
    const client = await connected(host); // one frame
    for (let n = 1; n <= 9; n++) client.send(`42${n}["ask"]`);
    for (let n = 1; n <= 9; n++) expect(await client.next()).toBe(`43${n}[]`);
    for (let n = 0; n < 3; n++) client.send('42["ask"]');
    expect(await client.closed).toEqual({ code: 1008, reason: "too many frames" });
  });

  it.each([
    ["pongs", (client: RawWebSocket) => client.send("3")],
    ["WebSocket pings", (client: RawWebSocket) => client.sendFrame(9, Buffer.alloc(0))],
    ["WebSocket pongs", (client: RawWebSocket) => client.sendFrame(10, Buffer.alloc(0))],
    ["connects that are refused", (client: RawWebSocket) => client.send("40/random,")],
  ])("counts %s too", async (_, send) => {
    const host = await serve({}, { frameRate });
    const client = await engine(host);
    for (let n = 0; n < 15; n++) send(client);
    expect(await client.closed).toEqual({ code: 1008, reason: "too many frames" });
  });

  it("is each socket's own", async () => {
    const host = await serve({}, { frameRate });
    const [noisy, quiet] = [await connected(host), await connected(host)];
    for (let n = 0; n < 15; n++) noisy.send("3");
    await noisy.closed;
    quiet.send('421["ask"]');
    expect(await quiet.next()).toBe("431[]");
  });
});
