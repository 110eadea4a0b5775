// One request and its one answer. Whatever goes wrong in between, the answer is written at most once, in
// one cork, and never on a response that µWebSockets has already freed.

import type { HttpResponse } from "uWebSockets.js";
import { STATUS_CODES } from "node:http";
import type { Refusal } from "@dropgate/contracts/refusals";
import type { Head } from "./head.ts";
import { problemText, retryAfterSeconds } from "./problem.ts";
import type { Answer, Reply, Streamed } from "./reply.ts";

const STATUS_LINES = new Map(
  Object.entries(STATUS_CODES).map(([code, text]) => [Number(code), `${code} ${text}`]),
);

/**
 * Headers of every answer; `nosniff` keeps a browser from running JSON as something else. The usual ones are one
 * text, for each header that is written is a call into µWebSockets of its own.
 */
const NOSNIFF = "\r\nx-content-type-options: nosniff";
const USUAL_HEADERS = `application/json\r\ncache-control: no-store${NOSNIFF}`;
const PROBLEM_HEADERS = `application/problem+json\r\ncache-control: no-store${NOSNIFF}`;

/** How often a stream that waits for its reader looks whether it is still there. */
const GONE_LOOK_MS = 1_000;

export interface ExchangeHost {
  /** Told once, when the answer was written or the peer went away. */
  onEnd(exchange: Exchange): void;
  /** Whether connections are to be given up after their answer: the process is stopping. */
  readonly closing: boolean;
  /** Said with every answer when shoppers come by https. */
  readonly strictTransport: boolean;
  /** Before a request's number: no two processes have the same. */
  readonly idPrefix: string;
}

export class Exchange {
  readonly head: Head;
  readonly startedMs: number;
  /** What the metrics call this request; set by the router. */
  operation = "none";
  /** The answer's status; 0 when the peer went away first. */
  status = 0;
  /** Written with the answer, whatever it is. */
  setCookie: string | null = null;
  /** Cross-origin headers of the answer. */
  allowedOrigin: string | null = null;
  readonly #number: number;
  #res: HttpResponse;
  #host: ExchangeHost;
  #open = true;

  constructor(res: HttpResponse, head: Head, number: number, nowMs: number, host: ExchangeHost) {
    this.#res = res;
    this.head = head;
    this.#number = number;
    this.startedMs = nowMs;
    this.#host = host;
    res.onAborted(() => {
      this.#end();
    });
  }

  /** What logs and refusals call this request. */
  get id(): string {
    return `${this.#host.idPrefix}-${this.#number.toString(36)}`;
  }

  /** False once answered or gone. */
  get open(): boolean {
    return this.#open;
  }

  #end(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#host.onEnd(this);
  }

  /** Writes the answer; nothing when there is nobody to write to any more. */
  answer(reply: Reply): void {
    if (!this.#open) return;
    if (!reply.ok) this.refuse(reply);
    else if ("stream" in reply) this.#stream(reply);
    else this.#whole(reply);
  }

  /** @param close the rest of the request is not to be read */
  refuse(
    refusal: Refusal,
    close = false,
    headers: readonly (readonly [name: string, value: string])[] = [],
  ): void {
    if (!this.#open) return;
    const { text, status, retryAfterMs } = problemText(
      refusal,
      this.head.path.slice(0, 2_000),
      Math.random(),
    );
    const retry = retryAfterMs === undefined ? "" : `\r\nretry-after: ${retryAfterSeconds(retryAfterMs)}`;
    const proof = status === 401 ? "\r\nwww-authenticate: Bearer" : "";
    const firstHeaders = `${PROBLEM_HEADERS}${retry}${proof}\r\nx-request-id: ${this.id}`;
    this.#whole({ ok: true, status, body: text, headers }, close, firstHeaders);
  }

  /** Ends the connection without a word. */
  cut(): void {
    if (!this.#open) return;
    this.#end();
    this.#res.close();
  }

  /** @param firstHeaders the type and the headers behind it as one text; nothing of it came from outside */
  #writeHead(answer: Answer | Streamed, firstHeaders = USUAL_HEADERS): void {
    const res = this.#res;
    res.writeStatus(STATUS_LINES.get(answer.status) ?? String(answer.status));
    if (answer.contentType === undefined && answer.cacheControl === undefined) {
      res.writeHeader("content-type", firstHeaders);
    } else {
      res.writeHeader("content-type", answer.contentType ?? "application/json");
      res.writeHeader("cache-control", (answer.cacheControl ?? "no-store") + NOSNIFF);
    }
    if (this.#host.strictTransport) res.writeHeader("strict-transport-security", "max-age=31536000");
    if (this.setCookie !== null) res.writeHeader("set-cookie", this.setCookie);
    if (this.allowedOrigin !== null) {
      res.writeHeader("access-control-allow-origin", this.allowedOrigin);
      res.writeHeader("access-control-allow-credentials", "true");
      res.writeHeader("access-control-expose-headers", "retry-after, x-request-id");
      res.writeHeader("vary", "origin");
    }
    if (answer.headers !== undefined)
      for (const [name, value] of answer.headers) res.writeHeader(name, value);
  }

  #whole(answer: Answer, close = false, firstHeaders?: string): void {
    this.status = answer.status;
    const res = this.#res;
    const closing = close || this.#host.closing;
    res.cork(() => {
      this.#writeHead(answer, firstHeaders);
      if (closing) res.writeHeader("connection", "close");
      if (this.head.method === "HEAD") res.endWithoutBody(byteLength(answer.body), closing);
      else if (answer.status === 204 || answer.status === 304) res.endWithoutBody(undefined, closing);
      else res.end(answer.body, closing);
    });
    this.#end();
  }

  #stream(answer: Streamed): void {
    this.status = answer.status;
    const res = this.#res;
    if (this.head.method === "HEAD") {
      res.cork(() => {
        this.#writeHead(answer);
        res.endWithoutBody();
      });
      this.#end();
      return;
    }
    const drained = { tell: () => {} };
    res.onWritable(() => {
      drained.tell();
      return true;
    });
    const pump = async (): Promise<void> => {
      let begun = false;
      for await (const piece of answer.stream) {
        if (!this.#open) return;
        if (piece.length === 0) continue;
        let fits = true;
        res.cork(() => {
          if (!begun) this.#writeHead(answer);
          fits = res.write(piece);
        });
        begun = true;
        // Nothing more is read from the store until the reader has taken this: one that takes a kilobyte a second costs
        // one piece of memory. One that takes nothing is cut off by µWebSockets' own time-out; then `open` falls.
        if (!fits) await this.#written(drained);
      }
      if (!this.#open) return;
      res.cork(() => {
        if (!begun) this.#writeHead(answer);
        res.end(undefined, this.#host.closing);
      });
      this.#end();
    };
    // Half an answer cannot be taken back: the connection breaks, so that the reader knows.
    pump().catch((error: unknown) => {
      this.fault = error;
      this.cut();
    });
  }

  /** Resolves when what was written is with the reader, or when there is none any more. */
  #written(drained: { tell: () => void }): Promise<void> {
    return new Promise((resolve) => {
      const look = setInterval(() => {
        if (!this.#open) drained.tell();
      }, GONE_LOOK_MS);
      drained.tell = () => {
        clearInterval(look);
        resolve();
      };
    });
  }

  /** What broke a stream, for the log. */
  fault: unknown = null;
}

function byteLength(body: string | Uint8Array): number {
  return typeof body === "string" ? Buffer.byteLength(body) : body.byteLength;
}
