// The world as Node has it: ten thousand shoppers in one process share a few kept-alive HTTP connections, and each has
// a bare WebSocket of its own. (Node 20 has no global WebSocket, and its fetch costs four times a plain request.) Over
// plain HTTP both are our own few lines on raw sockets; with TLS they are Node's client and `ws`.

import type { IncomingMessage } from "node:http";
import * as https from "node:https";
import { WebSocket } from "ws";
import { BareHttp } from "./bare-http.ts";
import { openBareSocket } from "./bare-socket.ts";
import type { Answer, Fetch, Surroundings } from "./surroundings.ts";

export interface NodeSurroundings extends Surroundings {
  /** Ends the kept-alive connections; the sockets belong to their journeys. */
  close: () => void;
}

export interface NodeOptions {
  /** HTTP connections to each host; requests beyond them wait their turn. */
  connectionsMax?: number;
  /** A request without an answer by then is broken off, in ms. */
  answerMsMax?: number;
  /** Sent with each request, those that become sockets included. */
  headers?: Readonly<Record<string, string>>;
}

export function nodeSurroundings(options: NodeOptions = {}): NodeSurroundings {
  const { connectionsMax = 128, answerMsMax = 20_000, headers = {} } = options;
  const agent = new https.Agent({ keepAlive: true, maxSockets: connectionsMax });
  const hosts = new Map<string, BareHttp>();
  return {
    fetch: (address, given) => {
      const url = new URL(address);
      const init = { ...given, headers: { ...headers, ...given.headers } };
      if (url.protocol === "https:") return fetchSecurely(url, init, agent, answerMsMax);
      let host = hosts.get(url.host);
      if (host === undefined) {
        host = new BareHttp(url, { connectionsMax, answerMsMax });
        hosts.set(url.host, host);
      }
      return host.ask(url, init);
    },
    openSocket: (url) =>
      url.startsWith("ws://")
        ? openBareSocket(url, answerMsMax, headers)
        : new WebSocket(url, { perMessageDeflate: false, handshakeTimeout: answerMsMax, headers }),
    now: () => performance.timeOrigin + performance.now(),
    random: () => Math.random(),
    after: (ms, act) => {
      const timer = setTimeout(act, ms);
      return () => clearTimeout(timer);
    },
    close: () => {
      agent.destroy();
      for (const host of hosts.values()) host.close();
    },
  };
}

function fetchSecurely(
  url: URL,
  init: Parameters<Fetch>[1],
  agent: https.Agent,
  answerMsMax: number,
): Promise<Answer> {
  const body = init.body === undefined ? undefined : Buffer.from(init.body);
  return new Promise((resolve, reject) => {
    const request = https.request(url, {
      method: init.method,
      headers: body === undefined ? init.headers : { ...init.headers, "content-length": body.length },
      agent,
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
  });
}

function answerOf(response: IncomingMessage, text: string): Answer {
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
