// The socket: news as it happens, and acts with their acknowledgement. It tries for ever, further and further apart,
// so that a crowd that lost its gateway does not knock together; who is refused (a token that no longer counts) is
// told so once and decides what to show next time.
import { comingBackMs } from "@dropgate/contracts/coming-back";
import type { ServerEvent, Serving, ShopperEvent } from "@dropgate/contracts/realtime";
import { askFrame, connectFrame, type Frame, PONG, readFrame } from "./frames.ts";

export interface LiveLinkListener {
  auth(): { token: string } | { saleId: string };
  heard(event: ServerEvent, payload: unknown): void;
  up(): void;
  /** It was up, or a try failed: `failures` since it was last up. */
  down(failures: number): void;
  /** The server took the connection and refused who we say we are. */
  refused(): void;
}

export interface LiveLink {
  isUp(): boolean;
  /** The acknowledgement, or null when none came: ask by HTTP then, for doing it twice is the same. */
  ask(event: ShopperEvent, payload: object): Promise<unknown>;
  /** Connects anew, with the auth as it is now. */
  reopen(afterMs?: number): void;
  /** For good. */
  close(): void;
}

const RETRY_MS_MIN = 500;
const RETRY_MS_MAX = 10_000;
const CONNECT_MS_MAX = 6_000;
const ACKNOWLEDGE_MS_MAX = 4_000;

const HEARD: readonly string[] = [
  "sale",
  "serving",
  "entry",
  "offer",
  "hold",
  "outcome",
] satisfies ServerEvent[];

/**
 * When to try again.
 * @param tries that failed since it was last up
 * @param spreadMs over how long a crowd as large as ours comes back
 * @param random 0…1
 */
export function retryDelay(tries: number, spreadMs: number, random: number): number {
  const pace = Math.min((RETRY_MS_MIN + spreadMs / 2) * 2 ** tries, RETRY_MS_MAX + spreadMs);
  return pace * (0.5 + random);
}

/** As a browser makes one. */
export type OpenSocket = (address: string) => WebSocket;

/** @param url the gateway's origin */
export function openLiveLink(url: string, openSocket: OpenSocket, listener: LiveLinkListener): LiveLink {
  const address = `${url.replace(/^http/, "ws")}/socket.io/?EIO=4&transport=websocket`;
  const asked = new Map<number, (value: unknown) => void>();
  let socket: WebSocket | null = null;
  let isUp = false;
  let failures = 0;
  let lastId = 0;
  let spreadMs = 0;
  let silentMs = CONNECT_MS_MAX;
  let isOver = false;
  let again: ReturnType<typeof setTimeout> | undefined;
  let silence: ReturnType<typeof setTimeout> | undefined;

  function open(): void {
    let mine: WebSocket;
    try {
      mine = openSocket(address);
    } catch {
      // A page's own rules may forbid it outright (a page on https, a gateway on http): one more failure, so that
      // whoever listens asks instead.
      lost();
      return;
    }
    socket = mine;
    expectNews(CONNECT_MS_MAX);
    mine.addEventListener("message", ({ data }) => {
      if (socket === mine && typeof data === "string") take(readFrame(data));
    });
    mine.addEventListener("close", () => {
      if (socket === mine) lost();
    });
    // The close that follows says the same; unheard, it would end a process of Node.
    mine.addEventListener("error", () => {});
  }

  function expectNews(withinMs: number): void {
    clearTimeout(silence);
    silence = setTimeout(lost, withinMs);
  }

  function take(frame: Frame): void {
    switch (frame.kind) {
      case "open":
        silentMs = frame.silentMs;
        return socket?.send(connectFrame(listener.auth()));
      case "ping":
        if (isUp) expectNews(silentMs);
        return socket?.send(PONG);
      case "connected":
        isUp = true;
        failures = 0;
        expectNews(silentMs);
        return listener.up();
      case "refused":
        close();
        return listener.refused();
      case "end":
        return lost();
      case "answer":
        asked.get(frame.id)?.(frame.value);
        return;
      case "event":
        return hear(frame.name, frame.payload);
      case "other":
        return;
    }
  }

  function hear(name: string, payload: unknown): void {
    // A gateway that dies says nothing: how many stand in line is known before, and spreads the first try.
    if (name === "serving") spreadMs = comingBackMs((payload as Serving).waiting);
    if (name === "reconnect") {
      comeBack((payload as { afterMs: number }).afterMs);
      listener.down(failures);
    } else if (HEARD.includes(name)) {
      listener.heard(name as ServerEvent, payload);
    }
  }

  /** Ends what there is; whoever still waits for an answer gets none. */
  function close(): void {
    const mine = socket;
    socket = null;
    isUp = false;
    clearTimeout(silence);
    clearTimeout(again);
    mine?.close();
    for (const give of asked.values()) give(null);
    asked.clear();
  }

  function comeBack(afterMs: number): void {
    close();
    if (!isOver) again = setTimeout(open, afterMs);
  }

  function lost(): void {
    const tries = failures;
    if (!isUp) failures += 1;
    comeBack(retryDelay(tries, spreadMs, Math.random()));
    listener.down(failures);
  }

  // The device knows earlier than the silence would tell.
  const offline = (): void => {
    if (socket !== null) lost();
  };
  globalThis.addEventListener?.("offline", offline);
  open();

  return {
    isUp: () => isUp,
    ask(event, payload) {
      return new Promise((resolve) => {
        if (!isUp) return resolve(null);
        lastId += 1;
        const id = lastId;
        const give = (value: unknown): void => {
          clearTimeout(timer);
          asked.delete(id);
          resolve(value);
        };
        const timer = setTimeout(() => give(null), ACKNOWLEDGE_MS_MAX);
        asked.set(id, give);
        socket?.send(askFrame(id, event, payload));
      });
    },
    reopen(afterMs = 0) {
      const wasUp = isUp;
      // At once: what is asked from now on must not go to the server under who we were before.
      comeBack(afterMs);
      if (wasUp) listener.down(failures);
    },
    close() {
      isOver = true;
      globalThis.removeEventListener?.("offline", offline);
      close();
    },
  };
}
