// Reserves orders: a plan is chosen by what the hot store shows, its stock held there for some seconds, and PostgreSQL
// decides, many orders in one transaction. When stock moved meanwhile another plan is chosen, for some seconds; only
// when no plan fits the stock at that moment is it INSUFFICIENT_STOCK.
import type { FulfilmentPlan, OrderRequest } from "@dropgate/contracts/fulfilment";
import {
  LEVEL_CHANGES_MAX,
  RESERVATION_BATCH_MAX,
  RESERVATION_GROUPS_MAX,
  RESERVATION_QUEUE_MAX,
  RESERVE_MS_MAX,
  RESERVE_PAUSE_MS_MAX,
} from "@dropgate/contracts/limits";
import { type Outcome, refuse } from "@dropgate/contracts/refusals";
import type { HotStock } from "@dropgate/inventory/hot/hot-stock";
import { newReservationId } from "@dropgate/inventory/ids";
import {
  type Proposed,
  type Reserved,
  reserveIn,
  sameOrder,
  type Windows,
} from "@dropgate/inventory/reservations/reserve";
import type { Truth } from "@dropgate/sql";
import { type ReservationRow, readByOrder } from "@dropgate/sql/reservations/reservation-row";
import { Grouped, type KeepAnswer } from "../idempotency/grouped.ts";
import type { Catalogue } from "./catalogue.ts";
import { planOrder, type Shelves } from "./planner.ts";

export interface Made {
  reservation: ReservationRow;
  /** False: the order had it already. */
  made: boolean;
}

export interface ReserveDeskParts {
  truth: Truth;
  hotStock: HotStock;
  catalogue: Catalogue;
  windows: Windows;
  onError: (error: unknown) => void;
}

export class ReserveDesk {
  readonly #parts: ReserveDeskParts;
  readonly #groups: Grouped<Proposed, Made, Reserved>;

  constructor(parts: ReserveDeskParts) {
    this.#parts = parts;
    this.#groups = new Grouped<Proposed, Made, Reserved>({
      truth: parts.truth,
      async work(tx, asks) {
        const committed = await reserveIn(tx, asks, parts.windows);
        return { outcomes: committed.outcomes, committed };
      },
      after: ({ levels }, asks) => parts.hotStock.settle(asks.map(judgedOf), levels),
      nameOf: ({ orderId }) => orderId,
      sizeOf: ({ lines }) => lines.length,
      limits: {
        batchMax: RESERVATION_BATCH_MAX,
        sizeMax: LEVEL_CHANGES_MAX,
        groupsMax: RESERVATION_GROUPS_MAX,
        queueMax: RESERVATION_QUEUE_MAX,
      },
      onError: parts.onError,
    });
  }

  get waiting(): number {
    return this.#groups.waiting;
  }

  /** From where the order would ship now; nothing is held. @throws when a store is away */
  async plan(order: OrderRequest): Promise<Outcome<FulfilmentPlan>> {
    return (await this.#plan(order)).plan;
  }

  /** `isContested`: others are about to get some of what it wants, and may not get it in the end. */
  async #plan(order: OrderRequest): Promise<{ plan: Outcome<FulfilmentPlan>; isContested: boolean }> {
    const { catalogue, hotStock } = this.#parts;
    let isContested = false;
    const shelves: Shelves = async (skus) => {
      const levels = await hotStock.look(skus);
      isContested = [...levels.values()].some((rows) => rows.some(({ held }) => held > 0));
      return levels;
    };
    const plan = await planOrder(catalogue, shelves, order);
    return { plan, isContested };
  }

  /** @throws HotStoreAway, or when PostgreSQL is away: whether it happened may be unknown; asking again is safe */
  async reserve(order: OrderRequest, actor: string, keep: KeepAnswer<Made> | null): Promise<Outcome<Made>> {
    const outcome = await this.#try(order, actor, keep);
    if (outcome.ok || outcome.refusal === "BUSY") return outcome;
    // What was reserved before is the answer, whatever the stock is now.
    const there = (await readByOrder(this.#parts.truth, [order.orderId])).get(order.orderId);
    return there === undefined ? outcome : sameOrder(there, order);
  }

  async #try(order: OrderRequest, actor: string, keep: KeepAnswer<Made> | null): Promise<Outcome<Made>> {
    const endMs = performance.now() + RESERVE_MS_MAX;
    for (;;) {
      const { plan, isContested } = await this.#plan(order);
      if (plan.ok) {
        const proposed = proposalOf(order, plan.value, actor);
        const held = await this.#parts.hotStock.propose(proposed.id, proposed.lines);
        if (held.ok) {
          const outcome = await this.#groups.ask(proposed, keep);
          if (outcome.ok || !isMoved(outcome.refusal)) return outcome;
        }
      } else if (!isMoved(plan.refusal) || !isContested) return plan;
      if (performance.now() > endMs) return refuse("BUSY");
      await new Promise((again) => setTimeout(again, Math.random() * RESERVE_PAUSE_MS_MAX));
    }
  }
}

/** Stock moved while the order was on its way, or another of the same id did: it is looked at again. */
function isMoved(refusal: string): boolean {
  return refusal === "INSUFFICIENT_STOCK";
}

function judgedOf({ id, lines }: Proposed): { reservationId: string; skus: string[] } {
  return { reservationId: id, skus: lines.map(({ sku }) => sku) };
}

function proposalOf(order: OrderRequest, plan: FulfilmentPlan, actor: string): Proposed {
  return {
    id: newReservationId(),
    orderId: order.orderId,
    request: order,
    plan,
    lines: plan.shipments.flatMap(({ locationId, lines }) => lines.map((line) => ({ ...line, locationId }))),
    backorders: plan.backorders,
    actor,
  };
}
