// The statements of one admission tick, all in one transaction under the sale's row lock: the tokens by
// PostgreSQL's clock, the next winners in ticket order, the units that are really free, and the offers.
import type { Phase } from "@dropgate/contracts/states/phase";
import type { Statements } from "../truth.ts";

/** What a tick needs of its sale. Times are judged by `now`, PostgreSQL's clock after the lock. */
export interface TickSale {
  saleId: string;
  tag: string;
  sku: string;
  /** Whence the units come; null: the sale brings its own. */
  locationId: string | null;
  kind: "lottery" | "rush";
  phase: Phase;
  version: number;
  laneCount: number;
  poolCount: number;
  limitPerShopper: number;
  claimWindowSeconds: number;
  ratePerSecond: number;
  burst: number;
  tokens: number;
  tokensAt: Date;
  serving: number;
  drawnTo: number;
  nextBucket: number;
  lobbyAt: Date;
  drawAt: Date;
  opensAt: Date;
  closesAt: Date;
  now: Date;
}

/**
 * Locks the sale for a tick; null when another worker has it. `FOR NO KEY UPDATE`: a plain `FOR UPDATE`
 * fights with the foreign key of every row that names the sale.
 */
export async function lockSale(
  tx: Statements,
  saleId: string,
  whenLocked: "skip" | "wait",
): Promise<TickSale | null> {
  const locked = await tx.query(
    `SELECT 1 FROM sales WHERE id = $1 FOR NO KEY UPDATE${whenLocked === "skip" ? " SKIP LOCKED" : ""}`,
    [saleId],
  );
  if (locked.rowCount !== 1) return null;
  const { rows } = await tx.query<TickSale>(
    `SELECT id AS "saleId", tag, sku, location_id AS "locationId", kind, phase, version, lane_count AS "laneCount", pool_count AS "poolCount",
       limit_per_shopper AS "limitPerShopper", claim_window_seconds AS "claimWindowSeconds",
       rate_per_second AS "ratePerSecond", burst, tokens, tokens_at AS "tokensAt", serving, drawn_to AS "drawnTo",
       next_bucket AS "nextBucket", lobby_at AS "lobbyAt", draw_at AS "drawAt", opens_at AS "opensAt",
       closes_at AS "closesAt", clock_timestamp() AS now
     FROM sales WHERE id = $1`,
    [saleId],
  );
  return rows[0] ?? null;
}

export interface Winner {
  entryId: string;
  shopper: string;
  shopperKey: string;
  ticket: number;
  rejoin: boolean;
  /** The lowest free one of the shopper's 1…limit; null: at the limit. */
  slot: number | null;
}

/**
 * The next in line, locked: entries that came back after a missed offer first, then tickets above `serving`,
 * both in ticket order. Whoever left while we waited for a lock is not among them.
 * @param setAside entries that are not asked for, though they wait
 */
export async function lockWinners(
  tx: Statements,
  sale: TickSale,
  count: number,
  setAside: readonly string[],
): Promise<Winner[]> {
  const slot = `(SELECT min(n) FROM generate_series(1, $2::int) AS n WHERE NOT EXISTS (
      SELECT 1 FROM holds h WHERE h.sale_id = e.sale_id AND h.shopper = e.shopper AND h.slot = n
        AND h.state IN ('offered', 'active', 'pending', 'confirmed', 'allocated')))`;
  const columns = `e.entry_id AS "entryId", e.shopper, e.shopper_key AS "shopperKey", t.ticket, ${slot} AS slot`;
  const back = await tx.query<Winner>(
    `SELECT ${columns}, true AS rejoin FROM entries e JOIN tickets t ON t.entry_id = e.entry_id
     WHERE e.sale_id = $1 AND e.rejoined_at IS NOT NULL AND e.state = 'waiting' AND e.entry_id <> ALL ($4)
     ORDER BY t.ticket LIMIT $3 FOR NO KEY UPDATE OF e`,
    [sale.saleId, sale.limitPerShopper, count, setAside],
  );
  if (back.rows.length >= count) return back.rows;
  const next = await tx.query<Winner>(
    `SELECT ${columns}, false AS rejoin FROM tickets t JOIN entries e ON e.entry_id = t.entry_id
     WHERE t.sale_id = $1 AND t.ticket > $4 AND t.ticket <= $5 AND e.state = 'waiting' AND e.entry_id <> ALL ($6)
     ORDER BY t.ticket LIMIT $3 FOR NO KEY UPDATE OF e`,
    [sale.saleId, sale.limitPerShopper, count - back.rows.length, sale.serving, sale.drawnTo, setAside],
  );
  return [...back.rows, ...next.rows];
}

/** Entries of shoppers who have all they may: they become final and hold nobody up. */
export async function endAtLimit(tx: Statements, saleId: string, entryIds: readonly string[]): Promise<void> {
  if (entryIds.length === 0) return;
  await tx.query(
    `WITH gone AS (
       UPDATE entries SET state = 'left', rev = rev + 1, rejoined_at = NULL
       WHERE entry_id = ANY($2) AND state = 'waiting' RETURNING entry_id
     )
     INSERT INTO ledger (sale_id, act, entry_id, actor) SELECT $1, 'entry.limit', entry_id, 'worker' FROM gone`,
    [saleId, entryIds],
  );
}

/**
 * Which of these units are free, locked so that nobody else gives them away. One that was taken from a pool which it
 * has left since is not: its new pool gives it away.
 */
export async function lockFreeUnits(
  tx: Statements,
  saleId: string,
  takes: readonly { unit: number; lane: number }[],
): Promise<Set<number>> {
  // `= ANY` and not a join: of a young sale, whose units PostgreSQL has not counted yet, it reads all that are free and
  // compares each with each of the list: 220 ms for 500.
  const { rows } = await tx.query<{ unit: number; lane: number }>(
    `SELECT unit, lane FROM units WHERE sale_id = $1 AND unit = ANY($2) AND state = 'free'
     ORDER BY unit FOR NO KEY UPDATE SKIP LOCKED`,
    [saleId, takes.map((take) => take.unit)],
  );
  const laneOf = new Map(rows.map(({ unit, lane }) => [unit, lane]));
  return new Set(takes.filter(({ unit, lane }) => laneOf.get(unit) === lane).map(({ unit }) => unit));
}

export interface NewOffer {
  holdId: string;
  unit: number;
  winner: Winner & { slot: number };
}

/**
 * Makes the offers: holds, units, entries and ledger in one statement. Each part goes by the list of offers and not
 * by what the first one made, for either all of it stands or nothing does. The planner is not shown how long the list
 * is (hence the inner SELECTs): where it sees hundreds it reads all of `entries` to join them, which is cheap for a
 * thousand people and 40 ms of the tick for fifty thousand; by key it costs the same for any crowd.
 * @returns how many holds were made; fewer than asked means that a constraint refused some, and nothing of
 *   this may be committed
 */
export async function insertOffers(
  tx: Statements,
  sale: TickSale,
  offers: readonly NewOffer[],
): Promise<number> {
  const { rows } = await tx.query<{ holds: number; units: number; entries: number }>(
    `WITH offer AS (
       SELECT * FROM unnest((SELECT $2::text[]), (SELECT $3::int[]), (SELECT $4::text[]), (SELECT $5::text[]),
         (SELECT $6::int[]), (SELECT $7::bigint[]), (SELECT $8::bool[]))
       AS o(hold_id, unit, entry_id, shopper, slot, ticket, rejoin)
     ), made AS (
       INSERT INTO holds (hold_id, sale_id, entry_id, shopper, unit, slot, state, claim_by)
       SELECT hold_id, $1, entry_id, shopper, unit, slot, 'offered', clock_timestamp() + $9 * interval '1 second'
       FROM offer ORDER BY ticket
       ON CONFLICT DO NOTHING RETURNING 1
     ), held AS (
       UPDATE units SET state = 'held', hold_id = ($2::text[])[array_position($3::int[], unit)]
       WHERE sale_id = $1 AND unit = ANY($3::int[]) AND state = 'free' RETURNING 1
     ), offered AS (
       UPDATE entries e SET state = 'offered', rev = e.rev + 1, hold_id = o.hold_id, rejoined_at = NULL FROM offer o
       WHERE e.entry_id = o.entry_id AND e.state = 'waiting' RETURNING 1
     ), told AS (
       INSERT INTO ledger (sale_id, act, unit, hold_id, entry_id, actor, data)
       SELECT $1, 'offered', unit, hold_id, entry_id, 'worker',
         jsonb_build_object('ticket', ticket, 'slot', slot, 'rejoin', rejoin)
       FROM offer ORDER BY rejoin DESC, ticket
     )
     SELECT (SELECT count(*) FROM made) AS holds, (SELECT count(*) FROM held) AS units,
       (SELECT count(*) FROM offered) AS entries`,
    [
      sale.saleId,
      offers.map((o) => o.holdId),
      offers.map((o) => o.unit),
      offers.map((o) => o.winner.entryId),
      offers.map((o) => o.winner.shopper),
      offers.map((o) => o.winner.slot),
      offers.map((o) => o.winner.ticket),
      offers.map((o) => o.winner.rejoin),
      sale.claimWindowSeconds,
    ],
  );
  const done = rows[0];
  const whole = [done?.holds, done?.units, done?.entries].every((count) => count === offers.length);
  return whole ? offers.length : -1;
}

/** Stores what the tick spent and how far the line has moved. */
export async function advanceSale(
  tx: Statements,
  saleId: string,
  to: { tokens: number; tokensAt: Date; serving: number },
): Promise<void> {
  await tx.query(
    "UPDATE sales SET tokens = $2, tokens_at = $3, serving = greatest(serving, $4) WHERE id = $1",
    [saleId, to.tokens, to.tokensAt, to.serving],
  );
}

/** Which of these holds exist: a pending take of one that does not was never anybody's. */
export async function knownHolds(tx: Statements, holdIds: readonly string[]): Promise<Set<string>> {
  if (holdIds.length === 0) return new Set();
  const { rows } = await tx.query<{ holdId: string }>(
    `SELECT hold_id AS "holdId" FROM holds WHERE hold_id = ANY($1)`,
    [holdIds],
  );
  return new Set(rows.map((row) => row.holdId));
}

/** Who has a unit according to PostgreSQL, for units whose record in Redis proved wrong. */
export interface UnitTruth {
  unit: number;
  lane: number;
  state: "free" | "held" | "sold" | "returned";
  holdId: string | null;
}

export async function readUnits(
  tx: Statements,
  saleId: string,
  units: readonly number[],
): Promise<UnitTruth[]> {
  const { rows } = await tx.query<UnitTruth>(
    `SELECT unit, lane, state, hold_id AS "holdId" FROM units WHERE sale_id = $1 AND unit = ANY($2) ORDER BY unit`,
    [saleId, units],
  );
  return rows;
}
