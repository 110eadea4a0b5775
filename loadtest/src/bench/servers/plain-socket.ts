// The plain way of the socket rows: the `socket.io` package, on `ws` or on µWebSockets by its first argument. Who
// connects is looked up in Redis, joins the sale's room, and is sent the sale, the line's state and their entry.

import uws from "uWebSockets.js";
import { createServer } from "node:http";
import { Redis } from "ioredis";
import { Server } from "socket.io";
import { announce } from "./announce.ts";

const [transport, redisUrl = ""] = process.argv.slice(2);
const redis = new Redis(redisUrl);
const io = new Server({ transports: ["websocket"], serveClient: false, perMessageDeflate: false });

io.use((socket, next) => {
  const { token } = socket.handshake.auth as { token?: string };
  if (token === undefined) return next(new Error("unauthenticated"));
  void redis.hget("entries", token.slice(0, 40), (error) => next(error ?? undefined));
});
io.on("connection", (socket) => {
  void socket.join("sale");
  socket.emit("sale", { id: "s".repeat(20), title: "A benchmark", phase: "lobby", serverTime: new Date() });
  socket.emit("serving", { serving: 0, waiting: 0, ratePerSecond: 100, at: new Date() });
  socket.emit("entry", { entryId: "e".repeat(31), state: "waiting", ticket: null, position: null });
});

const answers = {
  publish: (payload: unknown): void => void io.to("sale").emit("serving", payload),
};
if (transport === "uws") {
  const app = uws.App();
  io.attachApp(app);
  app.listen("127.0.0.1", 0, (socket) => {
    announce({ port: socket === false ? 0 : uws.us_socket_local_port(socket) }, answers);
  });
} else {
  const server = createServer();
  io.attach(server);
  server.listen(0, "127.0.0.1", () => {
    const address = server.address();
    announce({ port: typeof address === "object" && address !== null ? address.port : 0 }, answers);
  });
}
