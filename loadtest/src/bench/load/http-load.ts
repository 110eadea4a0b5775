// The load for HTTP rows: raw sockets that send a request, wait for its whole answer, and send the next. The same for
// every variant, and light (no client library, no pipelining), because it shares the machine with what it measures.
import { connect, type Socket } from "node:net";

export interface HttpLoadOptions {
  port: number;
  connections: number;
  /** The next request as it goes on the wire (latin1); null when there are no more. */
  next: () => string | null;
  /** No new requests after so many seconds, if not stopped by `next` before. */
  secondsMax: number;
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
const BUFFER_BYTES = 8 * 1024;
const LENGTH = /content-length: (\d+)/i;

/** Opens the connections first; `run` may be called again and again. */
export class HttpLoad {
  readonly #lines: Line[];

  private constructor(lines: Line[]) {
    this.#lines = lines;
  }

  /** @throws Error when a connection cannot be made */
  static async open(port: number, connections: number): Promise<HttpLoad> {
    return new HttpLoad(await Promise.all(Array.from({ length: connections }, () => Line.open(port))));
  }

  /** @throws Error when a connection breaks */
  run(options: Omit<HttpLoadOptions, "port" | "connections">): Promise<HttpLoadResult> {
    const { next, secondsMax, onAnswer } = options;
    const latenciesMs: number[] = [];
    const statuses = new Map<number, number>();
    const endMs = performance.now() + secondsMax * 1_000;
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
        line.ask(request);
      };
      for (const line of this.#lines) {
        busy++;
        line.onBreak = (error) => {
          clearInterval(watch);
          reject(error);
        };
        line.onAnswer = (status, answer, tookMs) => {
          latenciesMs.push(tookMs);
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

/** One connection: one request under way at a time. */
class Line {
  onAnswer: (status: number, answer: string, tookMs: number) => void = () => {};
  onBreak: (error: Error) => void = () => {};
  readonly #socket: Socket;
  #askedMs = 0;
  #closing = false;
  #text = "";
  /** Characters of the whole answer; 0 while its head is not whole. */
  #whole = 0;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on("error", (error) => this.onBreak(error));
    socket.on("close", () => {
      if (!this.#closing) this.onBreak(new Error("the server closed a connection of the load"));
    });
  }

  static open(port: number): Promise<Line> {
    return new Promise((resolve, reject) => {
      let line: Line | undefined;
      const buffer = Buffer.allocUnsafe(BUFFER_BYTES);
      const socket = connect({
        port,
        host: "127.0.0.1",
        noDelay: true,
        onread: {
          buffer,
          callback: (bytes) => {
            line?.hear(buffer.toString("latin1", 0, bytes));
            return true;
          },
        },
      });
      socket.once("error", reject);
      socket.once("connect", () => {
        socket.off("error", reject);
        line = new Line(socket);
        resolve(line);
      });
    });
  }

  ask(request: string): void {
    this.#askedMs = performance.now();
    this.#socket.write(request, "latin1");
  }

  hear(piece: string): void {
    this.#text = this.#text === "" ? piece : this.#text + piece;
    if (this.#whole === 0) {
      const headEnd = this.#text.indexOf("\r\n\r\n");
      if (headEnd === -1) return;
      this.#whole = headEnd + 4 + Number(LENGTH.exec(this.#text)?.[1] ?? 0);
    }
    if (this.#text.length < this.#whole) return;
    const answer = this.#text;
    this.#text = "";
    this.#whole = 0;
    this.onAnswer(Number(answer.slice(9, 12)), answer, performance.now() - this.#askedMs);
  }

  close(): void {
    this.#closing = true;
    this.#socket.destroy();
  }
}
