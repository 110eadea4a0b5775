// The stock client, unchanged: events, acknowledgements, refusals, leaving, being put out, coming back.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { type Socket as Client, io } from "socket.io-client";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Socket } from "./connection.ts";
import { FIXTURE_OPTIONS, startFixture } from "./fixture.ts";
import type { ConnectAnswer } from "./hooks.ts";
import { listen } from "./listen.ts";
import type { SocketOptions } from "./options.ts";
import { encodeEvent } from "./packet.ts";
import { requireUws } from "./require-uws.ts";
import { SocketServer } from "./socket-server.ts";

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

function clientOf(url: string, options: Parameters<typeof io>[1] = {}): Client {
  const client = io(url, { transports: ["websocket"], forceNew: true, reconnectionDelay: 20, ...options });
  cleanups.push(() => client.disconnect());
  return client;
}

const event = async (client: Client, name: string): Promise<unknown[]> =>
  new Promise((resolve) => client.once(name, (...args: unknown[]) => resolve(args)));

describe("a stock client at the fixture", () => {
  let url: string;
  beforeEach(async () => {
    const fixture = await startFixture(0);
    cleanups.push(() => fixture.stop());
    url = `http://127.0.0.1:${fixture.port}`;
  });

  it("connects, with its auth object", async () => {
    const client = clientOf(url, { auth: { token: "abc", n: 1 } });
    expect(await event(client, "auth")).toEqual([{ token: "abc", n: 1 }]);
    expect(client.connected).toBe(true);
    expect(client.id).toMatch(/^[\w-]{20}$/);
  });

  it("connects without an auth object", async () => {
    expect(await event(clientOf(url), "auth")).toEqual([{}]);
  });

  it("sends events and gets events", async () => {
    const client = clientOf(url);
    const back = event(client, "message-back");
    client.emit("message", 1, "zwei", { three: [true, null] });
    expect(await back).toEqual([1, "zwei", { three: [true, null] }]);
  });

  it("gets acknowledgements, each its own", async () => {
    const client = clientOf(url);
    const answers = await Promise.all([1, 2, 3].map((n) => client.emitWithAck("message-with-ack", n)));
    expect(answers).toEqual([1, 2, 3]);
  });

  it("stays connected over many heartbeats", async () => {
    // The client gives up after the sum of both times: on a busy machine the fixture's half a second is too short.
    const fixture = await startFixture(0, { pingTimeoutMs: 10_000 });
    cleanups.push(() => fixture.stop());
    const client = clientOf(`http://127.0.0.1:${fixture.port}`);
    await event(client, "connect");
    let lost = false;
    client.on("disconnect", () => {
      lost = true;
    });
    let pings = 0;
    await new Promise<void>((resolve) => {
      client.io.on("ping", () => {
        if (++pings === 4) resolve();
      });
    });
    expect(lost).toBe(false);
    expect(await client.emitWithAck("message-with-ack", "alive")).toBe("alive");
  });

  it("is told that a namespace does not exist", async () => {
    const client = clientOf(`${url}/admin`);
    expect(await event(client, "connect_error")).toEqual([
      expect.objectContaining({ message: "Invalid namespace" }),
    ]);
  });

  it("connects again after it left", async () => {
    const client = clientOf(url);
    await event(client, "connect");
    client.disconnect();
    client.connect();
    await event(client, "connect");
    expect(await client.emitWithAck("message-with-ack", "back")).toBe("back");
  });

  it("loses its connection, and nothing else, when it sends binary data", async () => {
    const [sender, bystander] = [clientOf(url, { reconnection: false }), clientOf(url)];
    await Promise.all([event(sender, "connect"), event(bystander, "connect")]);
    const gone = event(sender, "disconnect");
    sender.emit("message", Buffer.from([1, 2, 3]));
    expect((await gone)[0]).toBe("transport close");
    expect(await bystander.emitWithAck("message-with-ack", 1)).toBe(1);
  });

  it("that wants polling is refused with an error it understands", async () => {
    const client = clientOf(url, { transports: ["polling"], reconnection: false });
    const [error] = await event(client, "connect_error");
    expect(error).toMatchObject({ message: "xhr poll error", description: 400 });
  });
});

/** A port to listen on twice: on one that the system chose (port 0), old connections forbid the second time. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  return typeof address === "object" ? (address?.port ?? 0) : 0;
}

interface TestServer {
  url: string;
  server: SocketServer<string>;
  sockets: Socket<string>[];
  stop(): Promise<void>;
}

async function serve(
  onConnect: (
    socket: Socket<string>,
    auth: Record<string, unknown>,
  ) => ConnectAnswer | Promise<ConnectAnswer>,
  port = 0,
  options: Partial<SocketOptions> = {},
): Promise<TestServer> {
  const uws = requireUws();
  const app = uws.App();
  const sockets: Socket<string>[] = [];
  const server = new SocketServer<string>(
    app,
    {
      beforeUpgrade: () => ({ ok: true, data: "shopper" }),
      onConnect,
      onConnected: (socket) => void sockets.push(socket),
      onEvent: (_socket, _name, args, ack) => ack?.(...args),
      onCatchUp() {},
      onError(error) {
        throw error;
      },
    },
    { ...FIXTURE_OPTIONS, ...options },
  );
  const listening = await listen(uws, app, "127.0.0.1", port);
  const stop = async () => {
    listening.close();
    await server.stop();
  };
  cleanups.push(stop);
  return { url: `http://127.0.0.1:${listening.port}`, server, sockets, stop };
}

describe("a stock client and a host that decides", () => {
  it("is refused with a message and data, and may try again", async () => {
    const { url } = await serve(async (_, auth) =>
      auth["token"] === "good"
        ? { ok: true }
        : { ok: false, message: "TOKEN_INVALID", data: { retry: false } },
    );
    const client = clientOf(url, { auth: { token: "bad" } });
    const [error] = await event(client, "connect_error");
    expect(error).toMatchObject({ message: "TOKEN_INVALID", data: { retry: false } });
    client.auth = { token: "good" };
    client.connect();
    await event(client, "connect");
  });

  it("stays away when it is put out", async () => {
    const { url, sockets } = await serve(() => ({ ok: true }));
    const client = clientOf(url);
    await event(client, "connect");
    const gone = event(client, "disconnect");
    sockets[0]?.disconnect();
    expect((await gone)[0]).toBe("io server disconnect");
    expect(client.active).toBe(false);
  });

  it("comes back by itself when its connection is ended", async () => {
    const { url, sockets } = await serve(() => ({ ok: true }));
    const client = clientOf(url);
    await event(client, "connect");
    const [gone, back] = [event(client, "disconnect"), event(client, "connect")];
    sockets[0]?.close();
    expect((await gone)[0]).toBe("transport close");
    await back;
  });

  it("gets the hint of a server that stops, and comes back when there is one again", async () => {
    const port = await freePort();
    const first = await serve(() => ({ ok: true }), port);
    const client = clientOf(first.url);
    await event(client, "connect");
    const [hint, gone] = [event(client, "reconnect"), event(client, "disconnect")];
    await first.server.stop(() => encodeEvent("reconnect", { afterMs: 50 }));
    expect(await hint).toEqual([{ afterMs: 50 }]);
    expect((await gone)[0]).toBe("transport close");
    expect(first.server.size).toBe(0);
    await first.stop();
    await serve(() => ({ ok: true }), port);
    await event(client, "connect");
    expect(await client.emitWithAck("anything", 7)).toBe(7);
  });

  it("gets what is published to its topics, and nothing once it left them", async () => {
    const { url, server, sockets } = await serve(() => ({ ok: true }));
    const client = clientOf(url);
    await event(client, "connect");
    sockets[0]?.subscribe("sale");
    const serving = event(client, "serving");
    server.publish("sale", encodeEvent("serving", { serving: 1 }));
    expect(await serving).toEqual([{ serving: 1 }]);
    expect(server.subscribers("sale")).toBe(1);
    sockets[0]?.unsubscribe("sale");
    let later = 0;
    client.on("serving", () => later++);
    server.publish("sale", Buffer.from(encodeEvent("serving", { serving: 2 })));
    await client.emitWithAck("anything");
    expect(later).toBe(0);
  });
});

describe("the fixture as a process", () => {
  it("says where it is ready, serves, and ends at once when told", async () => {
    const main = fileURLToPath(new URL("protocol-fixture.ts", import.meta.url));
    const child = spawn(process.execPath, ["--import", "tsx", main, "--port", "0"], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    cleanups.push(() => child.kill("SIGKILL"));
    const [line]: unknown[] = await once(createInterface(child.stdout), "line");
    const url = /http:\/\/127\.0\.0\.1:\d+/.exec(String(line))?.[0];
    const client = clientOf(String(url), { reconnection: false });
    await event(client, "connect");
    child.kill("SIGTERM");
    expect(await once(child, "exit")).toEqual([0, null]);
  });

  it("refuses a port that is taken instead of sharing it", async () => {
    const fixture = await startFixture(0);
    cleanups.push(() => fixture.stop());
    await expect(startFixture(fixture.port)).rejects.toThrow(/is taken/);
  });
});
