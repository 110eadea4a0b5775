import { createServer, type Server, type Socket } from "node:net";
import { afterEach, expect, test } from "vitest";
import { HttpLoad } from "./http-load.ts";

let server: Server | undefined;
afterEach(() => server?.close());

/** A server that does with each request what it is told. */
async function serve(onRequest: (socket: Socket, text: string) => void): Promise<number> {
  server = createServer((socket) => {
    socket.on("error", () => {});
    socket.on("data", (bytes) => onRequest(socket, bytes.toString()));
  });
  await new Promise<void>((resolve) => server?.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}

test("each connection sends its next request once it has the whole answer, however it is cut", async () => {
  let open = 0;
  let openMost = 0;
  const port = await serve((socket) => {
    openMost = Math.max(openMost, ++open);
    const answer = "HTTP/1.1 201 Created\r\nContent-Length: 5\r\n\r\nhello";
    let at = 0;
    const step = (): void => {
      if (at === answer.length) return;
      if (at + 7 >= answer.length) open--;
      socket.write(answer.slice(at, at + 7));
      at = Math.min(answer.length, at + 7);
      setImmediate(step);
    };
    step();
  });
  const load = await HttpLoad.open(port, 3);
  let left = 20;
  const bodies: string[] = [];
  const result = await load.run({
    next: () => (left-- > 0 ? "GET / HTTP/1.1\r\nhost: a\r\n\r\n" : null),
    secondsMax: 20,
    onAnswer: (_, answer) => void bodies.push(answer.slice(-5)),
  });
  load.close();
  expect(result.units).toBe(20);
  expect(result.statuses).toEqual(new Map([[201, 20]]));
  expect(new Set(bodies)).toEqual(new Set(["hello"]));
  expect(openMost).toBeLessThanOrEqual(3);
});

test("a server that hangs up breaks the round instead of ending it early", async () => {
  const port = await serve((socket) => void socket.destroy());
  const load = await HttpLoad.open(port, 2);
  await expect(load.run({ next: () => "GET / HTTP/1.1\r\n\r\n", secondsMax: 20 })).rejects.toThrow();
  load.close();
});

test("a rate is kept to, and what waits for a slow server counts as slow", async () => {
  const OK = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
  const port = await serve((socket) => void setTimeout(() => socket.write(OK), 20));
  const load = await HttpLoad.open(port, 1);
  let left = 20;
  const request = (): string | null => (left-- > 0 ? "GET / HTTP/1.1\r\nhost: a\r\n\r\n" : null);
  const beganMs = performance.now();
  await load.run({ next: request, secondsMax: 20, perSecond: 20 });
  // The first goes at once, the twentieth at its turn.
  expect(performance.now() - beganMs).toBeGreaterThanOrEqual(950);
  left = 20;
  // Fifty a second is all that one connection with answers of 20 ms can do.
  const { latenciesMs } = await load.run({ next: request, secondsMax: 20, perSecond: 1_000 });
  load.close();
  expect(latenciesMs.at(-1)).toBeGreaterThanOrEqual(19 * 20);
});
