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

/** A timer of a millisecond comes by then, unless this process or its core is busy with something else. */
const LOOK_MS_MAX = 3;

interface Idle {
  ask: (lateMs: number) => void;
  end: () => void;
}

/**
 * So many turns a second. A turn that finds every connection waiting for an answer is late until one is free. That this
 * process looks late itself is the load's fault and counts for nothing.
 */
class Turns {
  readonly #perSecond: number;
  readonly #endMs: number;
  #beganMs: number;
  #lookedMs: number;
  #given = 0;
  #idle: Idle[] = [];
  /** When each turn that waits was found to have no connection. */
  #missed: number[] = [];

  constructor(perSecond: number, beganMs: number, endMs: number) {
    this.#perSecond = perSecond;
    this.#beganMs = beganMs;
    this.#lookedMs = beganMs;
    this.#endMs = endMs;
    this.#look();
  }

  take(idle: Idle): void {
    const nowMs = performance.now();
    const missedMs = this.#missed.shift();
    if (missedMs !== undefined) idle.ask(nowMs - missedMs);
    else if (nowMs >= this.#endMs) idle.end();
    else this.#idle.push(idle);
  }

  #look(): void {
    const nowMs = performance.now();
    if (nowMs >= this.#endMs) {
      for (const idle of this.#idle.splice(0)) idle.end();
      return;
    }
    // Turns that passed while this process stood still are not made up for: all at once they would be a flood.
    this.#beganMs += Math.max(0, nowMs - this.#lookedMs - LOOK_MS_MAX);
    this.#lookedMs = nowMs;
    const due = Math.floor(((nowMs - this.#beganMs) * this.#perSecond) / 1_000);
    for (; this.#given < due; this.#given++) {
      const idle = this.#idle.shift();
      if (idle === undefined) this.#missed.push(nowMs);
      else idle.ask(0);
    }
    setTimeout(() => this.#look(), 1);
  }
}

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
      const turns = perSecond === undefined ? null : new Turns(perSecond, beganMs, endMs);
      const lateMs = new Map<Line, number>();
      const ask = (line: Line, late: number): void => {
        const request = performance.now() < endMs ? next() : null;
        if (request === null) {
          end();
          return;
        }
        lateMs.set(line, late);
        line.ask(request);
      };
      const end = (): void => {
        if (--busy > 0) return;
        clearInterval(watch);
        resolve({ units: latenciesMs.length, latenciesMs, statuses });
      };
      const go = (line: Line): void => {
        if (turns === null) ask(line, 0);
        else turns.take({ ask: (late) => ask(line, late), end });
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
