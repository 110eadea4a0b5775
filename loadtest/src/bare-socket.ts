// A WebSocket on a raw socket, for crowds: one of them costs a driver a fraction of what a whole client library does, in
// time and in memory. It speaks what a shopper needs: text both ways, ping, close; no extensions, no binary.

import { connect, type Socket } from "node:net";
import type { SocketLike } from "./surroundings.ts";

const TEXT = 1;
const CLOSE = 8;
const PING = 9;
const PONG = 10;
/** Any key will do: the server's proof that it read it guards against caches, which are not here. */
const KEY = "dGhlIHNhbXBsZSBub25jZQ==";

interface Listeners {
  message: ((event: { data: unknown }) => void)[];
  close: (() => void)[];
}

/** `url` begins with ws://. A handshake that takes longer than `openingMsMax` is given up. */
export function openBareSocket(
  url: string,
  openingMsMax: number,
  headers: Readonly<Record<string, string>> = {},
): SocketLike {
  const more = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const { hostname, port, host, pathname, search } = new URL(url);
  const listeners: Listeners = { message: [], close: [] };
  const socket = connect(Number(port || 80), hostname.replace(/^\[(.*)\]$/, "$1"));
  const opening = setTimeout(() => socket.destroy(), openingMsMax);
  let isOpen = false;
  let read: Buffer = Buffer.alloc(0);
  /** The beginning of a message that comes in several frames. */
  let begun: Buffer[] = [];

  socket.setNoDelay(true);
  socket.on("connect", () =>
    socket.write(
      `GET ${pathname}${search} HTTP/1.1\r\nhost: ${host}\r\nupgrade: websocket\r\nconnection: Upgrade\r\nsec-websocket-key: ${KEY}\r\nsec-websocket-version: 13\r\n${more.join("")}\r\n`,
    ),
  );
  socket.on("data", (bytes) => {
    read = read.length === 0 ? bytes : Buffer.concat([read, bytes]);
    if (!isOpen) {
      const headEnd = read.indexOf("\r\n\r\n");
      if (headEnd < 0) return;
      if (!read.toString("latin1", 0, 12).endsWith(" 101")) return socket.destroy();
      isOpen = true;
      clearTimeout(opening);
      read = read.subarray(headEnd + 4);
    }
    for (let frame = frameOf(read); frame !== null && !socket.destroyed; frame = frameOf(read)) {
      read = read.subarray(frame.bytes);
      take(frame);
    }
  });
  // The close that follows says it.
  socket.on("error", () => {});
  socket.on("close", () => {
    clearTimeout(opening);
    for (const listener of listeners.close) listener();
  });

  function take({ opcode, isLast, payload }: Frame): void {
    if (opcode === PING) write(socket, PONG, payload);
    else if (opcode === CLOSE) {
      write(socket, CLOSE, payload);
      socket.end();
    } else if (opcode === TEXT || opcode === 0) {
      begun.push(payload);
      if (!isLast) return;
      const data = (begun.length === 1 ? payload : Buffer.concat(begun)).toString("utf8");
      begun = [];
      for (const listener of listeners.message) listener({ data });
    }
  }

  return {
    addEventListener: (type: "message" | "close" | "error", listener: (event: { data: unknown }) => void) => {
      if (type === "message") listeners.message.push(listener);
      else if (type === "close") listeners.close.push(() => listener({ data: undefined }));
    },
    send: (text) => write(socket, TEXT, Buffer.from(text)),
    close: () => {
      if (!isOpen) return socket.destroy();
      write(socket, CLOSE, Buffer.from([0x03, 0xe8]));
      socket.end();
      // A server that died does not close its side.
      socket.setTimeout(openingMsMax, () => socket.destroy());
    },
  };
}

interface Frame {
  opcode: number;
  isLast: boolean;
  payload: Buffer;
  /** With its head. */
  bytes: number;
}

/** null: not whole yet. A server's frames are not masked. */
function frameOf(read: Buffer): Frame | null {
  if (read.length < 2) return null;
  const [first = 0, second = 0] = read;
  const short = second & 127;
  const headBytes = short < 126 ? 2 : short === 126 ? 4 : 10;
  if (read.length < headBytes) return null;
  const size = short < 126 ? short : short === 126 ? read.readUInt16BE(2) : Number(read.readBigUInt64BE(2));
  const bytes = headBytes + size;
  if (read.length < bytes) return null;
  return { opcode: first & 15, isLast: first >= 128, payload: read.subarray(headBytes, bytes), bytes };
}

/** A client must mask; with a key of zeros the masked payload is the payload. */
function write(socket: Socket, opcode: number, payload: Buffer): void {
  if (socket.destroyed || socket.writableEnded) return;
  const head =
    payload.length < 126
      ? Buffer.from([128 | opcode, 128 | payload.length, 0, 0, 0, 0])
      : Buffer.from([128 | opcode, 128 | 126, payload.length >> 8, payload.length & 255, 0, 0, 0, 0]);
  socket.write(Buffer.concat([head, payload]));
}
