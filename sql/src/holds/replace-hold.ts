// The late confirm: the hold has ended, but its very unit is still free, so the shopper who paid gets it
// by a new hold that stands for the old one, at most once.
import type { Statements } from "../truth.ts";
import type { HoldRow } from "./hold-row.ts";

/**
 * Takes the unit of an expired hold again and sells it under `orderId`, which the caller has inserted in this
 * transaction for the new hold. All or nothing: false when the unit, the limit slot, the entry or the
 * one replacement is gone, and then nothing was written.
 * @param newHoldId a fresh id of the unit's lane
 */
export async function replaceHold(
  tx: Statements,
  old: HoldRow,
  newHoldId: string,
  orderId: string,
): Promise<boolean> {
  const { rows } = await tx.query<{ free: boolean }>(
    `SELECT state = 'free' AS free FROM units WHERE sale_id = $1 AND unit = $2 FOR NO KEY UPDATE`,
    [old.saleId, old.unit],
  );
  if (!rows[0]?.free) return false;
  const { rowCount } = await tx.query(
    `WITH slot AS (
       SELECT min(n) AS slot FROM sales s, generate_series(1, s.limit_per_shopper) AS n
       WHERE s.id = $2 AND NOT EXISTS (
         SELECT 1 FROM holds h WHERE h.sale_id = $2 AND h.shopper = $3 AND h.slot = n
           AND h.state IN ('offered', 'active', 'pending', 'confirmed', 'allocated'))
     ), made AS (
       INSERT INTO holds (hold_id, sale_id, entry_id, shopper, unit, slot, state, offered_at, published_at, claim_by,
         claimed_at, expires_at, extended, order_id, replaces)
       SELECT $1, $2, h.entry_id, $3, h.unit, slot.slot, 'confirmed', h.offered_at, clock_timestamp(), h.claim_by,
         h.claimed_at, h.expires_at, h.extended, $4, h.hold_id
       FROM holds h, slot WHERE h.hold_id = $5 AND slot.slot IS NOT NULL
         AND EXISTS (SELECT 1 FROM entries e WHERE e.entry_id = h.entry_id AND e.state = 'expired')
       ON CONFLICT DO NOTHING RETURNING hold_id, sale_id, entry_id, unit
     ), sold AS (
       UPDATE units u SET state = 'sold', hold_id = made.hold_id FROM made
       WHERE u.sale_id = made.sale_id AND u.unit = made.unit
     ), bought AS (
       UPDATE entries e SET state = 'purchased', rev = e.rev + 1, hold_id = made.hold_id FROM made
       WHERE e.entry_id = made.entry_id
     ), told AS (
       INSERT INTO ledger (sale_id, act, unit, hold_id, entry_id, actor, data)
       SELECT sale_id, 'replaced', unit, hold_id, entry_id, 'merchant',
         jsonb_build_object('replaces', $5::text, 'orderId', $4::text) FROM made
     )
     SELECT 1 FROM made`,
    [newHoldId, old.saleId, old.shopper, orderId, old.holdId],
  );
  return rowCount === 1;
}
