// The socket of one sale, as an operator watches it: by the session's cookie, with the figures as they change. Where it
// does not come about, the page asks by HTTP and says so.
import type { Alert } from "@dropgate/contracts/alert";
import type { LiveMetrics } from "@dropgate/contracts/sale-metrics";
import { useEffect, useSyncExternalStore } from "react";
import { io } from "socket.io-client";
import { look } from "../session/session.ts";

export interface LinkState {
  /** The newest figures; null until the first came. */
  metrics: LiveMetrics | null;
  isUp: boolean;
}

const RETRY_MS_MIN = 500;
const RETRY_MS_MAX = 5_000;
const CONNECT_MS_MAX = 6_000;
/** The socket is let in without a session only to be told that there is none. */
const REFUSED_MS = 10_000;

interface Link {
  read: () => LinkState;
  listen: (listener: () => void) => () => void;
}

const NOTHING: LinkState = { metrics: null, isUp: false };

/** @param onAlert hears what is raised while it is up */
function openLink(saleId: string, onAlert: (alert: Alert) => void): Link & { close: () => void } {
  let state = NOTHING;
  const listeners = new Set<() => void>();
  const become = (more: Partial<LinkState>): void => {
    state = { ...state, ...more };
    for (const listener of listeners) listener();
  };
  const socket = io({
    transports: ["websocket"],
    auth: { saleId, as: "operator" },
    reconnectionDelay: RETRY_MS_MIN,
    reconnectionDelayMax: RETRY_MS_MAX,
    timeout: CONNECT_MS_MAX,
    forceNew: true,
  });
  let timer: ReturnType<typeof setTimeout> | undefined;
  const again = (afterMs: number): void => {
    clearTimeout(timer);
    timer = setTimeout(() => socket.disconnect().connect(), afterMs);
  };
  socket.on("connect", () => become({ isUp: true }));
  socket.on("disconnect", (reason) => {
    become({ isUp: false });
    if (reason === "io server disconnect") {
      // Whoever is no operator any more is put out: the door tells them.
      void look();
      again(RETRY_MS_MIN);
    }
  });
  socket.on("connect_error", () => {
    become({ isUp: false });
    if (!socket.active) again(REFUSED_MS);
  });
  socket.on("reconnect", ({ afterMs }: { afterMs: number }) => again(afterMs));
  socket.on("metrics", (metrics: LiveMetrics) => become({ metrics }));
  socket.on("alert", onAlert);
  return {
    read: () => state,
    listen: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: () => {
      clearTimeout(timer);
      socket.disconnect();
    },
  };
}

const links = new Map<string, ReturnType<typeof openLink>>();
const asleep = new Set<() => void>();

/** The link of a sale while a component shows it. */
export function useSaleLink(saleId: string, onAlert: (alert: Alert) => void): LinkState {
  useEffect(() => {
    const link = openLink(saleId, onAlert);
    links.set(saleId, link);
    for (const wake of asleep) wake();
    return () => {
      link.close();
      if (links.get(saleId) === link) links.delete(saleId);
    };
  }, [saleId, onAlert]);
  return useSyncExternalStore(
    (listener) => {
      let stop = links.get(saleId)?.listen(listener);
      const wake = (): void => {
        stop?.();
        stop = links.get(saleId)?.listen(listener);
        listener();
      };
      asleep.add(wake);
      return () => {
        asleep.delete(wake);
        stop?.();
      };
    },
    () => links.get(saleId)?.read() ?? NOTHING,
  );
}
