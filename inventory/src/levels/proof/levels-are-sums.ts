// Each quantity of each level is the sum of its transactions: whatever wrote one without the other, a script, a bug or
// a hand in the database, is found here.
import { QUANTITIES, type Quantities } from "@dropgate/contracts/inventory";
import type { Statements } from "@dropgate/sql";
import type { LevelKey } from "@dropgate/sql/levels/level-row";
import { Evidence } from "../../proof/evidence.ts";
import { PAGE_ROWS, pages, type Verdict } from "../../proof/look.ts";

/** Levels of one statement: each brings all its transactions. */
const LEVELS_AT_ONCE = 500;

type Compared = LevelKey & { is: Quantities; sum: Quantities };

export async function levelsAreSums(tx: Statements): Promise<Verdict> {
  const evidence = new Evidence();
  let levels = 0;
  const keyOf = ({ sku, locationId }: Compared): LevelKey => ({ sku, locationId });
  for await (const some of pages({ sku: "", locationId: "" }, keyOf, (after) => compare(tx, after))) {
    levels += some.length;
    for (const { sku, locationId, is, sum } of some) {
      for (const name of QUANTITIES) {
        if (is[name] === sum[name]) continue;
        evidence.found(
          `${name} of ${sku} at ${locationId} is ${is[name]}, its transactions make ${sum[name]}`,
        );
      }
    }
  }
  for await (const lost of strays(tx)) {
    evidence.found(`${lost.rows} transactions are of ${lost.sku} at ${lost.locationId}, which is no level`);
  }
  return evidence.verdict(`${levels} levels are the sums of their transactions`);
}

/** A level and its transactions are read in one statement: they are of one moment. */
async function compare(tx: Statements, after: LevelKey): Promise<Compared[]> {
  const quantities = (from: string): string => `json_build_object('onHand', ${from}.on_hand,
    'allocated', ${from}.allocated, 'reserved', ${from}.reserved, 'damaged', ${from}.damaged,
    'inTransitIn', ${from}.in_transit_in, 'inTransitOut', ${from}.in_transit_out)`;
  const { rows } = await tx.query<Compared>(
    `SELECT l.sku, l.location_id AS "locationId", ${quantities("l")} AS is, ${quantities("s")} AS sum
     FROM (
       SELECT * FROM inventory_levels WHERE (sku, location_id) > ($1, $2) ORDER BY sku, location_id LIMIT $3
     ) l CROSS JOIN LATERAL (
       SELECT coalesce(sum(t.on_hand), 0) AS on_hand, coalesce(sum(t.allocated), 0) AS allocated,
         coalesce(sum(t.reserved), 0) AS reserved, coalesce(sum(t.damaged), 0) AS damaged,
         coalesce(sum(t.in_transit_in), 0) AS in_transit_in, coalesce(sum(t.in_transit_out), 0) AS in_transit_out
       FROM inventory_transactions t WHERE t.sku = l.sku AND t.location_id = l.location_id
     ) s ORDER BY l.sku, l.location_id`,
    [after.sku, after.locationId, LEVELS_AT_ONCE],
  );
  return rows;
}

/** Transactions whose level is not there: it was taken away, or never made. */
async function* strays(tx: Statements): AsyncGenerator<LevelKey & { rows: number }> {
  const { rows: ends } = await tx.query<{ last: number | null }>(
    "SELECT max(id) AS last FROM inventory_transactions",
  );
  const last = ends[0]?.last ?? 0;
  for (let from = 1; from <= last; from += PAGE_ROWS) {
    const { rows } = await tx.query<LevelKey & { rows: number }>(
      `SELECT t.sku, t.location_id AS "locationId", count(*) AS rows FROM inventory_transactions t
       WHERE t.id >= $1 AND t.id < $1 + $2::bigint AND NOT t.note AND NOT EXISTS (
         SELECT 1 FROM inventory_levels l WHERE l.sku = t.sku AND l.location_id = t.location_id)
       GROUP BY t.sku, t.location_id`,
      [from, PAGE_ROWS],
    );
    yield* rows;
  }
}
