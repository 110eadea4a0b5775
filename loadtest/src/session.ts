// One shopper's connection that comes back by itself: connect, answer pings, carry events and acknowledgements, and
// after a loss reconnect with the same `auth`, spread by jitter or as the server asked.
//
//   opening ─40─▶ up ─lost─▶ away ─after a while─▶ opening        close() ends it from anywhere
//
// It tries until it is closed: whoever owns it decides how long a shopper stays.

import {
  type Acknowledged,
  connectFrame,
  eventFrame,
  PONG,
  readFrame,
  type ServerFrame,
  type ServerMessage,
} from "./frames.ts";
import { comingBackMs, retryDelayMs, type SocketLike, type Surroundings } from "./surroundings.ts";

export interface SessionOptions {
  /** http(s)://host of the gateway; asked anew at each connection, so that several can be tried in turn. */
  gatewayUrl: () => string;
  auth: Record<string, string>;
  surroundings: Surroundings;
  /** In the namespace; `tookMs` since the connection was begun. */
  onUp(tookMs: number): void;
  /** The connection went; the next try comes in `retryMs`. */
  onDown(retryMs: number): void;
  /** The server refused the `auth`; it is tried again like a loss unless the owner closes. */
  onRefused(code: string): void;
  onMessage(message: ServerMessage): void;
}

export interface Session {
  /**
   * Sends an event and tells its acknowledgement, in its order among the other frames (a promise would let later
   * frames of the same read overtake it); undefined when none came, which says nothing.
   */
  ask(
    name: string,
    payload: { holdId: string } | undefined,
    answered: (answer: Acknowledged | undefined) => void,
  ): void;
  isUp(): boolean;
  close(): void;
}

/** An honest answer takes milliseconds; after this it is as good as lost, and the question is asked anew. */
const ACK_MS_MAX = 10_000;
/** A connection that is not up by then is begun again. */
const OPENING_MS_MAX = 20_000;

export function openSession(options: SessionOptions): Session {
  const { surroundings } = options;
  const asked = new Map<number, (answer: Acknowledged | undefined) => void>();
  let socket: SocketLike | null = null;
  let state: "opening" | "up" | "away" | "closed" = "away";
  let lastId = 0;
  let losses = 0;
  let begunAt = 0;
  let heardAt = 0;
  let cancelTimer = (): void => {};
  let askedDelayMs: number | undefined;
  /** As last told: who loses the gateway with so many others does not come back in the same moment. */
  let waiting = 0;

  function begin(): void {
    state = "opening";
    begunAt = heardAt = surroundings.now();
    const opened = surroundings.openSocket(socketUrl(options.gatewayUrl()));
    socket = opened;
    opened.addEventListener("message", ({ data }) => {
      if (socket === opened && typeof data === "string") take(readFrame(data));
    });
    opened.addEventListener("close", () => {
      if (socket === opened) lose();
    });
    // The close that follows says the same; unheard, it would end the process.
    opened.addEventListener("error", () => {});
    watch(OPENING_MS_MAX);
  }

  /** One timer for a connection: it looks when last something came, instead of being set anew at each frame. */
  function watch(silenceMs: number): void {
    cancelTimer();
    const wait = Math.max(1, heardAt + silenceMs - surroundings.now());
    cancelTimer = surroundings.after(wait, () => {
      if (surroundings.now() - heardAt < silenceMs) return watch(silenceMs);
      const silent = socket;
      lose();
      silent?.close();
    });
  }

  function take(frame: ServerFrame): void {
    heardAt = surroundings.now();
    if (frame.kind === "ping") socket?.send(PONG);
    else if (frame.kind === "open") {
      watch(frame.silenceMs);
      socket?.send(connectFrame(options.auth));
    } else if (frame.kind === "connected") {
      state = "up";
      losses = 0;
      options.onUp(heardAt - begunAt);
    } else if (frame.kind === "refused") options.onRefused(frame.code);
    else if (frame.kind === "ack") {
      const answered = asked.get(frame.id);
      asked.delete(frame.id);
      answered?.(frame.answer);
    } else if (frame.kind === "event") {
      if (frame.message.name === "reconnect") askedDelayMs = frame.message.payload.afterMs;
      if (frame.message.name === "serving") waiting = frame.message.payload.waiting;
      options.onMessage(frame.message);
    } else if (frame.kind === "disconnected") socket?.close();
    // A refusal or a disconnect leaves the socket to the server's close; one that never comes is the watch's.
    if (frame.kind === "refused") socket?.close();
  }

  function lose(): void {
    cancelTimer();
    socket = null;
    const unanswered = [...asked.values()];
    asked.clear();
    for (const answered of unanswered) answered(undefined);
    if (state === "closed") return;
    state = "away";
    const isFirst = losses === 0 && askedDelayMs === undefined;
    const spreadMs = isFirst ? comingBackMs(waiting) * surroundings.random() : 0;
    const retryMs = spreadMs + retryDelayMs(losses++, askedDelayMs, surroundings.random());
    askedDelayMs = undefined;
    options.onDown(retryMs);
    cancelTimer = surroundings.after(retryMs, begin);
  }

  begin();
  return {
    ask(name, payload, answered) {
      if (state !== "up" || socket === null) return answered(undefined);
      const id = lastId++;
      const cancel = surroundings.after(ACK_MS_MAX, () => {
        asked.delete(id);
        answered(undefined);
      });
      asked.set(id, (answer) => {
        cancel();
        answered(answer);
      });
      socket.send(eventFrame(id, name, payload));
    },
    isUp: () => state === "up",
    close() {
      state = "closed";
      const open = socket;
      lose();
      open?.close();
    },
  };
}

function socketUrl(gatewayUrl: string): string {
  return `${gatewayUrl.replace(/^http/, "ws").replace(/\/$/, "")}/socket.io/?EIO=4&transport=websocket`;
}
