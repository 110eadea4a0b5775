// A page of levels beside what they should be: the sum of their ledger, and what orders have of them. In one statement,
// so that all of it is of one moment.
import type { Quantities } from "@dropgate/contracts/inventory";
import type { LevelKey } from "../levels/level-row.ts";
import type { Statements } from "../truth.ts";

export interface ComparedLevel extends LevelKey {
  rev: number;
  is: Quantities;
  /** By the ledger. */
  ledger: Quantities;
  /** By the orders that are not picked yet, and the unsold units of sales. */
  promises: Pick<Quantities, "reserved" | "allocated">;
}

function quantities(from: string): string {
  return `json_build_object('onHand', ${from}.on_hand, 'allocated', ${from}.allocated, 'reserved', ${from}.reserved,
    'damaged', ${from}.damaged, 'inTransitIn', ${from}.in_transit_in, 'inTransitOut', ${from}.in_transit_out)`;
}

const COMPARED = `, unsold AS MATERIALIZED (
    -- The units that a sale took from its level and has not sold or given back.
    SELECT p.sku, p.location_id, count(*) AS units
    FROM place p JOIN sales s USING (sku, location_id)
    JOIN units u ON u.sale_id = s.id AND u.state IN ('free', 'held')
    GROUP BY p.sku, p.location_id
  )
  SELECT l.sku, l.location_id AS "locationId", l.rev, ${quantities("l")} AS is,
    ${quantities("s")} AS ledger, json_build_object('reserved', p.reserved + coalesce(u.units, 0), 'allocated', p.allocated) AS promises
  FROM place JOIN inventory_levels l USING (sku, location_id)
  CROSS JOIN LATERAL (
    SELECT coalesce(sum(t.on_hand), 0) AS on_hand, coalesce(sum(t.allocated), 0) AS allocated,
      coalesce(sum(t.reserved), 0) AS reserved, coalesce(sum(t.damaged), 0) AS damaged,
      coalesce(sum(t.in_transit_in), 0) AS in_transit_in, coalesce(sum(t.in_transit_out), 0) AS in_transit_out
    FROM inventory_transactions t WHERE t.sku = l.sku AND t.location_id = l.location_id
  ) s CROSS JOIN LATERAL (
    SELECT coalesce(sum(n.quantity - n.picked - n.released) FILTER (WHERE r.state <> 'allocated'), 0) AS reserved,
      coalesce(sum(n.quantity - n.picked - n.released) FILTER (WHERE r.state = 'allocated'), 0) AS allocated
    FROM reservation_lines n JOIN reservations r ON r.id = n.reservation_id
    WHERE n.sku = l.sku AND n.location_id = l.location_id AND n.picked + n.released < n.quantity
  ) p LEFT JOIN unsold u ON u.sku = l.sku AND u.location_id = l.location_id
  ORDER BY l.sku, l.location_id`;

/** @param sku null: of all */
export async function compareLevelsAfter(
  tx: Statements,
  sku: string | null,
  after: LevelKey,
  limit: number,
): Promise<ComparedLevel[]> {
  const { rows } = await tx.query<ComparedLevel>(
    `WITH place AS MATERIALIZED (
       SELECT sku, location_id FROM inventory_levels
       WHERE (sku, location_id) > ($1, $2) AND ($3::text IS NULL OR sku = $3)
       ORDER BY sku, location_id LIMIT $4
     ) ${COMPARED}`,
    [after.sku, after.locationId, sku, limit],
  );
  return rows;
}

/** Those levels; a caller that repairs has locked them. */
export async function compareLevels(tx: Statements, keys: readonly LevelKey[]): Promise<ComparedLevel[]> {
  const { rows } = await tx.query<ComparedLevel>(
    `WITH place AS MATERIALIZED (
       SELECT DISTINCT k.sku COLLATE "C" AS sku, k.id COLLATE "C" AS location_id
       FROM unnest($1::text[], $2::text[]) AS k(sku, id)
     ) ${COMPARED}`,
    [keys.map(({ sku }) => sku), keys.map(({ locationId }) => locationId)],
  );
  return rows;
}
