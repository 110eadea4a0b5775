// What one realtime layer may be told: times, sizes, rates. The defaults are the contract's limits; the protocol
// fixture runs with the short times that the public protocol suites expect.
import {
  JSON_DEPTH_MAX,
  SOCKET_BACKLOG_BYTES_MAX,
  SOCKET_CONNECT_MS_MAX,
  SOCKET_FRAME_BYTES_MAX,
  SOCKET_FRAMES_BURST,
  SOCKET_FRAMES_PER_SECOND,
  SOCKET_PING_INTERVAL_MS,
  SOCKET_PING_TIMEOUT_MS,
} from "@dropgate/contracts/limits";
import type { FrameRate } from "./frame-rate.ts";

export interface SocketOptions {
  /** Where upgrades are taken, with its trailing slash. */
  path: string;
  /** Each socket is pinged once in this time. */
  pingIntervalMs: number;
  /** A socket from which nothing came for this long after its ping is closed. */
  pingTimeoutMs: number;
  /** A socket that is not in the namespace after this long is closed. */
  connectTimeoutMs: number;
  /** Incoming frames larger than this close their socket before they are read whole. */
  maxPayloadBytes: number;
  /** Incoming payloads nested deeper than this close their socket. */
  depthMax: number;
  /** Frames a socket may send; undefined: as many as it likes. */
  frameRate: FrameRate | undefined;
  /** Above this many unread bytes a socket gets only the newest state, once it reads again. */
  skipBytes: number;
  /** At this many unread bytes (acknowledgements and the like, which cannot be skipped) it is closed. */
  closeBytes: number;
}

export const defaultSocketOptions: SocketOptions = {
  path: "/socket.io/",
  pingIntervalMs: SOCKET_PING_INTERVAL_MS,
  pingTimeoutMs: SOCKET_PING_TIMEOUT_MS,
  connectTimeoutMs: SOCKET_CONNECT_MS_MAX,
  maxPayloadBytes: SOCKET_FRAME_BYTES_MAX,
  depthMax: JSON_DEPTH_MAX,
  frameRate: { perSecond: SOCKET_FRAMES_PER_SECOND, burst: SOCKET_FRAMES_BURST },
  skipBytes: SOCKET_BACKLOG_BYTES_MAX,
  closeBytes: 10 * SOCKET_BACKLOG_BYTES_MAX,
};
