// Kept connections that a crowd of shoppers shares: whoever asks gets the next free one. What they may not do is what
// browsers do not either: send before the answer to the last has come.
import { Line } from "./http-line.ts";

export interface PoolAnswer {
  status: number;
  head: string;
  body: string;
  /** From the moment it was asked for, waiting for a connection included. */
  tookMs: number;
}

interface Asked {
  request: string;
  atMs: number;
  resolve: (answer: PoolAnswer) => void;
}

export class HttpPool {
  readonly #port: number;
  readonly #lines: Set<Line>;
  readonly #free: Line[];
  readonly #waiting: Asked[] = [];
  #next = 0;

  private constructor(port: number, lines: Line[]) {
    this.#port = port;
    this.#lines = new Set(lines);
    this.#free = [...lines];
  }

  static async open(port: number, connections: number): Promise<HttpPool> {
    return new HttpPool(port, await Promise.all(Array.from({ length: connections }, () => Line.open(port))));
  }

  /** Never rejects: a connection that breaks is a status of 0. */
  ask(request: string): Promise<PoolAnswer> {
    return new Promise((resolve) => {
      const asked = { request, atMs: performance.now(), resolve };
      const line = this.#take();
      if (line === undefined) this.#waiting.push(asked);
      else this.#send(line, asked);
    });
  }

  close(): void {
    for (const line of this.#lines) line.close();
  }

  /** A free connection; one that the server has closed meanwhile is made anew by the next who asks. */
  #take(): Line | undefined {
    for (let line = this.#free.pop(); line !== undefined; line = this.#free.pop()) {
      if (line.isOpen) return line;
      this.#lines.delete(line);
      void this.#connect();
    }
    return undefined;
  }

  async #connect(): Promise<void> {
    const line = await Line.open(this.#port);
    this.#lines.add(line);
    this.#settled(line);
  }

  /** A connection has nothing to do: whoever waits longest gets it. */
  #settled(line: Line): void {
    const next = this.#waiting[this.#next];
    if (next !== undefined) {
      this.#next++;
      this.#send(line, next);
      return;
    }
    this.#waiting.length = 0;
    this.#next = 0;
    this.#free.push(line);
  }

  #send(line: Line, { request, atMs, resolve }: Asked): void {
    line.onBreak = () => resolve({ status: 0, head: "", body: "", tookMs: performance.now() - atMs });
    line.onAnswer = (status, answer) => {
      const headEnd = answer.indexOf("\r\n\r\n");
      const head = answer.slice(0, headEnd);
      resolve({ status, head, body: answer.slice(headEnd + 4), tookMs: performance.now() - atMs });
      this.#settled(line);
    };
    line.ask(request);
  }
}
