// One kept HTTP connection on a raw socket, as light as can be: what the load spends is taken from what it measures.
import { connect, type Socket } from "node:net";

const BUFFER_BYTES = 8 * 1024;
const LENGTH = /content-length: (\d+)/i;

/** One connection: one request under way at a time. */
export class Line {
  onAnswer: (status: number, answer: string, tookMs: number) => void = () => {};
  onBreak: (error: Error) => void = () => {};
  /** False once the server has closed it, as servers do with one that was idle for some seconds. */
  isOpen = true;
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
      this.isOpen = false;
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
