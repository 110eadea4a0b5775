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

  async function ask(reservationId: string): Promise<Look> {
    const answer = await stock.read(reservationId);
    if (!answer.ok) return { read: known.get(reservationId)?.read ?? null, isFresh: false };
    known.delete(reservationId);
    known.set(reservationId, { read: answer.value, atMs: now() });
    const [oldest] = known.keys();
    if (known.size > KEPT_MAX && oldest !== undefined) known.delete(oldest);
    return { read: answer.value, isFresh: true };
  }

  return {
    async look(reservationId) {
      const kept = known.get(reservationId);
      if (kept !== undefined && now() - kept.atMs < FRESH_MS) return { read: kept.read, isFresh: true };
      const begun = asking.get(reservationId);
      if (begun !== undefined) return begun;
      const mine = ask(reservationId).finally(() => asking.delete(reservationId));
      asking.set(reservationId, mine);
      return mine;
    },
    forget(reservationId) {
      const kept = known.get(reservationId);
      if (kept !== undefined) known.set(reservationId, { ...kept, atMs: Number.NEGATIVE_INFINITY });
      // An answer that was on its way says how it was before.
      asking.delete(reservationId);
    },
  };
}
