// A bare WebSocket client for tests: it sends any bytes an attacker might, reads only when told, and sees every
// frame as it travels. Stock clients do none of this.
import { randomBytes } from "node:crypto";
import { connect, type Socket } from "node:net";

export interface Closing {
  /** The close frame's code; 1006 when the connection ended without one. */
  code: number;
  reason: string;
}

/** What an upgrade got instead of 101. */
export class UpgradeRefused extends Error {
  readonly status: number;
  readonly body: string;
  constructor(status: number, body: string) {
    super(`The upgrade was answered ${status}: ${body}`);
    this.status = status;
    this.body = body;
  }
}

interface RawOptions {
  headers?: Record<string, string>;
  /** Answers Engine.IO's pings and keeps them out of what is read. */
  answersPings?: boolean;
}

export class RawWebSocket {
  readonly closed: Promise<Closing>;
  readonly #tcp: Socket;
  readonly #answersPings: boolean;
  #bytes: Buffer = Buffer.alloc(0);
  #messages: string[] = [];
  #readers: { resolve: (text: string) => void; reject: (error: Error) => void }[] = [];
  #closing: Closing = { code: 1006, reason: "" };
  #isClosed = false;

  private constructor(tcp: Socket, head: Buffer, answersPings: boolean) {
    this.#tcp = tcp;
    this.#answersPings = answersPings;
    this.closed = new Promise((resolve) => {
      tcp.on("close", () => {
        this.#isClosed = true;
        const error = new Error(`closed: ${this.#closing.code} ${this.#closing.reason}`);
        for (const reader of this.#readers.splice(0)) reader.reject(error);
        resolve(this.#closing);
      });
    });
    tcp.on("data", (chunk) => this.#read(chunk));
    this.#read(head);
  }

  /** @param url `http://host:port/path?query`; rejects with {@link UpgradeRefused} when the answer is not 101 */
  static open(url: string, options: RawOptions = {}): Promise<RawWebSocket> {
    const { hostname, port, pathname, search, host } = new URL(url);
    const tcp = connect(Number(port), hostname);
    const headers = {
      Host: host,
      Upgrade: "websocket",
      Connection: "Upgrade",
      "Sec-WebSocket-Key": randomBytes(16).toString("base64"),
      "Sec-WebSocket-Version": "13",
      ...options.headers,
    };
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
    tcp.write(`GET ${pathname}${search} HTTP/1.1\r\n${lines.join("")}\r\n`);
    return new Promise((resolve, reject) => {
      let answer = Buffer.alloc(0);
      const refused = () => {
        const [head = "", body = ""] = answer.toString().split("\r\n\r\n");
        reject(new UpgradeRefused(Number(head.split(" ")[1] ?? 0), body));
      };
      const collect = (chunk: Buffer) => {
        answer = Buffer.concat([answer, chunk]);
        const end = answer.indexOf("\r\n\r\n");
        if (end === -1 || !answer.toString("latin1", 0, 12).endsWith(" 101")) return;
        tcp.off("data", collect);
        tcp.off("close", refused);
        resolve(new RawWebSocket(tcp, answer.subarray(end + 4), options.answersPings ?? true));
      };
      tcp.on("data", collect);
      tcp.on("close", refused);
      tcp.on("error", () => {}); // a reset is one way to be closed
    });
  }

  /** Sends a text frame. */
  send(text: string): void {
    this.sendFrame(1, Buffer.from(text));
  }

  /** Sends one frame with any opcode; `isFinal: false` leaves the message open. */
  sendFrame(opcode: number, payload: Uint8Array, isFinal = true): void {
    const size = payload.byteLength;
    const head = Buffer.alloc(size < 126 ? 6 : size < 65_536 ? 8 : 14); // a zero mask leaves the payload as it is
    head[0] = (isFinal ? 0x80 : 0) | opcode;
    if (size < 126) head[1] = 0x80 | size;
    else if (size < 65_536) {
      head[1] = 0x80 | 126;
      head.writeUInt16BE(size, 2);
    } else {
      head[1] = 0x80 | 127;
      head.writeBigUInt64BE(BigInt(size), 2);
    }
    this.#tcp.write(Buffer.concat([head, payload]));
  }

  /** The next text frame; rejects once the connection is closed and all were read. */
  next(): Promise<string> {
    const message = this.#messages.shift();
    if (message !== undefined) return Promise.resolve(message);
    if (this.#isClosed) return Promise.reject(new Error("closed"));
    return new Promise((resolve, reject) => this.#readers.push({ resolve, reject }));
  }

  /** Every text frame that comes before the connection is closed. */
  async rest(): Promise<string[]> {
    await this.closed;
    return this.#messages.splice(0);
  }

  /** Stops reading from the network, as a phone in a tunnel does. */
  pause(): void {
    this.#tcp.pause();
  }

  resume(): void {
    this.#tcp.resume();
  }

  /** Drops the connection without a word. */
  destroy(): void {
    this.#tcp.destroy();
  }

  #read(chunk: Buffer): void {
    this.#bytes = this.#bytes.length === 0 ? chunk : Buffer.concat([this.#bytes, chunk]);
    for (;;) {
      const frame = takeFrameFrom(this.#bytes);
      if (frame === undefined) return;
      this.#bytes = this.#bytes.subarray(frame.size);
      if (frame.opcode === 8) this.#close(frame.payload);
      else if (frame.opcode === 1) this.#message(frame.payload.toString());
    }
  }

  #close(payload: Buffer): void {
    if (payload.length >= 2)
      this.#closing = { code: payload.readUInt16BE(0), reason: payload.toString("utf8", 2) };
    this.#tcp.end();
  }

  #message(text: string): void {
    if (this.#answersPings && text === "2") return this.send("3");
    const reader = this.#readers.shift();
    if (reader === undefined) this.#messages.push(text);
    else reader.resolve(text);
  }
}

/** The first whole (unmasked) frame in the bytes, if there is one. */
function takeFrameFrom(bytes: Buffer): { opcode: number; payload: Buffer; size: number } | undefined {
  if (bytes.length < 2) return undefined;
  const short = bytes.readUInt8(1) & 0x7f;
  const headSize = short < 126 ? 2 : short === 126 ? 4 : 10;
  if (bytes.length < headSize) return undefined;
  const length =
    short < 126 ? short : short === 126 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2));
  const size = headSize + length;
  if (bytes.length < size) return undefined;
  return { opcode: bytes.readUInt8(0) & 0x0f, payload: bytes.subarray(headSize, size), size };
}

/** Opens a socket on a server at `url` (`http://host:port`) and reads Engine.IO's handshake. */
export async function openEngine(url: string, options?: RawOptions): Promise<RawWebSocket> {
  const socket = await RawWebSocket.open(`${url}/socket.io/?EIO=4&transport=websocket`, options);
  await socket.next();
  return socket;
}

/** Opens a socket on the protocol fixture and connects it to the namespace, past the `auth` event. */
export async function openConnected(url: string, options?: RawOptions): Promise<RawWebSocket> {
  const socket = await openEngine(url, options);
  socket.send("40");
  await socket.next(); // 40{"sid":…}
  await socket.next(); // 42["auth",{}]
  return socket;
}
