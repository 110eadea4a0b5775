// A shopper's place in a sale, for any page and for Node: what the waiting room itself stands on, behind a few calls.

import type { RefusalCode } from "@dropgate/contracts/refusals";
import { openWebSocket } from "#web-socket";
import { cookieFetch } from "./connection/cookie-fetch.ts";
import { type EntryKeeper, openEntryKeeper } from "./connection/kept-entry.ts";
import { connectRoom } from "./connection/room-connection.ts";
import { happeningsOf, type QueueEvents } from "./happenings.ts";
import type { ActRefusal, KeptEntry } from "./room/room-state.ts";
import { openRoomStore, type Snapshot } from "./room/room-store.ts";
import type { Standing } from "./room/standing.ts";

export type { Entry, OutcomeOfEntry } from "@dropgate/contracts/entry";
export type { Hold } from "@dropgate/contracts/hold";
export type { Offer, Serving } from "@dropgate/contracts/realtime";
export type { RefusalCode } from "@dropgate/contracts/refusals";
export type { Sale } from "@dropgate/contracts/sale";
export type { EntryKeeper } from "./connection/kept-entry.ts";
export type { OfferMade, QueueEvents, QueueState, UnitHeld } from "./happenings.ts";
export type { Estimate } from "./line/estimate.ts";
export type { Line, Moment } from "./room/moment.ts";
export type { KeptEntry, Link, RoomState } from "./room/room-state.ts";
export type { Snapshot } from "./room/room-store.ts";
export type { Standing } from "./room/standing.ts";

export interface QueueOptions {
  /** The gateway's address. A page that the gateway itself serves may leave it out. */
  url?: string;
  saleId: string;
  /**
   * A shopper JWT of the merchant, or the way to get a fresh one, asked at each join. Without one: anonymous. Where it
   * fails, `join` throws what it threw.
   */
  shopperToken?: string | (() => string | null | Promise<string | null>);
  /** Where the entry's token stays. Without one: `localStorage` in a browser, this process's memory elsewhere. */
  keeper?: EntryKeeper;
}

/** Done, or why not. `NO_ANSWER`: it could not be asked; `BUSY`: ask again, or another act is under way. */
export type Acted = { ok: true } | { ok: false; code: RefusalCode | "NO_ANSWER" };

export interface Queue {
  /** All that is known now: `room` as it was told, `moment` as it looks at this instant. */
  read(): Snapshot;
  /** Calls back whenever `read` gives something new: at news, and as time passes. @returns the way to stop */
  subscribe(listener: () => void): () => void;
  /** Calls back for one kind of event; what has happened is not told again. @returns the way to stop */
  on<Name extends keyof QueueEvents>(name: Name, listener: (detail: QueueEvents[Name]) => void): () => void;
  /**
   * Waits until the shopper stands in one of these states; at once, when they do. The pass of a unit that is held may
   * still be on its way then: the event `held` has it.
   * @throws the signal's reason when it is aborted, an Error when the queue is closed before
   */
  until(states: Standing["kind"] | readonly Standing["kind"][], signal?: AbortSignal): Promise<Snapshot>;
  /** Takes a place, or finds the one there is; in a rush it tries to get a unit. */
  join(): Promise<Acted>;
  /** Leaves the line; an offered or held unit goes back. */
  leave(): Promise<Acted>;
  /** Accepts the offer: the unit is held for the purchase window. */
  claim(): Promise<Acted>;
  /** Gives the offered or held unit back. */
  release(): Promise<Acted>;
  /** Comes back once after a missed offer, with the old ticket. */
  rejoin(): Promise<Acted>;
  /** Stops listening. The place stays: whoever brings its token is in it again. */
  close(): void;
}

/**
 * Connects at once, and for as long as it is not closed: by socket, by polling where that does not work.
 * @throws without an http(s) address of a gateway, and without a sale: nothing can be asked then
 */
export function openQueue({ url, saleId, shopperToken, keeper }: QueueOptions): Queue {
  const isPage = typeof document !== "undefined";
  const origin = originOf(url ?? (isPage ? location.origin : ""));
  if (origin === null) throw new TypeError('Say where the gateway is: url: "https://queue.shop.example".');
  if (!saleId) throw new TypeError('Say which sale it is: saleId: "…".');
  const store = openRoomStore(saleId, []);
  const connection = connectRoom(
    {
      url: origin,
      saleId,
      shopperToken: typeof shopperToken === "function" ? shopperToken : () => shopperToken ?? null,
      keeper: keeper ?? (isPage ? openEntryKeeper(saleId) : openMemoryKeeper()),
      fetch: isPage ? (address, init) => fetch(address, init) : cookieFetch(),
      openSocket: openWebSocket,
    },
    store,
  );

  const closing = new AbortController();
  const listeners = new Map<keyof QueueEvents, Set<(detail: never) => void>>();
  let before: Snapshot | null = null;
  store.subscribe(() => {
    const after = store.read();
    const happenings = happeningsOf(before, after, origin);
    before = after;
    for (const { name, detail } of happenings)
      for (const listener of listeners.get(name) ?? []) tell(listener, detail);
  });

  /** A listener that fails is its owner's fault, told where such faults are; the line goes on. */
  function tell(listener: (detail: never) => void, detail: QueueEvents[keyof QueueEvents] | undefined): void {
    try {
      listener(detail as never);
    } catch (fault) {
      queueMicrotask(() => {
        throw fault;
      });
    }
  }

  async function acted(act: Promise<ActRefusal | null>): Promise<Acted> {
    const refusal = await act;
    if (refusal === null) return { ok: true };
    return { ok: false, code: refusal === "AWAY" ? "NO_ANSWER" : refusal };
  }

  return {
    read: store.read,
    subscribe: (listener) => store.subscribe(() => tell(listener, undefined)),
    on(name, listener) {
      const those = listeners.get(name) ?? new Set();
      listeners.set(name, those.add(listener));
      return () => those.delete(listener);
    },
    until(states, signal) {
      const wanted: readonly string[] = typeof states === "string" ? [states] : states;
      return new Promise((resolve, reject) => {
        const ends = signal === undefined ? closing.signal : AbortSignal.any([closing.signal, signal]);
        const stop = store.subscribe(look);
        const end = (): void => {
          stop();
          reject(ends.reason as Error);
        };
        ends.addEventListener("abort", end, { once: true });
        if (ends.aborted) end();
        else look();
        function look(): void {
          if (!wanted.includes(store.read().moment.standing.kind)) return;
          stop();
          ends.removeEventListener("abort", end);
          resolve(store.read());
        }
      });
    },
    join: () => acted(connection.join()),
    leave: () => acted(connection.leave()),
    claim: () => acted(connection.claim()),
    release: () => acted(connection.release()),
    rejoin: () => acted(connection.rejoin()),
    close() {
      closing.abort(new Error("The queue was closed."));
      connection.close();
      store.close();
    },
  };
}

function originOf(address: string): string | null {
  return /^https?:\/\//i.test(address) && URL.canParse(address) ? new URL(address).origin : null;
}

/** Keeps the entry for as long as the object lives. @param first an entry from earlier, to go on with its place */
export function openMemoryKeeper(first: KeptEntry | null = null): EntryKeeper {
  let kept = first;
  return {
    read: () => kept,
    write(entry) {
      kept = entry;
    },
    onChange: () => () => undefined,
  };
}
