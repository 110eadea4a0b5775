// What of a level does not agree: a pure function over the level, its ledger and its orders as they were read together.
import { QUANTITIES, type Quantities } from "@dropgate/contracts/inventory";
import { STOCK_MAX } from "@dropgate/contracts/limits";
import type { NewDifference } from "@dropgate/sql/reconciling/difference-row";
import type { ComparedLevel } from "@dropgate/sql/reconciling/read-differences";

function partOf(
  quantities: Partial<Quantities>,
  names: readonly (keyof Quantities)[],
): Record<string, number> {
  return Object.fromEntries(names.map((name) => [name, quantities[name] ?? 0]));
}

/** The quantities that are not the sum of their transactions. */
export function fromLedger({ is, ledger }: Pick<ComparedLevel, "is" | "ledger">): (keyof Quantities)[] {
  return QUANTITIES.filter((name) => is[name] !== ledger[name]);
}

/** The promises that are not those of the orders. */
export function fromOrders({
  is,
  promises,
}: Pick<ComparedLevel, "is" | "promises">): ("reserved" | "allocated")[] {
  return (["reserved", "allocated"] as const).filter((name) => is[name] !== promises[name]);
}

/** Whether a level may be so at all; the ledger of one that was written by a hand might say otherwise. */
export function isPossible(quantities: Quantities): boolean {
  return QUANTITIES.every((name) => quantities[name] >= 0 && quantities[name] <= STOCK_MAX);
}

/**
 * A level that differs from its ledger is not compared with its orders: it becomes what the ledger says first, and that
 * is what is compared.
 */
export function differencesOf(level: ComparedLevel): NewDifference[] {
  const { sku, locationId, is, ledger, promises } = level;
  const ofLedger = fromLedger(level);
  const differences: NewDifference[] = [];
  if (ofLedger.length > 0) {
    differences.push({
      kind: "level_differs_from_ledger",
      sku,
      locationId,
      found: partOf(is, ofLedger),
      proposed: partOf(ledger, ofLedger),
    });
  }
  const ofOrders = fromOrders({ is: ledger, promises });
  if (ofOrders.length > 0) {
    differences.push({
      kind: "promises_differ_from_orders",
      sku,
      locationId,
      found: partOf(ledger, ofOrders),
      proposed: partOf(promises, ofOrders),
    });
  }
  return differences;
}
