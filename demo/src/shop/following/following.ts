// Looks at orders for the browsers that follow them: however many pages are open, the gateway is asked about an order
// once a second at most; and while it is away the last that it said is kept.

import type { ReservationRead } from "@dropgate/contracts/reservation";
import type { Stock } from "../buying/stock.ts";

export interface Look {
  /** Null: nothing is known of it yet. */
  read: ReservationRead | null;
  /** False: this is what was known before the gateway went away. */
  isFresh: boolean;
}

export interface Following {
  look(reservationId: string): Promise<Look>;
  /** Something was done: the next look asks. */
  forget(reservationId: string): void;
}

const FRESH_MS = 1_000;
/** What a demo's visitors can have open; then the longest unseen goes. */
const KEPT_MAX = 5_000;

export function beginFollowing(stock: Pick<Stock, "read">, now: () => number): Following {
  const known = new Map<string, { read: ReservationRead; atMs: number }>();
  const asking = new Map<string, Promise<Look>>();

  function ask(reservationId: string): Promise<Look> {
    const mine = stock.read(reservationId).then((answer): Look => {
      // Begun before something was done, it says how it was before: whoever waits for it has it, nobody after them.
      const isCurrent = asking.get(reservationId) === mine;
      if (isCurrent) asking.delete(reservationId);
      if (!answer.ok) return { read: known.get(reservationId)?.read ?? null, isFresh: false };
      if (isCurrent) keep(reservationId, answer.value);
      return { read: answer.value, isFresh: true };
    });
    asking.set(reservationId, mine);
    return mine;
  }

  function keep(reservationId: string, read: ReservationRead): void {
    known.delete(reservationId);
    known.set(reservationId, { read, atMs: now() });
    const [oldest] = known.keys();
    if (known.size > KEPT_MAX && oldest !== undefined) known.delete(oldest);
  }

  return {
    async look(reservationId) {
      const kept = known.get(reservationId);
      if (kept !== undefined && now() - kept.atMs < FRESH_MS) return { read: kept.read, isFresh: true };
      return asking.get(reservationId) ?? ask(reservationId);
    },
    forget(reservationId) {
      const kept = known.get(reservationId);
      if (kept !== undefined) known.set(reservationId, { ...kept, atMs: Number.NEGATIVE_INFINITY });
      asking.delete(reservationId);
    },
  };
}
