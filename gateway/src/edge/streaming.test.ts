import { App, type TemplatedApp, us_listen_socket_close, us_socket_local_port } from "uWebSockets.js";
import { connect, type Socket } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { afterEach, expect, test } from "vitest";
import { Exchange } from "./exchange.ts";
import { headOf } from "./head.ts";

const PIECE = Buffer.alloc(64 * 1024, 120);
const PIECES = 600;

/** How far the stream of the test has got. */
const stream = { made: 0, closed: false };
let reader: Socket | null = null;
let listening: unknown = null;
afterEach(() => {
  reader?.destroy();
  stream.made = 0;
  stream.closed = false;
  if (listening !== null) us_listen_socket_close(listening as never);
});

async function* pieces(): AsyncGenerator<Buffer> {
  try {
    for (; stream.made < PIECES; stream.made++) yield PIECE;
  } finally {
    stream.closed = true;
  }
}

/** A server whose every answer is the stream, and a connection that has asked and reads nothing yet. */
async function asked(): Promise<Socket> {
  const app: TemplatedApp = App();
  app.get("/*", (res) => {
    const host = { onEnd() {}, closing: false, strictTransport: false, idPrefix: "id" };
    new Exchange(res, headOf("GET", "/", ""), 1, 0, host).answer({
      ok: true,
      status: 200,
      contentType: "text/plain",
      stream: pieces(),
    });
  });
  const port = await new Promise<number>((resolve) => {
    app.listen("127.0.0.1", 0, (socket) => {
      listening = socket;
      resolve(us_socket_local_port(socket as never));
    });
  });
  reader = connect(port, "127.0.0.1");
  reader.pause();
  reader.write("GET / HTTP/1.1\r\nhost: here\r\n\r\n");
  return reader;
}

/** Waits until nothing was made for longer than a stream looks after its reader. */
async function standsStill(): Promise<void> {
  const seen = [-1];
  while (seen.at(-1) !== stream.made || stream.made === 0) {
    seen.push(stream.made);
    await pause(1_800);
  }
}

test("a stream waits for a reader that takes nothing, and goes on where it was when it reads", async () => {
  const socket = await asked();
  await standsStill();
  // What the kernel's own buffers take.
  expect(stream.made).toBeLessThan(PIECES / 2);
  let bytes = 0;
  socket.on("data", (data) => {
    bytes += data.length;
  });
  socket.resume();
  await expect.poll(() => bytes, { timeout: 20_000 }).toBeGreaterThan(PIECES * PIECE.length);
  expect(stream.made).toBe(PIECES);
});

test("a stream whose reader has gone is given up", async () => {
  const socket = await asked();
  await expect.poll(() => stream.made, { timeout: 20_000 }).toBeGreaterThan(0);
  socket.destroy();
  await expect.poll(() => stream.closed, { timeout: 10_000 }).toBe(true);
  expect(stream.made).toBeLessThan(PIECES);
});
