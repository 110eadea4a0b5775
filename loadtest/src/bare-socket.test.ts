import { once } from "node:events";
import { createServer } from "node:net";
import { afterEach, expect, test, vi } from "vitest";
import { type WebSocket, WebSocketServer } from "ws";
import { openBareSocket } from "./bare-socket.ts";

const servers: WebSocketServer[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    for (const socket of server.clients) socket.terminate();
    server.close();
  }
});

async function serve(onSocket: (socket: WebSocket) => void): Promise<string> {
  const server = new WebSocketServer({ port: 0, host: "127.0.0.1", perMessageDeflate: false });
  servers.push(server);
  server.on("connection", onSocket);
  await once(server, "listening");
  const address = server.address();
  return `ws://127.0.0.1:${typeof address === "object" && address ? address.port : 0}/x`;
}

test("texts of any length go both ways, in one frame or several, and a ping is answered", async () => {
  const heardByServer: string[] = [];
  let ponged = "";
  const long = "ü".repeat(40_000);
  const url = await serve((socket) => {
    socket.on("message", (data) => heardByServer.push(String(data)));
    socket.on("pong", (data) => {
      ponged = data.toString();
    });
    socket.send("a");
    socket.send("b".repeat(300));
    socket.send(long);
    socket.send("in ", { fin: false });
    socket.send("pieces", { fin: true });
    socket.ping("hey");
  });
  const heard: unknown[] = [];
  const socket = openBareSocket(url, 2_000);
  socket.addEventListener("message", ({ data }) => {
    heard.push(data);
    if (heard.length === 1) {
      socket.send("short");
      socket.send("c".repeat(500));
    }
  });
  await vi.waitUntil(() => heard.length === 4 && ponged !== "" && heardByServer.length === 2, {
    timeout: 20_000,
  });
  expect(heard).toEqual(["a", "b".repeat(300), long, "in pieces"]);
  expect(heardByServer).toEqual(["short", "c".repeat(500)]);
  expect(ponged).toBe("hey");
  socket.close();
});

test("close is told once: by us, by the server, without a server, and when it refuses or says nothing", async () => {
  let closedAtServer = 0;
  const url = await serve((socket) => {
    socket.on("close", () => closedAtServer++);
    if (closedAtServer > 0) socket.close();
    else socket.send("hello");
  });
  const count = (at: string): (() => number) => {
    let closes = 0;
    const socket = openBareSocket(at, 200);
    socket.addEventListener("close", () => closes++);
    socket.addEventListener("message", () => socket.close());
    return () => closes;
  };
  const ours = count(url);
  await vi.waitUntil(() => ours() === 1 && closedAtServer === 1, { timeout: 20_000 });
  const theirs = count(url);
  await vi.waitUntil(() => theirs() === 1, { timeout: 20_000 });

  const silent = createServer(() => {}).listen(0, "127.0.0.1");
  await once(silent, "listening");
  const address = silent.address();
  const port = typeof address === "object" && address ? address.port : 0;
  const unanswered = count(`ws://127.0.0.1:${port}/`);
  await vi.waitUntil(() => unanswered() === 1, { timeout: 20_000 });
  silent.close();
  const nobody = count(`ws://127.0.0.1:${port}/`);
  await vi.waitUntil(() => nobody() === 1, { timeout: 20_000 });
  expect([ours(), theirs(), unanswered(), nobody()]).toEqual([1, 1, 1, 1]);
});
