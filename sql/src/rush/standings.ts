// How shoppers of a rush stand with their holds: for tries that PostgreSQL refused, and for a gateway that answers by
// itself while all units are taken.
import { HOLD_COLUMNS, type HoldRow } from "../holds/hold-row.ts";
import type { Statements } from "../truth.ts";

export interface RushStanding {
  shopper: string;
  /** Sold to this shopper. */
  bought: number;
  /** The shopper's live hold, if any. */
  live: HoldRow | null;
}

export async function readRushStandings(
  truth: Statements,
  saleId: string,
  shoppers: readonly string[],
): Promise<Map<string, RushStanding>> {
  const { rows } = await truth.query<HoldRow>(
    `SELECT ${HOLD_COLUMNS} FROM holds h JOIN sales s ON s.id = h.sale_id
     WHERE h.sale_id = $1 AND h.shopper = ANY($2)
       AND h.state IN ('active', 'pending', 'confirmed', 'allocated')`,
    [saleId, shoppers],
  );
  const standings = new Map<string, RushStanding>();
  for (const row of rows) {
    const standing = standings.get(row.shopper) ?? { shopper: row.shopper, bought: 0, live: null };
    if (row.state === "active" || row.state === "pending") standing.live = row;
    else standing.bought++;
    standings.set(row.shopper, standing);
  }
  return standings;
}

/**
 * Keys of the shoppers who hold or have bought a unit.
 * @param limit how many are read at most
 */
export async function readHolderKeys(truth: Statements, saleId: string, limit: number): Promise<string[]> {
  const { rows } = await truth.query<{ key: string }>(
    `SELECT e.shopper_key AS key FROM units u JOIN holds h ON h.hold_id = u.hold_id
       JOIN entries e ON e.entry_id = h.entry_id
     WHERE u.sale_id = $1 AND u.state IN ('held', 'sold') LIMIT $2`,
    [saleId, limit],
  );
  return rows.map((row) => row.key);
}
