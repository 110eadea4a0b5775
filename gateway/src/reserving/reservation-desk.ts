// Payment, confirm, release and cancel of reservations, many in one transaction.
import { orderSchema } from "@dropgate/contracts/fulfilment";
import {
  LEVEL_CHANGES_MAX,
  ORDER_LINES_MAX,
  RESERVATION_BATCH_MAX,
  RESERVATION_GROUPS_MAX,
  RESERVATION_QUEUE_MAX,
} from "@dropgate/contracts/limits";
import type { Outcome } from "@dropgate/contracts/refusals";
import type { HotStock } from "@dropgate/inventory/hot/hot-stock";
import { type Acted, actOnReservationsIn } from "@dropgate/inventory/reservations/act";
import type { ReservationAsk } from "@dropgate/inventory/reservations/decide";
import type { Truth } from "@dropgate/sql";
import { type ReservationRow, readReservations } from "@dropgate/sql/reservations/reservation-row";
import { Grouped, type KeepAnswer } from "../idempotency/grouped.ts";
import type { ReserveDesk } from "./reserve-desk.ts";

export interface ReservationDeskParts {
  truth: Truth;
  hotStock: HotStock;
  reserving: ReserveDesk;
  extensionSeconds: number;
  onError: (error: unknown) => void;
}

export class ReservationDesk {
  readonly #parts: ReservationDeskParts;
  readonly #groups: Grouped<ReservationAsk, ReservationRow, Acted>;

  constructor(parts: ReservationDeskParts) {
    this.#parts = parts;
    this.#groups = new Grouped<ReservationAsk, ReservationRow, Acted>({
      truth: parts.truth,
      async work(tx, asks) {
        const committed = await actOnReservationsIn(tx, asks, parts.extensionSeconds);
        return { outcomes: committed.outcomes, committed };
      },
      // The stock is PostgreSQL's already; Redis follows here, or by the worker.
      after: ({ levels }) => parts.hotStock.settle([], levels),
      nameOf: ({ id }) => id,
      // How many lines it has is known once it is locked.
      sizeOf: () => ORDER_LINES_MAX,
      limits: {
        batchMax: RESERVATION_BATCH_MAX,
        sizeMax: LEVEL_CHANGES_MAX,
        groupsMax: RESERVATION_GROUPS_MAX,
        queueMax: RESERVATION_QUEUE_MAX,
      },
      onError: parts.onError,
    });
  }

  /** @throws when PostgreSQL is away: whether it happened may be unknown; asking again is safe */
  async act(ask: ReservationAsk, keep: KeepAnswer<ReservationRow> | null): Promise<Outcome<ReservationRow>> {
    if (ask.act !== "confirm") return this.#groups.ask(ask, keep);
    // Kept only if it is the last word: another plan may still save a confirm that came too late.
    const outcome = await this.#groups.ask(ask, (done) => (isTooLate(done) ? null : (keep?.(done) ?? null)));
    if (!isTooLate(outcome)) return outcome;
    const lines = await this.#elsewhere(ask.id);
    return this.#groups.ask(lines === null ? ask : { ...ask, lines }, keep);
  }

  /** From where what an expired reservation had could be taken once more; null: from nowhere. */
  async #elsewhere(id: string): Promise<ReservationAsk["lines"] | null> {
    const expired = (await readReservations(this.#parts.truth, [id])).get(id);
    const order = orderSchema.safeParse(expired?.request);
    if (!order.success) return null;
    const plan = await this.#parts.reserving.plan({ ...order.data, allowBackorder: false });
    if (!plan.ok) return null;
    return plan.value.shipments.flatMap(({ locationId, lines }) =>
      lines.map((line) => ({ ...line, locationId })),
    );
  }
}

function isTooLate(outcome: Outcome<ReservationRow>): boolean {
  return !outcome.ok && outcome.refusal === "HOLD_EXPIRED";
}
