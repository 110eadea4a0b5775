// An entry as PostgreSQL has it, with what its card and its public form need of hold, ticket and sale.
import type { StoredEntryState } from "@dropgate/contracts/states/entry";
import type { Phase } from "@dropgate/contracts/states/phase";
import type { Statements } from "../truth.ts";

export interface EntryRow {
  entryId: string;
  saleId: string;
  lane: number;
  shopper: string;
  shopperKey: string;
  attempt: number;
  state: StoredEntryState;
  rev: number;
  misses: number;
  bucket: number;
  seq: number;
  rejoinedAt: Date | null;
  ticket: number | null;
  holdId: string | null;
  claimBy: Date | null;
  expiresAt: Date | null;
  /** Units of this sale that the shopper has bought. */
  bought: number;
  phase: Phase;
}

/**
 * Ticket and hold are looked up for each entry by itself (`OFFSET 0` keeps the planner from making a join of it): a page
 * of 500 entries would else read the tickets of everybody.
 */
const ENTRY_SELECT = `SELECT e.entry_id AS "entryId", e.sale_id AS "saleId", e.lane, e.shopper,
    e.shopper_key AS "shopperKey", e.attempt, e.state, e.rev, e.misses, e.bucket, e.seq,
    e.rejoined_at AS "rejoinedAt", (SELECT ticket FROM tickets t WHERE t.entry_id = e.entry_id) AS ticket,
    e.hold_id AS "holdId", h.claim_by AS "claimBy", h.expires_at AS "expiresAt", s.phase,
    (SELECT count(*) FROM holds b WHERE b.sale_id = e.sale_id AND b.shopper = e.shopper
       AND b.state IN ('confirmed', 'allocated')) AS bought
  FROM entries e JOIN sales s ON s.id = e.sale_id
    LEFT JOIN LATERAL (SELECT claim_by, expires_at FROM holds WHERE hold_id = e.hold_id OFFSET 0) h ON true`;

export async function readEntries(truth: Statements, entryIds: readonly string[]): Promise<EntryRow[]> {
  // The inner SELECT hides how many there are: for hundreds the planner would read all tickets to join them.
  const { rows } = await truth.query<EntryRow>(
    `${ENTRY_SELECT} WHERE e.entry_id = ANY((SELECT $1::text[])::text[])`,
    [entryIds],
  );
  return rows;
}

export async function lockEntry(tx: Statements, entryId: string): Promise<EntryRow | null> {
  const { rows } = await tx.query<EntryRow>(`${ENTRY_SELECT} WHERE e.entry_id = $1 FOR NO KEY UPDATE OF e`, [
    entryId,
  ]);
  return rows[0] ?? null;
}

/**
 * A page of a lane's entries in the order of their arrival, for filling a lane's cards: a shopper's later
 * attempt comes after the earlier ones and takes their place.
 * @param afterSeq the last page's last sequence number, or 0
 */
export async function readLaneEntries(
  truth: Statements,
  saleId: string,
  lane: number,
  afterSeq: number,
  limit: number,
): Promise<EntryRow[]> {
  const { rows } = await truth.query<EntryRow>(
    `${ENTRY_SELECT} WHERE e.sale_id = $1 AND e.lane = $2 AND e.seq > $3 ORDER BY e.seq LIMIT $4`,
    [saleId, lane, afterSeq, limit],
  );
  return rows;
}

/** Writes the coming back of an entry that the caller has locked and found missed once. */
export async function writeRejoin(tx: Statements, entry: EntryRow): Promise<EntryRow> {
  const { rows } = await tx.query<{ rev: number; rejoinedAt: Date }>(
    `WITH back AS (
       UPDATE entries SET state = 'waiting', rejoined_at = clock_timestamp(), rev = rev + 1
       WHERE entry_id = $1 AND state = 'missed' AND misses = 1 RETURNING sale_id, entry_id, rev, rejoined_at
     ), told AS (
       INSERT INTO ledger (sale_id, act, entry_id, actor) SELECT sale_id, 'entry.rejoined', entry_id, 'shopper' FROM back
     )
     SELECT rev, rejoined_at AS "rejoinedAt" FROM back`,
    [entry.entryId],
  );
  const back = rows[0];
  if (!back) throw new Error(`entry ${entry.entryId} was locked as missed but could not come back`);
  return { ...entry, state: "waiting", rev: back.rev, rejoinedAt: back.rejoinedAt };
}
