// Readers that do not read: what is kept for them stays small, what they get afterwards is the newest state, and
// nobody else notices. The kernel's own buffers are filled first; what is counted here lies behind them.
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { CloseReason, Socket } from "./connection.ts";
import { listen } from "./listen.ts";
import { encodeEvent } from "./packet.ts";
import { openEngine, type RawWebSocket } from "./raw-websocket.ts";
import { requireUws } from "./require-uws.ts";
import { SocketServer } from "./socket-server.ts";

const SKIP_BYTES = 16 * 1024;
const CLOSE_BYTES = 64 * 1024;
/** Large enough that few of them fill the kernel's buffers. */
const padding = "x".repeat(8 * 1024);

let server: SocketServer<{ name: string }>;
let url: string;
let newest: number;
const sockets = new Map<string, Socket<{ name: string }>>();
const closed = new Map<string, CloseReason>();
const clients: RawWebSocket[] = [];
const stops: (() => unknown)[] = [];

/** The state frame that everybody on the topic gets. */
const serving = (n: number) => encodeEvent("serving", n, padding);

async function serve(pingIntervalMs: number): Promise<void> {
  const uws = requireUws();
  const app = uws.App();
  newest = 0;
  server = new SocketServer<{ name: string }>(
    app,
    {
      beforeUpgrade: () => ({ ok: true, data: { name: "" } }),
      onConnect(socket, auth) {
        socket.data.name = String(auth["name"]);
        return { ok: true };
      },
      onConnected(socket) {
        sockets.set(socket.data.name, socket);
        socket.subscribe("serving");
      },
      onEvent: (_socket, _name, args, ack) => ack?.(...args),
      onCatchUp: (socket) => socket.sendState("serving", serving(newest)),
      onClose: (socket, reason) => void closed.set(socket.data.name, reason),
      onError(error) {
        throw error;
      },
    },
    { pingIntervalMs, frameRate: undefined, skipBytes: SKIP_BYTES, closeBytes: CLOSE_BYTES },
  );
  const listening = await listen(uws, app, "127.0.0.1", 0);
  url = `http://127.0.0.1:${listening.port}`;
  stops.push(() => {
    listening.close();
    return server.stop();
  });
}

afterEach(async () => {
  for (const client of clients.splice(0)) client.destroy();
  for (const stop of stops.splice(0)) await stop();
  sockets.clear();
  closed.clear();
});

async function shopper(name: string, answersPings = true): Promise<RawWebSocket> {
  const client = await openEngine(url, { answersPings });
  clients.push(client);
  client.send(`40{"name":"${name}"}`);
  await client.next();
  return client;
}

function socketOf(name: string): Socket<{ name: string }> {
  const socket = sockets.get(name);
  if (socket === undefined) throw new Error(`${name} is not connected`);
  return socket;
}

async function publishNext(): Promise<void> {
  newest++;
  server.publish("serving", serving(newest));
  await new Promise((resolve) => setImmediate(resolve));
}

/**
 * Publishes until more than the limit is unread in this process. The kernel may make room once more at any later
 * turn of the event loop, so what relies on it must follow at once.
 */
async function fill(name: string): Promise<void> {
  while (socketOf(name).unreadBytes <= SKIP_BYTES) await publishNext();
}

/** Fills the reader's share, publishes as often again, and leaves it full. Returns the last number. */
async function publishUntilSkipped(name: string): Promise<number> {
  await fill(name);
  for (let left = newest; left > 0; left--) {
    await publishNext();
    expect(socketOf(name).unreadBytes).toBeLessThan(SKIP_BYTES + 2 * padding.length);
  }
  await fill(name);
  return newest;
}

const numberOf = (frame: string) => Number(/^42\["serving",(\d+)/.exec(frame)?.[1]);

describe("a reader that stops reading", () => {
  beforeEach(() => serve(60_000));

  it("is passed by above the limit, and gets the newest state once it reads again", async () => {
    const slow = await shopper("slow");
    slow.pause();
    const last = await publishUntilSkipped("slow");
    socketOf("slow").sendState("serving", serving(0)); // waits, and is old when its turn comes
    slow.resume();
    const seen: number[] = [];
    while (seen.at(-1) !== last) seen.push(numberOf(await slow.next()));
    expect(seen).not.toContain(0); // the newest took its place
    expect(seen).toEqual(seen.toSorted((a, b) => a - b)); // never an older one after a newer one
    expect(seen.length).toBeLessThan(last); // what was skipped is not made up for
    // and what is published then reaches it as it reaches everybody
    newest++;
    server.publish("serving", serving(newest));
    while (seen.at(-1) !== newest) seen.push(numberOf(await slow.next()));
    expect(seen).toEqual(seen.toSorted((a, b) => a - b));
  });

  it("does not hold up another reader of the same topic", async () => {
    const [slow, quick] = [await shopper("slow"), await shopper("quick")];
    slow.pause();
    const published = publishUntilSkipped("slow");
    for (let n = 1; n <= 50; n++) expect(numberOf(await quick.next())).toBe(n);
    const last = await published;
    for (let n = 51; n <= last; n++) expect(numberOf(await quick.next())).toBe(n);
  });

  it("gets the newest state of each kind and every acknowledgement that waited, in order", async () => {
    const slow = await shopper("slow");
    slow.pause();
    await publishUntilSkipped("slow");
    const socket = socketOf("slow");
    for (let n = 1; n <= 100; n++) socket.sendState("entry", encodeEvent("entry", n, padding));
    socket.send("431[]");
    socket.sendState("hold", encodeEvent("hold", 1));
    socket.send("432[]");
    socket.sendState("entry", encodeEvent("entry", "newest"));
    expect(socket.unreadBytes).toBeLessThan(SKIP_BYTES + 4 * padding.length);
    slow.resume();
    const after: string[] = [];
    while (!after.some((frame) => numberOf(frame) === newest)) {
      const frame = await slow.next();
      if (!frame.startsWith('42["serving"') || numberOf(frame) === newest) after.push(frame);
    }
    expect(after.slice(0, -1)).toEqual(["431[]", '42["hold",1]', "432[]", '42["entry","newest"]']);
  });

  it("is closed when frames that cannot be skipped pile up", async () => {
    const [slow, quick] = [await shopper("slow"), await shopper("quick")];
    slow.pause();
    const socket = socketOf("slow");
    let most = 0;
    while (!closed.has("slow")) {
      socket.send(encodeEvent("answer", padding));
      most = Math.max(most, socket.unreadBytes);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(closed.get("slow")).toBe("slow reader");
    expect(most).toBeLessThan(CLOSE_BYTES);
    quick.send('421["anything"]');
    expect(await quick.next()).toBe("431[]");
  });
});

describe("a reader whose ping was skipped", () => {
  it("is pinged as soon as it reads again, not an interval later", async () => {
    await serve(1_000);
    const slow = await shopper("slow", false);
    const quick = await shopper("quick", false); // pinged with the slow one, or after it
    slow.pause();
    const isServing = (frame: string) => frame.startsWith('42["serving"');
    const progress = { isPinged: false };
    const pinged = (async () => {
      while (isServing(await quick.next()));
      progress.isPinged = true;
    })();
    await fill("slow");
    while (!progress.isPinged) {
      await publishNext(); // keeps it full
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    await pinged;
    await fill("slow");
    let frame: string;
    slow.resume();
    // The newest state comes when it has read what it had; an interval later would be long after that.
    do frame = await slow.next();
    while (isServing(frame) && numberOf(frame) !== newest);
    expect(frame).toBe("2");
  });
});
