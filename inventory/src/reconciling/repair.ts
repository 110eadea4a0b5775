// Repairs what a reconciliation found. Each difference is looked at again under the level's lock: what agrees by now
// is left alone, so a repair may come late or twice.
import { RECONCILE_PAGE_LEVELS } from "@dropgate/contracts/limits";
import type { Statements, Truth } from "@dropgate/sql";
import { lockLevels } from "@dropgate/sql/levels/lock-levels";
import { insertNotes } from "@dropgate/sql/levels/transactions";
import {
  type Decided,
  type DifferenceRow,
  lockProposed,
  writeDecided,
} from "@dropgate/sql/reconciling/difference-row";
import { type ComparedLevel, compareLevels } from "@dropgate/sql/reconciling/read-differences";
import { type LevelRepair, repairLevels } from "@dropgate/sql/reconciling/repair-levels";
import type { HotStock } from "../hot/hot-stock.ts";
import { actOnLevelsIn } from "../levels/act.ts";
import { type LevelChange, nameOf } from "../levels/judge.ts";
import { fromLedger, fromOrders, isPossible } from "./differences.ts";

/**
 * Repairs all that a reconciliation proposes: first levels by their ledger, then promises by their orders, then what the
 * hot store shows by the levels.
 * @param parts.stock null: the hot store is left as it is
 * @returns how many were decided
 */
export async function repairFound(
  { truth, stock }: { truth: Truth; stock: HotStock | null },
  id: string,
  actor: string,
): Promise<number> {
  let decided = 0;
  const reload = (tx: Statements): Promise<number> =>
    stock === null ? Promise.resolve(0) : reloadHot(tx, stock, id, actor);
  for (const repair of [repairByLedger, repairByOrders, reload]) {
    for (let some = RECONCILE_PAGE_LEVELS; some >= RECONCILE_PAGE_LEVELS; ) {
      some = await truth.transaction((tx) => repair(tx, id, actor));
      decided += some;
    }
  }
  return decided;
}

/** The hot store forgets what it has of a SKU; whoever asks next loads it anew. Dropped once more, it is loaded once more. */
async function reloadHot(tx: Statements, stock: HotStock, id: string, actor: string): Promise<number> {
  const kind = "hot_differs_from_truth";
  const differences = await lockProposed(tx, id, kind, RECONCILE_PAGE_LEVELS);
  if (differences.length === 0) return 0;
  await stock.drop([...new Set(differences.map(({ sku }) => sku))]);
  await insertNotes(
    tx,
    differences.map(({ sku, locationId, found, proposed }) => ({
      type: "hot.reloaded",
      sku,
      locationId,
      reference: { type: "reconciliation", id },
      actor,
      data: { found, proposed },
    })),
  );
  await writeDecided(
    tx,
    id,
    kind,
    actor,
    differences.map(({ sku, locationId }): Decided => ({ sku, locationId, state: "applied", reason: null })),
  );
  return differences.length;
}

/** The levels of differences, locked and compared anew. */
async function lockCompared(
  tx: Statements,
  differences: readonly DifferenceRow[],
): Promise<Map<string, ComparedLevel>> {
  await lockLevels(tx, differences);
  return new Map((await compareLevels(tx, differences)).map((level) => [nameOf(level), level]));
}

async function repairByLedger(tx: Statements, id: string, actor: string): Promise<number> {
  const kind = "level_differs_from_ledger";
  const differences = await lockProposed(tx, id, kind, RECONCILE_PAGE_LEVELS);
  if (differences.length === 0) return 0;
  const levels = await lockCompared(tx, differences);
  const repairs: LevelRepair[] = [];
  const decided = differences.map(({ sku, locationId }): Decided => {
    const level = levels.get(nameOf({ sku, locationId }));
    if (level === undefined || fromLedger(level).length === 0) {
      return { sku, locationId, state: "gone", reason: null };
    }
    if (!isPossible(level.ledger)) {
      const reason = "By its ledger a quantity would be below zero or too large.";
      return { sku, locationId, state: "refused", reason };
    }
    repairs.push({ sku, locationId, from: level.is, to: level.ledger });
    return { sku, locationId, state: "applied", reason: null };
  });
  await repairLevels(tx, repairs, { type: "reconciliation", id }, actor);
  await writeDecided(tx, id, kind, actor, decided);
  return decided.length;
}

/**
 * Not guarded: what orders have been promised is so, though there be too little. Orders are written under the locks of
 * their levels, so under the same locks they hold still.
 */
async function repairByOrders(tx: Statements, id: string, actor: string): Promise<number> {
  const kind = "promises_differ_from_orders";
  const differences = await lockProposed(tx, id, kind, RECONCILE_PAGE_LEVELS);
  if (differences.length === 0) return 0;
  const levels = await lockCompared(tx, differences);
  const changes: LevelChange[] = [];
  for (const { sku, locationId } of differences) {
    const level = levels.get(nameOf({ sku, locationId }));
    const names = level === undefined ? [] : fromOrders(level);
    if (level === undefined || names.length === 0) continue;
    const deltas = Object.fromEntries(names.map((name) => [name, level.promises[name] - level.is[name]]));
    changes.push({
      sku,
      locationId,
      deltas,
      type: "repair",
      reference: { type: "reconciliation", id },
      actor,
    });
  }
  const outcomes = await actOnLevelsIn(tx, changes);
  const refusals = new Map(
    changes.map((change, i) => {
      const outcome = outcomes[i];
      return [nameOf(change), outcome?.ok === false ? (outcome.detail ?? outcome.refusal) : null];
    }),
  );
  await writeDecided(
    tx,
    id,
    kind,
    actor,
    differences.map(({ sku, locationId }): Decided => {
      const reason = refusals.get(nameOf({ sku, locationId }));
      if (reason === undefined) return { sku, locationId, state: "gone", reason: null };
      return { sku, locationId, state: reason === null ? "applied" : "refused", reason };
    }),
  );
  return differences.length;
}
