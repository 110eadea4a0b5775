// The holds of a rush, many shoppers in one statement: entry, hold, unit and ledger together, at once active. Which
// units are free, who is below the limit and whether the sale sells is judged here and nowhere else.
import { HEARTBEAT_GAP_MS } from "@dropgate/contracts/limits";
import type { Statements } from "../truth.ts";

/** A try that has a token and a unit: what PostgreSQL is asked to make of it. */
export interface RushAsk {
  holdId: string;
  unit: number;
  /** The pool it was taken from: a unit that has left it since is not given. */
  pool: number;
  entryId: string;
  shopper: string;
  shopperKey: string;
  lane: number;
  attempt: number;
}

export interface MadeHold {
  holdId: string;
  slot: number;
  /** When it began, by PostgreSQL's clock; its window runs from there. */
  offeredAt: Date;
  expiresAt: Date;
}

export interface RushInserted {
  /** Whether the sale sells and the service's heartbeat is fresh; false: nothing was made. */
  open: boolean;
  made: MadeHold[];
  /** False: a constraint refused a part of some row, and nothing of this may be committed. */
  whole: boolean;
}

/**
 * Asks that are refused (a unit that is not free, a shopper at the limit or with another live entry, a hold id that
 * was declared void) are simply not made; the others are.
 *
 * The sale's row is read, not locked: a lock that every batch shares would keep the worker's tick, which skips a locked
 * sale, from its turn. A close or pause that commits in these milliseconds is answered as if it came just after; units
 * cannot be in two hands whatever the order, for both want the unit's row.
 */
export async function insertRushHolds(
  tx: Statements,
  saleId: string,
  asks: readonly RushAsk[],
): Promise<RushInserted> {
  const { rows } = await tx.query<{
    open: boolean;
    entries: number;
    units: number;
    made: { holdId: string; slot: number; offeredAt: string; expiresAt: string }[];
  }>(
    `WITH ask AS (
       SELECT * FROM unnest($2::text[], $3::int[], $4::text[], $5::text[], $6::text[], $7::smallint[], $8::int[],
         $10::smallint[]) AS a(hold_id, unit, entry_id, shopper, shopper_key, lane, attempt, pool)
     ), open AS (
       SELECT s.limit_per_shopper AS "limit", clock_timestamp() AS at,
         clock_timestamp() + s.purchase_window_seconds * interval '1 second' AS until
       FROM sales s, service_heartbeat b
       WHERE s.id = $1 AND s.kind = 'rush' AND s.phase IN ('live', 'sold_out')
         AND clock_timestamp() - b.beat_at < $9 * interval '1 millisecond'
     ), free AS (
       SELECT u.unit FROM ask a JOIN units u ON u.unit = a.unit AND u.lane = a.pool, open
       WHERE u.sale_id = $1 AND u.state = 'free'
       ORDER BY u.unit FOR NO KEY UPDATE OF u SKIP LOCKED
     ), able AS (
       SELECT DISTINCT ON (a.shopper) a.*, slots.slot, open.at, open.until
       FROM ask a JOIN free ON free.unit = a.unit CROSS JOIN open CROSS JOIN LATERAL (
         SELECT min(n) AS slot FROM generate_series(1, open."limit") AS n WHERE NOT EXISTS (
           SELECT 1 FROM holds h WHERE h.sale_id = $1 AND h.shopper = a.shopper AND h.slot = n
             AND h.state IN ('offered', 'active', 'pending', 'confirmed', 'allocated'))) slots
       WHERE slots.slot IS NOT NULL AND NOT EXISTS (SELECT 1 FROM holds v WHERE v.hold_id = a.hold_id)
     ), came AS (
       INSERT INTO entries (entry_id, sale_id, lane, shopper, shopper_key, attempt, state, rev, bucket, seq, hold_id)
       SELECT entry_id, $1, lane, shopper, shopper_key, attempt, 'held', 1, 0, nextval('rush_entries'), hold_id
       FROM able ON CONFLICT DO NOTHING RETURNING entry_id
     ), made AS (
       INSERT INTO holds (hold_id, sale_id, entry_id, shopper, unit, slot, state, offered_at, published_at, claim_by,
         claimed_at, expires_at)
       SELECT hold_id, $1, entry_id, shopper, unit, slot, 'active', at, at, at, at, until
       FROM able JOIN came USING (entry_id)
       ON CONFLICT DO NOTHING RETURNING hold_id, entry_id, unit, slot, offered_at, expires_at
     ), held AS (
       UPDATE units u SET state = 'held', hold_id = made.hold_id FROM made
       WHERE u.sale_id = $1 AND u.unit = made.unit AND u.state = 'free' RETURNING 1
     ), told AS (
       INSERT INTO ledger (sale_id, act, unit, hold_id, entry_id, actor, data)
       SELECT $1, 'attempted', unit, hold_id, entry_id, 'shopper', jsonb_build_object('slot', slot) FROM made
     )
     SELECT EXISTS (SELECT 1 FROM open) AS open, (SELECT count(*) FROM came) AS entries,
       (SELECT count(*) FROM held) AS units,
       (SELECT coalesce(json_agg(json_build_object('holdId', hold_id, 'slot', slot, 'offeredAt', offered_at,
          'expiresAt', expires_at)), '[]') FROM made) AS made`,
    [
      saleId,
      asks.map((ask) => ask.holdId),
      asks.map((ask) => ask.unit),
      asks.map((ask) => ask.entryId),
      asks.map((ask) => ask.shopper),
      asks.map((ask) => ask.shopperKey),
      asks.map((ask) => ask.lane),
      asks.map((ask) => ask.attempt),
      HEARTBEAT_GAP_MS,
      asks.map((ask) => ask.pool),
    ],
  );
  const done = rows[0] ?? { open: false, entries: 0, units: 0, made: [] };
  return {
    open: done.open,
    made: done.made.map(({ holdId, slot, offeredAt, expiresAt }) => ({
      holdId,
      slot,
      offeredAt: new Date(offeredAt),
      expiresAt: new Date(expiresAt),
    })),
    whole: done.entries === done.made.length && done.units === done.made.length,
  };
}
