// A gateway that says exactly what a test tells it to, over real HTTP and real WebSockets: for what the journey does
// when answers are lost, doubled or wrong, which a real gateway cannot be asked for. Everything else is tested on it.

import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import { type WebSocket, WebSocketServer } from "ws";

/** One accepted connection. `auth` is what its handshake said. */
export interface ScriptedConnection {
  auth: Record<string, string>;
  tell(name: string, payload: unknown): void;
  ping(): void;
  /** Cuts the line without a word. */
  cut(): void;
}

export interface Script {
  /** Answers a request; `number` counts from 1. */
  http: (request: {
    method: string;
    path: string;
    cookie: string | undefined;
    authorization: string | undefined;
    number: number;
  }) => {
    status: number;
    body: unknown;
    cookie?: string;
  };
  /** A connection is in the namespace; `number` counts from 1. */
  connected: (connection: ScriptedConnection, number: number) => void;
  /** Answers a question; undefined: no acknowledgement. */
  asked?: (connection: ScriptedConnection, name: string, payload: unknown) => unknown;
  /** The handshake's `auth` is refused with this problem's data. */
  refuses?: (auth: Record<string, string>, number: number) => unknown;
}

export interface ScriptedGateway {
  url: string;
  /** Frames that came, without the handshakes. */
  heard: string[];
  connections: number;
  close(): Promise<void>;
}

export async function beginScriptedGateway(script: Script): Promise<ScriptedGateway> {
  const server = createServer((request, response) => {
    requests++;
    request.resume();
    const { status, body, cookie } = script.http({
      method: request.method ?? "",
      path: request.url ?? "",
      cookie: request.headers.cookie,
      authorization: request.headers.authorization,
      number: requests,
    });
    if (cookie !== undefined) response.setHeader("set-cookie", `${cookie}; HttpOnly; SameSite=Lax`);
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  });
  let requests = 0;
  const sockets = new WebSocketServer({ server, path: "/socket.io/" });
  const gateway: ScriptedGateway = {
    url: "",
    heard: [],
    connections: 0,
    close: async () => {
      for (const socket of sockets.clients) socket.terminate();
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
  sockets.on("connection", (socket: WebSocket, request: IncomingMessage) => {
    if (request.url !== "/socket.io/?EIO=4&transport=websocket") return socket.close();
    accept(socket, script, gateway);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("a TCP server has a port");
  gateway.url = `http://127.0.0.1:${address.port}`;
  return gateway;
}

function accept(socket: WebSocket, script: Script, gateway: ScriptedGateway): void {
  const connection: ScriptedConnection = {
    auth: {},
    tell: (name, payload) => socket.send(`42${JSON.stringify([name, payload])}`),
    ping: () => socket.send("2"),
    cut: () => socket.terminate(),
  };
  socket.addEventListener("message", ({ data }) => {
    const text = typeof data === "string" ? data : "";
    if (text.startsWith("40")) {
      connection.auth = JSON.parse(text.slice(2));
      const number = ++gateway.connections;
      const refusal = script.refuses?.(connection.auth, number);
      if (refusal !== undefined)
        return socket.send(`44${JSON.stringify({ message: "refused", data: refusal })}`);
      socket.send('40{"sid":"s"}');
      return script.connected(connection, number);
    }
    gateway.heard.push(text);
    const match = /^42(\d+)(.*)$/.exec(text);
    if (match === null) return;
    const [name, payload] = JSON.parse(match[2] ?? "[]");
    const answer = script.asked?.(connection, name, payload);
    if (answer !== undefined) socket.send(`43${match[1]}${JSON.stringify([answer])}`);
  });
  socket.send('0{"sid":"e","upgrades":[],"pingInterval":25000,"pingTimeout":20000,"maxPayload":16384}');
}
