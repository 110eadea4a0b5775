// Which changes of levels may be, and what they make of them: a pure function over the levels as they were locked.
// Changes are judged in the order in which they are given, each by what those before it left.
import { QUANTITIES, type Quantities, type TransactionType } from "@dropgate/contracts/inventory";
import { STOCK_MAX } from "@dropgate/contracts/limits";
import { type Outcome, type Refusal, refuse } from "@dropgate/contracts/refusals";
import type { LevelKey, LevelRow } from "@dropgate/sql/levels/level-row";
import type { ImpossibleLevel } from "@dropgate/sql/levels/lock-levels";
import type { LevelMove, LevelTransaction, Reference } from "@dropgate/sql/levels/write-level-changes";

/** One change of one level, as somebody asks for it. */
export interface LevelChange extends LevelKey {
  /** What is not named stays; not all 0. */
  deltas: Partial<Quantities>;
  type: TransactionType;
  reference?: Reference;
  actor: string;
  /** When it happened in the world; absent: now. */
  effectiveAt?: Date;
  data?: Record<string, unknown>;
  /**
   * Refused when it would promise what is not available. A count of the shelf is not guarded: what it finds is so,
   * and fewer may lie there than are promised.
   */
  guarded?: boolean;
  /** Changes of one group happen all or not at all, where the first of them stands. */
  groupId?: string;
}

/** What a level counts and what of it may be promised. */
export type Stock = Quantities & Pick<LevelRow, "safetyStock" | "sellable">;

/** As much of it as that takes. */
type Shelf = Pick<Stock, "onHand" | "allocated" | "reserved" | "safetyStock" | "sellable">;

export interface Judged {
  /** For each change, in order: its level after it, or why not. All of a group have the refusal of the one that failed. */
  outcomes: Outcome<LevelRow>[];
  /** What is to be written. */
  moves: LevelMove[];
  transactions: LevelTransaction[];
}

export const NOTHING: Quantities = {
  onHand: 0,
  allocated: 0,
  reserved: 0,
  damaged: 0,
  inTransitIn: 0,
  inTransitOut: 0,
};

/** What lies there unpromised, whether it is for sale or not. */
function unpromised(stock: Shelf): number {
  return stock.onHand - stock.allocated - stock.reserved - stock.safetyStock;
}

/** What may be promised; negative when a count found less than was promised. */
export function availableOf(stock: Shelf): number {
  return stock.sellable ? unpromised(stock) : 0;
}

/** A level's name among others: JSON, because a SKU may have any separator in it. */
export function nameOf({ sku, locationId }: LevelKey): string {
  return JSON.stringify([sku, locationId]);
}

function plus(one: Quantities, other: Partial<Quantities>): Quantities {
  return {
    onHand: one.onHand + (other.onHand ?? 0),
    allocated: one.allocated + (other.allocated ?? 0),
    reserved: one.reserved + (other.reserved ?? 0),
    damaged: one.damaged + (other.damaged ?? 0),
    inTransitIn: one.inTransitIn + (other.inTransitIn ?? 0),
    inTransitOut: one.inTransitOut + (other.inTransitOut ?? 0),
  };
}

/** Why a level cannot become so; null: it can. */
export function refusalOf(before: LevelRow, after: LevelRow, guarded: boolean): Refusal | null {
  const place = `${before.sku} at ${before.locationId}`;
  for (const name of QUANTITIES) {
    if (after[name] < 0) {
      const detail = `${name} of ${place} is ${before[name]}: ${before[name] - after[name]} cannot be taken from it.`;
      return refuse("INSUFFICIENT_STOCK", { detail });
    }
    if (after[name] > STOCK_MAX) return refuse("STOCK_TOO_LARGE", { detail: `${name} of ${place}.` });
  }
  const promisesMore = unpromised(after) < unpromised(before);
  if (guarded && promisesMore && (!after.sellable || unpromised(after) < 0)) {
    const there = Math.max(0, availableOf(before));
    return refuse("INSUFFICIENT_STOCK", { detail: `Of ${place} ${there} are available.` });
  }
  return null;
}

/** The positions of changes that are judged together, where the first of them stands. */
function groupsOf(changes: readonly LevelChange[]): number[][] {
  const groups: number[][] = [];
  const byId = new Map<string, number[]>();
  for (const [i, { groupId }] of changes.entries()) {
    const there = groupId === undefined ? undefined : byId.get(groupId);
    if (there) {
      there.push(i);
      continue;
    }
    const group = [i];
    groups.push(group);
    if (groupId !== undefined) byId.set(groupId, group);
  }
  return groups;
}

/**
 * @param levels as they were locked
 * @param impossible levels that are not among them, for their product or location is unknown
 */
export function judgeChanges(
  levels: readonly LevelRow[],
  impossible: readonly ImpossibleLevel[],
  changes: readonly LevelChange[],
): Judged {
  const locked = new Map(levels.map((level) => [nameOf(level), level]));
  const lacking = new Map(impossible.map((level) => [nameOf(level), level.lacks]));
  const now = new Map(locked);
  const outcomes: Outcome<LevelRow>[] = [];
  const transactions: LevelTransaction[] = [];

  for (const group of groupsOf(changes)) {
    // As the group leaves them, if it is let through.
    const then = new Map<string, LevelRow>();
    const after: [position: number, level: LevelRow][] = [];
    let refusal: Refusal | null = null;
    for (const i of group) {
      const change = changes[i] as LevelChange; // groupsOf names positions that there are
      const name = nameOf(change);
      const before = then.get(name) ?? now.get(name);
      if (before === undefined) {
        const lacks = lacking.get(name);
        if (lacks === undefined)
          throw new Error(`the level of ${change.sku} was neither locked nor impossible`);
        refusal = refuse(lacks === "product" ? "PRODUCT_NOT_FOUND" : "LOCATION_NOT_FOUND");
        break;
      }
      const next = { ...before, ...plus(before, change.deltas) };
      refusal = refusalOf(before, next, change.guarded ?? false);
      if (refusal !== null) break;
      then.set(name, next);
      after.push([i, next]);
    }
    if (refusal !== null) {
      for (const i of group) outcomes[i] = refusal;
      continue;
    }
    for (const [i, value] of after) {
      outcomes[i] = { ok: true, value };
      transactions.push(transactionOf(changes[i] as LevelChange));
    }
    for (const [name, level] of then) now.set(name, level);
  }
  return { outcomes, moves: movesOf(locked, transactions), transactions };
}

function transactionOf(change: LevelChange): LevelTransaction {
  const { sku, locationId, type, actor } = change;
  return {
    sku,
    locationId,
    deltas: plus(NOTHING, change.deltas),
    type,
    reference: change.reference ?? null,
    actor,
    effectiveAt: change.effectiveAt ?? null,
    data: change.data ?? {},
  };
}

/** Each level once, with the sum of its transactions. */
function movesOf(
  locked: ReadonlyMap<string, LevelRow>,
  transactions: readonly LevelTransaction[],
): LevelMove[] {
  const moves = new Map<string, LevelMove>();
  for (const transaction of transactions) {
    const name = nameOf(transaction);
    const level = locked.get(name);
    if (level === undefined) throw new Error(`the level of ${transaction.sku} was not locked`);
    const move = moves.get(name) ?? { level, deltas: NOTHING, ordered: false };
    moves.set(name, {
      level,
      deltas: plus(move.deltas, transaction.deltas),
      ordered: move.ordered || transaction.deltas.allocated > 0,
    });
  }
  return [...moves.values()];
}
