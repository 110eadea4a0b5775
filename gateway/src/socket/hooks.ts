// What the realtime layer asks of its host: every decision that needs to know who somebody is or what an event means.
// The layer itself decides only about frames.
import type { HttpRequest, HttpResponse } from "uWebSockets.js";
import type { CloseReason, Socket } from "./connection.ts";

export type UpgradeAnswer<Data> =
  | { ok: true; data: Data }
  /** `status` is a status line ("403 Forbidden"); the body is JSON. */
  | { ok: false; status: string; body?: string; headers?: Record<string, string> };

/** `message` and `data` are what the client's `connect_error` carries. */
export type ConnectAnswer = { ok: true } | { ok: false; message: string; data?: unknown };

export type Acknowledge = (...args: unknown[]) => void;

/** What the host decides. A hook that throws or rejects is a bug: `onError` is told and that one socket closed. */
export interface SocketHooks<Data> {
  /**
   * Before the 101: origin, address, number of sockets. Synchronous, because µWebSockets' request is gone when
   * it returns. `res` is for the peer's address only.
   */
  beforeUpgrade(req: HttpRequest, res: HttpResponse): UpgradeAnswer<Data>;
  /** The client asks for the namespace, with its `auth` object ({} when it gave none). */
  onConnect(socket: Socket<Data>, auth: Record<string, unknown>): ConnectAnswer | Promise<ConnectAnswer>;
  /** The client was told that it is connected: what is sent in here travels in the same packet. */
  onConnected?(socket: Socket<Data>): void;
  /** An event, its name as text. `ack`, when the client wants an answer, counts once. */
  onEvent(socket: Socket<Data>, name: string, args: unknown[], ack?: Acknowledge): void | Promise<void>;
  /** This reader was slow and publishes may have passed it by: send it the newest state. */
  onCatchUp(socket: Socket<Data>): void;
  /** A connected client left the namespace, for whatever reason. Nothing can be sent any more. */
  onDisconnect?(socket: Socket<Data>, reason: CloseReason): void;
  /** The socket is gone; called once for each that `beforeUpgrade` let in. */
  onClose?(socket: Socket<Data>, reason: CloseReason): void;
  onError(error: unknown, socket?: Socket<Data>): void;
}
