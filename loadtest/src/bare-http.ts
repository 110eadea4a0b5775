// HTTP/1.1 on raw sockets, for crowds: a request of Node's own client costs the driver more than the gateway spends on
// answering it, and the driver shares the machine with what it loads. Connections are kept; one request at a time each.

import { connect, type Socket } from "node:net";
import type { Answer, Fetch } from "./surroundings.ts";

export interface BareHttpOptions {
  /** Connections to each host; requests beyond them wait their turn. */
  connectionsMax: number;
  /** A request without an answer by then is broken off, in ms; waiting for a connection is not counted. */
  answerMsMax: number;
}

interface Asked {
  text: string;
  resolve: (answer: Answer) => void;
  reject: (error: Error) => void;
}

/** The connections to one host. */
export class BareHttp {
  readonly #host: string;
  readonly #port: number;
  readonly #options: BareHttpOptions;
  readonly #free: Line[] = [];
  readonly #lines = new Set<Line>();
  #waiting: Asked[] = [];
  #next = 0;

  constructor(url: URL, options: BareHttpOptions) {
    this.#host = url.hostname.replace(/^\[(.*)\]$/, "$1");
    this.#port = Number(url.port || 80);
    this.#options = options;
  }

  ask(url: URL, { method, headers, body }: Parameters<Fetch>[1]): Promise<Answer> {
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
    const length = body === undefined ? "" : `content-length: ${Buffer.byteLength(body)}\r\n`;
    const text = `${method} ${url.pathname}${url.search} HTTP/1.1\r\nhost: ${url.host}\r\n${lines.join("")}${length}\r\n${body ?? ""}`;
    return new Promise((resolve, reject) => {
      const asked = { text, resolve, reject };
      const line = this.#free.pop();
      if (line !== undefined) line.send(asked);
      else if (this.#lines.size < this.#options.connectionsMax) this.#open(asked);
      else this.#waiting.push(asked);
    });
  }

  close(): void {
    for (const line of this.#lines) line.close();
  }

  #open(first: Asked): void {
    const line = new Line(connect(this.#port, this.#host), this.#options.answerMsMax, {
      onFree: () => {
        const asked = this.#take();
        if (asked === undefined) this.#free.push(line);
        else line.send(asked);
      },
      onGone: () => {
        this.#lines.delete(line);
        const at = this.#free.indexOf(line);
        if (at >= 0) this.#free.splice(at, 1);
        const asked = this.#take();
        if (asked !== undefined) this.#open(asked);
      },
    });
    this.#lines.add(line);
    line.send(first);
  }

  /** First come, first served; an array's own `shift` would move ten thousand each time. */
  #take(): Asked | undefined {
    const asked = this.#waiting[this.#next++];
    if (asked === undefined || this.#next > 1_000) {
      this.#waiting = this.#waiting.slice(this.#next);
      this.#next = 0;
    }
    return asked;
  }
}

class Line {
  readonly #socket: Socket;
  readonly #answerMsMax: number;
  readonly #on: { onFree: () => void; onGone: () => void };
  #asked: Asked | undefined;
  #timer: NodeJS.Timeout | undefined;
  #read: Buffer = Buffer.alloc(0);

  constructor(socket: Socket, answerMsMax: number, on: { onFree: () => void; onGone: () => void }) {
    this.#socket = socket;
    this.#answerMsMax = answerMsMax;
    this.#on = on;
    socket.setNoDelay(true);
    socket.on("data", (bytes) => this.#hear(bytes));
    // The close that follows says it.
    socket.on("error", () => {});
    socket.on("close", () => {
      clearTimeout(this.#timer);
      this.#asked?.reject(new Error("the connection closed before the answer"));
      this.#asked = undefined;
      on.onGone();
    });
  }

  send(asked: Asked): void {
    this.#asked = asked;
    this.#timer = setTimeout(() => this.close(), this.#answerMsMax);
    this.#socket.write(asked.text);
  }

  close(): void {
    this.#socket.destroy();
  }

  #hear(bytes: Buffer): void {
    this.#read = this.#read.length === 0 ? bytes : Buffer.concat([this.#read, bytes]);
    const headEnd = this.#read.indexOf("\r\n\r\n");
    if (headEnd < 0) return;
    const head = this.#read.toString("latin1", 0, headEnd);
    const body = bodyOf(head, this.#read.subarray(headEnd + 4));
    const asked = this.#asked;
    if (body === null || asked === undefined) return;
    this.#asked = undefined;
    this.#read = Buffer.alloc(0);
    clearTimeout(this.#timer);
    asked.resolve(answerOf(head, body));
    if (/\r\nconnection: *close/i.test(head)) this.close();
    else this.#on.onFree();
  }
}

/** null: not whole yet. */
function bodyOf(head: string, rest: Buffer): string | null {
  if (/\r\ntransfer-encoding: *chunked/i.test(head)) return unchunked(rest);
  const length = Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1] ?? 0);
  return rest.length < length ? null : rest.toString("utf8", 0, length);
}

function unchunked(rest: Buffer): string | null {
  const pieces: Buffer[] = [];
  for (let at = 0; ; ) {
    const lineEnd = rest.indexOf("\r\n", at);
    if (lineEnd < 0) return null;
    const size = Number.parseInt(rest.toString("latin1", at, lineEnd), 16);
    at = lineEnd + 2 + size + 2;
    if (rest.length < at) return null;
    if (size === 0) return Buffer.concat(pieces).toString("utf8");
    pieces.push(rest.subarray(lineEnd + 2, lineEnd + 2 + size));
  }
}

function answerOf(head: string, body: string): Answer {
  return {
    status: Number(head.slice(9, 12)),
    headers: {
      get: (name) => {
        const wanted = `${name.toLowerCase()}:`;
        const found = head.split("\r\n").filter((line) => line.toLowerCase().startsWith(wanted));
        return found.length === 0 ? null : found.map((line) => line.slice(wanted.length).trim()).join(", ");
      },
    },
    text: () => Promise.resolve(body),
  };
}
