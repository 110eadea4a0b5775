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
  STOCK_PLENTY,
  STOCK_PLENTY_TIMES,
} from "@dropgate/contracts/limits";
import { type Outcome, refuse } from "@dropgate/contracts/refusals";
import type { HotLevel, HotStock, Judged, ProposedLine } from "@dropgate/inventory/hot/hot-stock";
import { newReservationId } from "@dropgate/inventory/ids";
import {
  type Proposed,
  type Reserved,
  reserveIn,
  reservePlenty,
  sameOrder,
  type Windows,
} from "@dropgate/inventory/reservations/reserve";
import type { Truth } from "@dropgate/sql";
import { JsonText } from "@dropgate/sql/json-text";
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
  /** Pipelined, for as many transactions as are under way (RESERVATION_GROUPS_MAX). */
  groups: Truth;
  hotStock: HotStock;
  catalogue: Catalogue;
  windows: Windows;
  onError: (error: unknown) => void;
}

interface Asked extends Proposed {
  /** Of its SKUs those whose quantities the hot store holds for it. */
  heldSkus: readonly string[];
  /** Whether it may be reserved without being judged by itself (reservePlenty). */
  isPlenty: boolean;
}

interface Planned {
  plan: Outcome<FulfilmentPlan>;
  /** What it was made by. */
  levels: Levels;
  /** Others are about to get some of what it wants, and may not get it in the end. */
  isContested: boolean;
}

export class ReserveDesk {
  readonly #parts: ReserveDeskParts;
  readonly #groups: Grouped<Asked, Made, Reserved>;

  constructor(parts: ReserveDeskParts) {
    this.#parts = parts;
    this.#groups = new Grouped<Asked, Made, Reserved>({
      truth: parts.groups,
      async work(tx, asks) {
        const committed = await reserveIn(tx, asks, parts.windows);
        return { outcomes: committed.outcomes, committed };
      },
      async quick(asks) {
        const committed = asks.every(({ isPlenty }) => isPlenty)
          ? await reservePlenty(parts.groups, asks, parts.windows, parts.onError)
          : null;
        return committed && { outcomes: committed.outcomes, committed };
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

  async #plan(order: OrderRequest): Promise<Planned> {
    const { catalogue, hotStock } = this.#parts;
    let levels: Levels = new Map();
    const shelves: Shelves = async (skus) => {
      levels = await hotStock.look(skus);
      return levels;
    };
    const plan = await planOrder(catalogue, shelves, order);
    const isContested = [...levels.values()].some((rows) => rows.some(({ held }) => held > 0));
    return { plan, levels, isContested };
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
      const asked = await this.#propose(order, actor);
      if (asked?.ok === false) return asked;
      if (asked !== null) {
        const outcome = await this.#groups.ask(asked.value, keep);
        if (outcome.ok || !isMoved(outcome.refusal)) return outcome;
      }
      if (performance.now() > endMs) return refuse("BUSY");
      await new Promise((again) => setTimeout(again, Math.random() * RESERVE_PAUSE_MS_MAX));
    }
  }

  /**
   * What PostgreSQL is to judge. Apart from #try, which waits for that judgement: the levels and the plan's objects that
   * it held would live as long, and grow old in the garbage collector's eyes.
   * @returns null where stock is moving: it is looked at again
   */
  async #propose(order: OrderRequest, actor: string): Promise<Outcome<Asked> | null> {
    const { plan, levels, isContested } = await this.#plan(order);
    if (!plan.ok) return isMoved(plan.refusal) && isContested ? null : plan;
    const { backorders } = plan.value;
    const lines = linesOf(plan.value);
    const scarce = lines.filter((line) => isScarce(line, levels));
    const asked: Asked = {
      id: newReservationId(),
      orderId: order.orderId,
      request: order,
      plan: new JsonText(plan.value),
      lines,
      backorders,
      actor,
      heldSkus: scarce.map(({ sku }) => sku),
      isPlenty: backorders.length === 0 && lines.every((line) => isPlenty(line, levels)),
    };
    const isHeld = scarce.length === 0 || (await this.#parts.hotStock.propose(asked.id, scarce)).ok;
    return isHeld ? { ok: true, value: asked } : null;
  }
}

type Levels = ReadonlyMap<string, readonly HotLevel[]>;

function levelOf({ sku, locationId }: ProposedLine, levels: Levels): HotLevel | undefined {
  return levels.get(sku)?.find((row) => row.locationId === locationId);
}

/** Whether a level's last pieces could be gone before PostgreSQL has judged. */
export function isScarce(line: ProposedLine, levels: Levels): boolean {
  const available = levelOf(line, levels)?.available ?? 0;
  return available < STOCK_PLENTY || available < line.quantity * STOCK_PLENTY_TIMES;
}

/** Whether it is not scarce, and so little of it is promised that this line leaves it so. */
export function isPlenty(line: ProposedLine, levels: Levels): boolean {
  const level = levelOf(line, levels);
  if (level === undefined || isScarce(line, levels)) return false;
  return level.reserved + 2 * line.quantity <= level.available;
}

/** Stock moved while the order was on its way, or another of the same id did: it is looked at again. */
function isMoved(refusal: string): boolean {
  return refusal === "INSUFFICIENT_STOCK";
}

function judgedOf({ id, heldSkus }: Asked): Judged {
  return { reservationId: id, skus: heldSkus };
}

/** By shipment. */
function linesOf({ shipments }: FulfilmentPlan): ProposedLine[] {
  const proposed: ProposedLine[] = [];
  for (const { locationId, lines } of shipments) {
    for (const { sku, quantity } of lines) proposed.push({ sku, locationId, quantity });
  }
  return proposed;
}
