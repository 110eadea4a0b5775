// One socket as the gateway sees it, and the little that is kept for it. A million of these may be open in a fleet:
// no closures, no timers, no ids; a backlog only while its reader is slow.
import type { WebSocket } from "uWebSockets.js";
import { Backlog, type WireFrame } from "./backlog.ts";
import type { Beating } from "./heartbeat.ts";

/** Why a socket ended, or left the namespace. The first five are Socket.IO's own words. */
export type CloseReason =
  | "transport close"
  | "ping timeout"
  | "parse error"
  | "client namespace disconnect"
  | "server namespace disconnect"
  | "connect timeout"
  | "too many frames"
  | "slow reader"
  | "server close"
  | "server stopping"
  | "server error";

/** A socket, for whoever answers its events. Every method is harmless once the socket is closed. */
export interface Socket<Data> {
  /** What the host's check before the upgrade returned; the host's to change. */
  readonly data: Data;
  /** Whether the client is in the namespace: events may be sent. */
  readonly isConnected: boolean;
  /** Bytes the peer has not read: in this process, beyond what the system's own buffers hold. */
  readonly unreadBytes: number;
  /** Sends a frame that must not be lost; a reader so slow that these pile up to `closeBytes` is closed. */
  send(frame: WireFrame): void;
  /** Sends the newest state of a kind: while the reader is slow, a later frame of the same key replaces it. */
  sendState(key: string, frame: WireFrame): void;
  /** Topics are the host's names; "ping/…" is ours. */
  subscribe(topic: string): void;
  unsubscribe(topic: string): void;
  /** Puts the client out: a stock client then stays away. */
  disconnect(): void;
  /** Ends the connection: a stock client then comes back by itself. */
  close(): void;
}

/** µWebSockets copies the user data's own fields onto its object, so the connection itself is held by one field. */
export interface Carrier<Data> {
  connection: Connection<Data>;
}

/** µWebSockets' answer to a send that it refused because more than its `maxBackpressure` is unread. */
const DROPPED = 2;

/** WebSocket close codes, as RFC 6455 and IANA name them. */
export const CLOSE_NORMAL = 1000;
export const CLOSE_GOING_AWAY = 1001;
export const CLOSE_PROTOCOL_ERROR = 1002;
export const CLOSE_UNSUPPORTED = 1003;
export const CLOSE_POLICY = 1008;
export const CLOSE_INTERNAL = 1011;

export class Connection<Data> implements Socket<Data>, Beating {
  readonly data: Data;
  /** Undefined once closed: µWebSockets' object may not be touched then. */
  ws: WebSocket<Carrier<Data>> | undefined = undefined;
  phase: "open" | "connecting" | "connected" | "closed" = "open";
  /** Counts CONNECTs, so that what was begun for an earlier one is not answered to a later one. */
  attempt = 0;
  reason: CloseReason | undefined = undefined;
  backlog: Backlog | undefined = undefined;
  /** How many publishes had been made when this reader was last known to have missed none. */
  syncedTo = 0;
  /** See frame-rate.ts. */
  fullAtMs = 0;
  slot = 0;
  place = 0;
  heardAt = 0;
  readonly #limits: { closeBytes: number };

  constructor(data: Data, limits: { closeBytes: number }) {
    this.data = data;
    this.#limits = limits;
  }

  get isConnected(): boolean {
    return this.phase === "connected";
  }

  get unreadBytes(): number {
    return (this.ws?.getBufferedAmount() ?? 0) + (this.backlog?.bytes ?? 0);
  }

  send(frame: WireFrame): void {
    if (this.ws === undefined || this.#sendNow(frame)) return;
    this.backlog ??= new Backlog();
    this.backlog.push(frame);
    this.#closeIfHopeless();
  }

  sendState(key: string, frame: WireFrame): void {
    if (this.ws === undefined || this.#sendNow(frame)) return;
    this.backlog ??= new Backlog();
    this.backlog.put(key, frame);
    this.#closeIfHopeless();
  }

  subscribe(topic: string): void {
    this.ws?.subscribe(topic);
  }

  unsubscribe(topic: string): void {
    this.ws?.unsubscribe(topic);
  }

  disconnect(): void {
    if (this.isConnected) this.send("41");
    this.end("server namespace disconnect", CLOSE_NORMAL);
  }

  close(): void {
    this.end("server close", CLOSE_GOING_AWAY);
  }

  /** Sends what waits, as far as the reader lets us. */
  flushBacklog(): void {
    const ws = this.ws;
    if (ws === undefined || this.backlog === undefined) return;
    if (this.backlog.flush((frame) => ws.send(frame, false) !== DROPPED)) this.backlog = undefined;
  }

  /** Ends the connection politely, with a close frame that says why. */
  end(reason: CloseReason, code: number, text: string = reason): void {
    if (this.ws === undefined) return;
    this.reason ??= reason;
    this.ws.end(code, text); // calls the close handler before it returns
  }

  /** Ends the connection at once and frees what waits: for peers that would not read a close frame. */
  cut(reason: CloseReason): void {
    if (this.ws === undefined) return;
    this.reason ??= reason;
    this.ws.close();
  }

  #sendNow(frame: WireFrame): boolean {
    // What already waits goes first.
    return this.backlog === undefined && this.ws?.send(frame, false) !== DROPPED;
  }

  #closeIfHopeless(): void {
    if (this.unreadBytes >= this.#limits.closeBytes) this.cut("slow reader");
  }
}
