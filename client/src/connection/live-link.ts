// The socket: news as it happens, and acts with their acknowledgement. It tries for ever, further and further apart,
// so that a crowd that lost its gateway does not knock together; who is refused (a token that no longer counts) is
// told so once and decides what to show next time.
import { comingBackMs } from "@dropgate/contracts/coming-back";
import type { ServerEvent, Serving, ShopperEvent } from "@dropgate/contracts/realtime";
import { io } from "socket.io-client";

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

const HEARD: readonly ServerEvent[] = ["sale", "serving", "entry", "offer", "hold", "outcome"];

/** @param url the gateway's origin */
export function openLiveLink(url: string, listener: LiveLinkListener): LiveLink {
  const socket = io(url, {
    transports: ["websocket"],
    auth: (give) => give(listener.auth()),
    reconnectionDelay: RETRY_MS_MIN,
    reconnectionDelayMax: RETRY_MS_MAX,
    randomizationFactor: 0.5,
    timeout: CONNECT_MS_MAX,
  });
  let failures = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function reopen(afterMs = 0): void {
    clearTimeout(timer);
    timer = setTimeout(() => socket.disconnect().connect(), afterMs);
  }

  socket.on("connect", () => {
    failures = 0;
    listener.up();
  });
  socket.on("disconnect", (reason) => {
    listener.down(failures);
    // Said by the server: the client would stay away for good.
    if (reason === "io server disconnect") reopen(RETRY_MS_MIN * (1 + Math.random()));
  });
  socket.on("connect_error", () => {
    failures += 1;
    if (!socket.active) listener.refused();
    else listener.down(failures);
  });
  // A gateway that dies says nothing: how many stand in line is known before, and spreads the first try.
  socket.on("serving", ({ waiting }: Serving) => {
    const spreadMs = comingBackMs(waiting);
    // The client draws from half of the delay to one and a half of it.
    socket.io.reconnectionDelay(RETRY_MS_MIN + spreadMs / 2);
    socket.io.reconnectionDelayMax(RETRY_MS_MAX + spreadMs);
  });
  for (const event of HEARD) socket.on(event, (payload: unknown) => listener.heard(event, payload));
  socket.on("reconnect", ({ afterMs }: { afterMs: number }) => {
    socket.disconnect();
    reopen(afterMs);
  });

  return {
    isUp: () => socket.connected,
    async ask(event, payload) {
      if (!socket.connected) return null;
      try {
        return (await socket.timeout(ACKNOWLEDGE_MS_MAX).emitWithAck(event, payload)) as unknown;
      } catch {
        return null;
      }
    },
    reopen,
    close() {
      clearTimeout(timer);
      socket.off();
      socket.disconnect();
    },
  };
}
