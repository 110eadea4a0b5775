// Takes what there is plenty of in one statement that judges it itself: levels that are promised to no more than half,
// with what is asked for on top. Where one is not so, the whole transaction is not, and each order is judged by itself.
import type { LevelKey, MirroredLevel } from "../levels/level-row.ts";
import { type Prepared, type Statements, sqlState } from "../truth.ts";

const NOT_PLENTY = "DG001";

/** Whether the transaction failed for this alone. */
export function isNotPlenty(error: unknown): boolean {
  return sqlState(error) === NOT_PLENTY;
}

// By itself, so that the next statement sees the levels as they are under the lock.
const LOCK_THERE: Prepared = {
  name: "lock-levels-there",
  text: `SELECT count(*) FROM (
       SELECT 1 FROM inventory_levels l
       WHERE (l.sku, l.location_id) IN (SELECT k.sku, k.id FROM unnest($1::text[], $2::text[]) AS k(sku, id))
       ORDER BY l.sku, l.location_id FOR NO KEY UPDATE) locked`,
};

/** In the one order (lock-levels.ts); none is made. */
export async function lockLevelsThere(tx: Statements, keys: readonly LevelKey[]): Promise<void> {
  await tx.query(LOCK_THERE, [keys.map(({ sku }) => sku), keys.map(({ locationId }) => locationId)]);
}

// Of the lines that were written, so that an order that was there already takes nothing.
const RESERVE_PLENTY: Prepared = {
  name: "reserve-plenty",
  text: `WITH line AS MATERIALIZED (
       SELECT l.reservation_id, l.line, l.sku, l.location_id, l.quantity, o.actor, o.nth
       FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS o(id, actor, nth)
       JOIN reservation_lines l ON l.reservation_id = o.id
     ), move AS MATERIALIZED (
       SELECT sku, location_id, sum(quantity) AS quantity FROM line GROUP BY sku, location_id
     ), moved AS (
       UPDATE inventory_levels l SET reserved = l.reserved + m.quantity, last_updated_at = clock_timestamp(),
         rev = l.rev + 1
       FROM move m
       WHERE l.sku = m.sku AND l.location_id = m.location_id AND l.sellable
         AND (l.reserved + m.quantity) * 2 <= l.on_hand - l.allocated - l.safety_stock
       RETURNING l.sku, l.location_id AS "locationId", l.rev, l.on_hand AS "onHand", l.allocated, l.reserved,
         l.safety_stock AS "safetyStock", l.sellable
     ), told AS (
       INSERT INTO inventory_transactions (type, sku, location_id, reserved, reference_type, reference_id, actor)
       SELECT 'reservation.reserved', sku, location_id, quantity, 'reservation', reservation_id, actor
       FROM line ORDER BY nth, line
     ), counted AS (
       SELECT (SELECT count(*) FROM move) AS wanted, (SELECT count(*) FROM moved) AS done
     )
     SELECT m.*, CASE WHEN c.wanted <> c.done THEN refuse_as('${NOT_PLENTY}', 'not plenty') END AS refused
     FROM counted c LEFT JOIN moved m ON true`,
};

/**
 * Takes what these reservations' lines name; `lockLevelsThere` comes first.
 * @returns the levels as they are now
 * @throws what isNotPlenty knows, at the latest with the commit
 */
export async function takePlenty(
  tx: Statements,
  reservations: readonly { id: string; actor: string }[],
): Promise<MirroredLevel[]> {
  const { rows } = await tx.query<MirroredLevel & { refused: null }>(RESERVE_PLENTY, [
    reservations.map(({ id }) => id),
    reservations.map(({ actor }) => actor),
  ]);
  // Where all orders were there already the one row is empty.
  return rows.filter(({ sku }) => sku !== null).map(({ refused: _refused, ...level }) => level);
}
