// From tries with tokens and units to holds: one transaction for many, and when a constraint refuses a part of it, each
// by itself, so that one bad row never fails the others.
import { type Statements, sqlState, type Truth } from "@dropgate/sql";
import { insertRushHolds, type MadeHold, type RushAsk } from "@dropgate/sql/rush/insert-holds";

/** `refused`: PostgreSQL did not make it. `shut`: the sale sells nothing now, or the service was away. */
export type RushMade = { outcome: "made"; hold: MadeHold } | { outcome: "refused" | "shut" };

class NotWhole extends Error {}

/**
 * @returns one outcome for each ask, in order; what is made is committed
 * @throws when PostgreSQL is away: whether it happened is unknown, and the takes stay pending until that is decided
 */
export async function makeRushHolds(
  truth: Truth,
  saleId: string,
  asks: readonly RushAsk[],
): Promise<RushMade[]> {
  try {
    return await truth.transaction((tx) => insertWhole(tx, saleId, asks));
  } catch (error) {
    const isRefusal = error instanceof NotWhole || sqlState(error)?.startsWith("23") === true;
    if (!isRefusal) throw error;
    if (asks.length === 1) return [{ outcome: "refused" }];
  }
  const outcomes: RushMade[] = [];
  for (const ask of asks) outcomes.push(...(await makeRushHolds(truth, saleId, [ask])));
  return outcomes;
}

async function insertWhole(tx: Statements, saleId: string, asks: readonly RushAsk[]): Promise<RushMade[]> {
  const inserted = await insertRushHolds(tx, saleId, asks);
  if (!inserted.whole) throw new NotWhole(`sale ${saleId}: not all of a batch of holds could be made`);
  const made = new Map(inserted.made.map((hold) => [hold.holdId, hold]));
  return asks.map(({ holdId }) => {
    const hold = made.get(holdId);
    if (hold !== undefined) return { outcome: "made", hold };
    return { outcome: inserted.open ? "refused" : "shut" };
  });
}
