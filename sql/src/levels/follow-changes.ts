// What was changed of stock since it was last followed, in the order of transactions and only as far as none can
// still commit in between, as pages are closed. The cursor is one row: whoever follows moves it on when the rest of
// the world was told, so a follower that dies has told some of it twice and left nothing out.
import type { Prepared, Statements } from "../truth.ts";
import type { LevelRow, MirroredLevel } from "./level-row.ts";

/** What of a level's row there is to tell. */
export type FollowedLevel = MirroredLevel & Pick<LevelRow, "reorderPoint">;

export interface Changes {
  /** Up to where these go; null when there are none. */
  toTx: string | null;
  /** Whether there were more than were read. */
  isMore: boolean;
  /** The levels that changed, as they are now. */
  levels: FollowedLevel[];
  /** SKUs whose product changed. */
  products: string[];
}

// Each level by its key: as a join, all levels were read for a few hundred that had changed.
const READ_CHANGES: Prepared = {
  name: "read-stock-changes",
  text: `WITH last AS (
       -- A database that was restored into another server counts its transactions anew.
       SELECT least(tx, pg_snapshot_xmin(pg_current_snapshot())) AS tx FROM stock_following
     ), full_at AS (
       SELECT t.tx FROM inventory_transactions t WHERE t.tx >= (SELECT tx FROM last)
       ORDER BY t.tx, t.id OFFSET $1 LIMIT 1
     ), bound AS (
       SELECT least(pg_snapshot_xmin(pg_current_snapshot()), (
         SELECT t.tx FROM inventory_transactions t WHERE t.tx > (SELECT tx FROM full_at)
         ORDER BY t.tx LIMIT 1)) AS to_tx
     ), touched AS (
       SELECT DISTINCT t.sku, t.location_id FROM inventory_transactions t
       WHERE t.tx >= (SELECT tx FROM last) AND t.tx < (SELECT to_tx FROM bound)
     )
     SELECT b.to_tx::text AS "toTx", EXISTS (SELECT 1 FROM full_at) AS "isMore", d.sku AS touched, l.*
     FROM touched d CROSS JOIN bound b
     LEFT JOIN LATERAL (
       SELECT l.sku, l.location_id AS "locationId", l.rev, l.on_hand AS "onHand", l.allocated, l.reserved,
         l.safety_stock AS "safetyStock", l.sellable, l.reorder_point AS "reorderPoint"
       FROM inventory_levels l WHERE l.sku = d.sku AND l.location_id = d.location_id LIMIT 1) l ON true`,
};

/** @param rowsMax rows of the ledger; a transaction's are taken together, though it has more */
export async function readChanges(truth: Statements, rowsMax: number): Promise<Changes> {
  const { rows } = await truth.query<
    { toTx: string; isMore: boolean; touched: string | null } & FollowedLevel
  >(READ_CHANGES, [rowsMax]);
  return {
    toTx: rows[0]?.toTx ?? null,
    isMore: rows[0]?.isMore ?? false,
    // Of a left join the key is null where there is no level: a note of a product, or of a level that is yet to be.
    levels: rows.filter(({ sku }) => sku !== null),
    products: rows.flatMap(({ sku, touched }) => (sku === null && touched !== null ? [touched] : [])),
  };
}

/** Two at once, or one that comes late, move it to the later of both. */
export async function moveCursor(truth: Statements, toTx: string): Promise<void> {
  await truth.query(
    `UPDATE stock_following SET tx = $1::xid8
     WHERE tx < $1::xid8 OR tx > pg_snapshot_xmin(pg_current_snapshot())`,
    [toTx],
  );
}
