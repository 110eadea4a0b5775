// The world as Node has it: ten thousand shoppers in one process share a few kept-alive HTTP connections, and each has
// a bare WebSocket of its own. (Node 20 has no global WebSocket, and its fetch costs four times a plain request.)

import * as http from "node:http";
import * as https from "node:https";
import { WebSocket } from "ws";
import type { Answer, Surroundings } from "./surroundings.ts";

export interface NodeSurroundings extends Surroundings {
  /** Ends the kept-alive connections; the sockets belong to their journeys. */
  close: () => void;
}

export interface NodeOptions {
  /** HTTP connections to each host; requests beyond them wait their turn. */
  connectionsMax?: number;
  /** A request without an answer by then is broken off, in ms. */
  answerMsMax?: number;
}

export function nodeSurroundings(options: NodeOptions = {}): NodeSurroundings {
  const { connectionsMax = 128, answerMsMax = 20_000 } = options;
  const agents = {
    "http:": new http.Agent({ keepAlive: true, maxSockets: connectionsMax }),
    "https:": new https.Agent({ keepAlive: true, maxSockets: connectionsMax }),
  };
  return {
    fetch: (address, init) =>
      new Promise<Answer>((resolve, reject) => {
        const url = new URL(address);
        const isSecure = url.protocol === "https:";
        const body = init.body === undefined ? undefined : Buffer.from(init.body);
        const request = (isSecure ? https : http).request(url, {
          method: init.method,
          headers: body === undefined ? init.headers : { ...init.headers, "content-length": body.length },
          agent: agents[isSecure ? "https:" : "http:"],
          timeout: answerMsMax,
        });
        request.on("timeout", () =>
          request.destroy(new Error(`no answer from ${url.host} in ${answerMsMax} ms`)),
        );
        request.on("error", reject);
        request.on("response", (response) => {
          response.setEncoding("utf8");
          let text = "";
          response.on("data", (piece: string) => {
            text += piece;
          });
          response.on("error", reject);
          response.on("end", () => resolve(answerOf(response, text)));
        });
        request.end(body);
      }),
    openSocket: (url) => new WebSocket(url, { perMessageDeflate: false, handshakeTimeout: answerMsMax }),
    now: () => performance.timeOrigin + performance.now(),
    random: () => Math.random(),
    after: (ms, act) => {
      const timer = setTimeout(act, ms);
      return () => clearTimeout(timer);
    },
    close: () => {
      agents["http:"].destroy();
      agents["https:"].destroy();
    },
  };
}

function answerOf(response: http.IncomingMessage, text: string): Answer {
  return {
    status: response.statusCode ?? 0,
    headers: {
      get: (name) => {
        const value = response.headers[name.toLowerCase()];
        return Array.isArray(value) ? value.join(", ") : (value ?? null);
      },
    },
    text: () => Promise.resolve(text),
  };
}
