// The ceiling of the socket rows: a bare µWebSockets server that upgrades, hears one frame and answers one, subscribes
// the socket to a topic, and publishes bytes to it when it is told to.
import uws from "uWebSockets.js";
import { announce } from "./announce.ts";

/** As large as the entry that ours sends. */
const ENTRY = `42["entry",${JSON.stringify({ entryId: "e".repeat(31), saleId: "s".repeat(20), state: "waiting", ticket: null, position: null, rev: 0, phase: "lobby", serving: 0 })}]`;

const app = uws
  .App()
  .ws<object>("/*", {
    maxBackpressure: 64 * 1024,
    sendPingsAutomatically: false,
    idleTimeout: 120,
    message: (ws) => {
      ws.subscribe("all");
      ws.send(ENTRY);
    },
  })
  .listen("127.0.0.1", 0, (socket) => {
    announce(
      { port: socket === false ? 0 : uws.us_socket_local_port(socket) },
      {
        publish: (frame) => app.publish("all", String(frame)),
        // What starting has left over is given back, or so small a server's growth would hide in it.
        compact: () => globalThis.gc?.(),
      },
    );
  });
