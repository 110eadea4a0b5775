// The world as k6 has it: its own HTTP client and WebSocket on one event loop for each VU, so that a VU carries
// thousands of shoppers. Timers are globals there as everywhere; there is no `performance`, and no `URL`.

import http from "k6/http";
import { WebSocket } from "k6/websockets";
import type { Answer, SocketLike, Surroundings } from "./surroundings.ts";

/** A request without an answer by then counts as not answered, in ms. */
const ANSWER_MS_MAX = 20_000;

export function k6Surroundings(): Surroundings {
  return {
    fetch: async (url, init) => {
      const answer = await http.asyncRequest(init.method, url, init.body ?? null, {
        headers: init.headers,
        // A jar of its own: that of the VU would hand one shopper's cookie to all the others.
        jar: new http.CookieJar(),
        timeout: ANSWER_MS_MAX,
        responseType: "text",
        tags: { name: `${init.method} ${nameOf(url)}` },
      });
      // k6 resolves for a connection that broke, with status 0.
      if (answer.status === 0) throw new Error(`${answer.error} (${init.method} ${url})`);
      return answerOf(answer.status, answer.headers, answer.body);
    },
    openSocket: (url) => openSocket(url),
    now: () => Date.now(),
    random: () => Math.random(),
    after: (ms, act) => {
      const timer = setTimeout(act, ms);
      return () => clearTimeout(timer);
    },
  };
}

/**
 * k6's socket, but for one thing: its `close` waits for a connection that is still being made, and with it the whole VU.
 * So whoever gives up early is closed once it is open.
 */
function openSocket(url: string): SocketLike {
  const socket = new WebSocket(url, null, { tags: { name: "socket" } });
  let isOpen = false;
  let isGivenUp = false;
  socket.addEventListener("open", () => {
    isOpen = true;
    if (isGivenUp) socket.close();
  });
  return {
    addEventListener: (type: string, listener: (event: { data: unknown }) => void): void => {
      if (type === "message") {
        socket.addEventListener("message", (event) =>
          listener({ data: "data" in event ? event.data : undefined }),
        );
      } else if (type === "close" || type === "error") {
        socket.addEventListener(type, () => listener({ data: undefined }));
      }
    },
    send: (text) => socket.send(text),
    close: () => {
      if (isOpen) socket.close();
      else isGivenUp = true;
    },
  };
}

function answerOf(status: number, headers: Record<string, string>, body: string | null): Answer {
  return {
    status,
    headers: {
      get: (name) => {
        const wanted = name.toLowerCase();
        // k6 writes names as Go does (Set-Cookie), whatever the server wrote.
        const found = Object.keys(headers).find((key) => key.toLowerCase() === wanted);
        return found === undefined ? null : (headers[found] ?? null);
      },
    },
    text: () => Promise.resolve(body ?? ""),
  };
}

/** One name for all calls of a kind: a metric for each id would be as many as there are shoppers. */
export function nameOf(url: string): string {
  return url
    .replace(/^https?:\/\/[^/]+/, "")
    .replace(/\?.*$/, "")
    .replace(/\/(sales|holds|entries)\/[^/]+/g, "/$1/{id}");
}
