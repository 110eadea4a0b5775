// A server on a real port for the library's tests: it answers HTTP as the test says and speaks the contract's frames
// over real sockets, so that what is tried is what goes over the wire. Faults that a healthy gateway never makes, such
// as silence and refusals that come late, can be made here.
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";
import { type WebSocket, WebSocketServer } from "ws";

/** A call as it came. */
export interface Heard {
  method: string;
  path: string;
  headers: IncomingMessage["headers"];
  body: string;
}
export interface Said {
  status?: number;
  headers?: Record<string, string | string[]>;
  /** Text goes out as it is, all else as JSON. */
  body?: unknown;
}
/** Never is an answer too: the caller has to help itself. */
export type Answers = (heard: Heard) => Said | "never" | Promise<Said>;

/** One connection, from the server's side. */
export interface Caller {
  /** What the library said, frame by frame. */
  heard: string[];
  say(frame: string): void;
  end(): void;
}

export interface Listening {
  url: string;
  calls: Heard[];
  callers: Caller[];
  /** How calls are answered from now on. */
  answer(answers: Answers): void;
  /** Whether sockets are let in from now on; a strict proxy lets in none. */
  letIn(isOpen: boolean): void;
}

const OPENING = '0{"sid":"s","upgrades":[],"pingInterval":25000,"pingTimeout":20000,"maxPayload":1000000}';

/**
 * Ends with the test.
 * @param greet what is said to who has come; by default the opening, which asks who it is
 */
export async function listen(
  greet: (caller: Caller) => void = (caller) => caller.say(OPENING),
): Promise<Listening> {
  let answers: Answers = () => ({ status: 503, body: "nobody is here" });
  let isOpen = true;
  const calls: Heard[] = [];
  const callers: Caller[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    const reply = async (): Promise<void> => {
      const { method = "", url = "", headers } = request;
      const heard = { method, path: url, headers, body: Buffer.concat(chunks).toString() };
      calls.push(heard);
      const said = await answers(heard);
      if (said === "never") return;
      const { status = 200, headers: more = {}, body = {} } = said;
      response.writeHead(status, { "content-type": "application/json", ...more });
      response.end(typeof body === "string" ? body : JSON.stringify(body));
    };
    request.on("end", () => void reply());
  });
  const sockets = new WebSocketServer({ noServer: true });
  server.on("upgrade", (request, socket, head) => {
    if (!isOpen) return socket.destroy();
    sockets.handleUpgrade(request, socket, head, (connection: WebSocket) => {
      const caller: Caller = {
        heard: [],
        say: (frame) => connection.send(frame),
        end: () => connection.terminate(),
      };
      connection.on("message", (data: Buffer) => caller.heard.push(data.toString()));
      callers.push(caller);
      greet(caller);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(async () => {
    for (const client of sockets.clients) client.terminate();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    callers,
    answer(next) {
      answers = next;
    },
    letIn(next) {
      isOpen = next;
    },
  };
}
