// Kept connections that a crowd of shoppers shares: whoever asks gets the next free one. What they may not do is what
// browsers do not either: send before the answer to the last has come.
import { Line } from "./http-line.ts";

export interface PoolAnswer {
  status: number;
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
  readonly #lines: Line[];
  readonly #free: Line[];
  readonly #waiting: Asked[] = [];
  #next = 0;

  private constructor(lines: Line[]) {
    this.#lines = lines;
    this.#free = [...lines];
  }

  static async open(port: number, connections: number): Promise<HttpPool> {
    return new HttpPool(await Promise.all(Array.from({ length: connections }, () => Line.open(port))));
  }

  /** Never rejects: a connection that breaks is a status of 0. */
  ask(request: string): Promise<PoolAnswer> {
    return new Promise((resolve) => {
      const asked = { request, atMs: performance.now(), resolve };
      const line = this.#free.pop();
      if (line === undefined) this.#waiting.push(asked);
      else this.#send(line, asked);
    });
  }

  close(): void {
    for (const line of this.#lines) line.close();
  }

  #send(line: Line, { request, atMs, resolve }: Asked): void {
    line.onBreak = () => resolve({ status: 0, body: "", tookMs: performance.now() - atMs });
    line.onAnswer = (status, answer) => {
      const body = answer.slice(answer.indexOf("\r\n\r\n") + 4);
      resolve({ status, body, tookMs: performance.now() - atMs });
      const next = this.#waiting[this.#next];
      if (next === undefined) {
        this.#waiting.length = 0;
        this.#next = 0;
        this.#free.push(line);
        return;
      }
      this.#next++;
      this.#send(line, next);
    };
    line.ask(request);
  }
}
