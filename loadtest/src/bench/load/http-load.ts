// The load for HTTP rows: raw sockets that send a request, wait for its whole answer, and send the next. The same for
// every variant, and light (no client library, no pipelining), because it shares the machine with what it measures.
import { Line } from "./http-line.ts";

export interface HttpLoadOptions {
  port: number;
  connections: number;
  /** The next request as it goes on the wire (latin1); null when there are no more. */
  next: () => string | null;
  /** No new requests after so many seconds, if not stopped by `next` before. */
  secondsMax: number;
  /**
   * So many requests a second and no more, evenly. One whose turn comes while every connection waits for an answer is
   * late, and its wait counts as its latency's: a slow server may not hide behind the requests that it delays.
   */
  perSecond?: number;
  /** Each answer's status, and its body while somebody wants it. */
  onAnswer?: (status: number, answer: string) => void;
}

export interface HttpLoadResult {
  /** Answers. */
  units: number;
  latenciesMs: number[];
  statuses: Map<number, number>;
}

/** Without an answer for so long, something is broken: better to say so than to wait. */
const SILENCE_MS_MAX = 10_000;

/** Opens the connections first; `run` may be called again and again. */
export class HttpLoad {
  readonly #port: number;
  #lines: Line[];

  private constructor(port: number, lines: Line[]) {
    this.#port = port;
    this.#lines = lines;
  }

  /** @throws Error when a connection cannot be made */
  static async open(port: number, connections: number): Promise<HttpLoad> {
    return new HttpLoad(port, await Promise.all(Array.from({ length: connections }, () => Line.open(port))));
  }

  /** Fresh connections: a server closes one that was idle for some seconds, and may just be about to. */
  async renew(): Promise<void> {
    const count = this.#lines.length;
    this.close();
    this.#lines = await Promise.all(Array.from({ length: count }, () => Line.open(this.#port)));
  }

  /** @throws Error when a connection breaks */
  run(options: Omit<HttpLoadOptions, "port" | "connections">): Promise<HttpLoadResult> {
    const { next, secondsMax, onAnswer, perSecond } = options;
    const latenciesMs: number[] = [];
    const statuses = new Map<number, number>();
    const beganMs = performance.now();
    const endMs = beganMs + secondsMax * 1_000;
    let turns = 0;
    return new Promise((resolve, reject) => {
      let busy = 0;
      let answered = -1;
      const watch = setInterval(() => {
        if (answered === latenciesMs.length) {
          clearInterval(watch);
          reject(new Error(`${busy} requests had no answer for ${SILENCE_MS_MAX / 1_000} s`));
        }
        answered = latenciesMs.length;
      }, SILENCE_MS_MAX);
      const go = (line: Line): void => {
        const request = performance.now() < endMs ? next() : null;
        if (request === null) {
          if (--busy > 0) return;
          clearInterval(watch);
          resolve({ units: latenciesMs.length, latenciesMs, statuses });
          return;
        }
        if (perSecond === undefined) line.ask(request);
        else askInTurn(line, request, beganMs + (turns++ / perSecond) * 1_000);
      };
      const lateMs = new Map<Line, number>();
      const askInTurn = (line: Line, request: string, turnMs: number): void => {
        const waitMs = turnMs - performance.now();
        // A timer's own lateness is the load's and not the server's.
        lateMs.set(line, Math.max(0, -waitMs));
        if (waitMs <= 0) line.ask(request);
        else setTimeout(() => line.ask(request), waitMs);
      };
      for (const line of this.#lines) {
        busy++;
        line.onBreak = (error) => {
          clearInterval(watch);
          reject(error);
        };
        line.onAnswer = (status, answer, tookMs) => {
          latenciesMs.push(tookMs + (lateMs.get(line) ?? 0));
          statuses.set(status, (statuses.get(status) ?? 0) + 1);
          onAnswer?.(status, answer);
          go(line);
        };
      }
      for (const line of this.#lines) go(line);
    });
  }

  close(): void {
    for (const line of this.#lines) line.close();
  }
}
