// The load for socket rows: a WebSocket on a raw socket, which says its hello and reads frames. Twenty thousand of
// these fit into a process, and none costs more than the connection that it stands for.
import { connect, type Socket } from "node:net";

export interface SocketLineOptions {
  port: number;
  /** Sent once: when connected, or after the server's own first frame when it `greets`. */
  hello: string;
  greets: boolean;
  /** Each text frame's payload; only good until it returns. */
  onFrame: (payload: Buffer) => void;
  onEnd?: (error: Error | null) => void;
}

const UPGRADE =
  "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nhost: 127.0.0.1\r\nupgrade: websocket\r\nconnection: Upgrade\r\nsec-websocket-key: MDEyMzQ1Njc4OWFiY2RlZg==\r\nsec-websocket-version: 13\r\n\r\n";
const PING = 0x32;
const TEXT = 0x81;
/** Read into and done with before another socket reads: one serves all. */
const shared = Buffer.allocUnsafe(64 * 1024);

export class SocketLine {
  readonly #socket: Socket;
  readonly #options: SocketLineOptions;
  #isUpgraded = false;
  #saidHello = false;
  #rest: Buffer | null = null;
  #closing = false;

  constructor(options: SocketLineOptions) {
    this.#options = options;
    this.#socket = connect({
      port: options.port,
      host: "127.0.0.1",
      noDelay: true,
      onread: {
        buffer: shared,
        callback: (bytes) => {
          this.#hear(shared.subarray(0, bytes));
          return true;
        },
      },
    });
    this.#socket.on("error", (error) => this.#end(error));
    this.#socket.on("close", () => this.#end(new Error("the server closed the socket")));
    this.#socket.write(UPGRADE);
  }

  send(text: string): void {
    const payload = Buffer.from(text);
    // A client masks what it sends; with a mask of noughts that changes nothing.
    const head =
      payload.length < 126
        ? Buffer.from([TEXT, 0x80 | payload.length, 0, 0, 0, 0])
        : Buffer.from([TEXT, 0x80 | 126, payload.length >> 8, payload.length & 255, 0, 0, 0, 0]);
    this.#socket.write(Buffer.concat([head, payload]));
  }

  /** Ends at once with a reset: a close in good order keeps the port for a minute, and there are only so many. */
  cut(): void {
    this.#closing = true;
    this.#socket.resetAndDestroy();
  }

  #end(error: Error): void {
    if (this.#closing) return;
    this.#closing = true;
    this.#options.onEnd?.(error);
  }

  #sayHello(): void {
    if (this.#saidHello) return;
    this.#saidHello = true;
    this.send(this.#options.hello);
  }

  #hear(piece: Buffer): void {
    let bytes = this.#rest === null ? piece : Buffer.concat([this.#rest, piece]);
    this.#rest = null;
    if (!this.#isUpgraded) {
      const end = bytes.indexOf("\r\n\r\n");
      if (end === -1) {
        this.#rest = Buffer.from(bytes);
        return;
      }
      if (bytes.toString("latin1", 9, 12) !== "101") {
        this.#end(new Error(`no upgrade: ${bytes.toString("latin1", 0, 300)}`));
        this.#socket.destroy();
        return;
      }
      this.#isUpgraded = true;
      bytes = bytes.subarray(end + 4);
      if (!this.#options.greets) this.#sayHello();
    }
    this.#frames(bytes);
  }

  #frames(bytes: Buffer): void {
    let at = 0;
    while (at + 2 <= bytes.length) {
      const short = (bytes[at + 1] ?? 0) & 127;
      const head = short < 126 ? 2 : short === 126 ? 4 : 10;
      if (at + head > bytes.length) break;
      const length =
        short < 126
          ? short
          : short === 126
            ? bytes.readUInt16BE(at + 2)
            : Number(bytes.readBigUInt64BE(at + 2));
      if (at + head + length > bytes.length) break;
      if (bytes[at] === TEXT) this.#frame(bytes.subarray(at + head, at + head + length));
      at += head + length;
    }
    if (at < bytes.length) this.#rest = Buffer.from(bytes.subarray(at));
  }

  #frame(payload: Buffer): void {
    if (!this.#saidHello) {
      this.#sayHello();
      return;
    }
    if (payload.length === 1 && payload[0] === PING) this.send("3");
    else this.#options.onFrame(payload);
  }
}

/** Whether a Socket.IO event frame carries this event. */
export function isEvent(payload: Buffer, event: string): boolean {
  return (
    payload.length > event.length + 4 && payload.toString("latin1", 0, event.length + 5) === `42["${event}"`
  );
}
