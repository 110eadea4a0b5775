// Finds entries by what somebody who asks for help has in hand. Each way is by an index, of one sale or of all.
import type { StoredEntryState } from "@dropgate/contracts/states/entry";
import type { Phase } from "@dropgate/contracts/states/phase";
import type { Statements } from "../truth.ts";

export interface FoundEntryRow {
  entryId: string;
  saleId: string;
  saleTitle: string;
  phase: Phase;
  state: StoredEntryState;
  ticket: number | null;
  shopper: string;
  attempt: number;
  /** Of an entry that has a hold, and what hangs on it. */
  holdId: string | null;
  unit: number | null;
  orderId: string | null;
  joinedAt: Date;
  /** Of a dry run's copy. */
  rehearsal: boolean;
}

const FOUND_SELECT = `SELECT e.entry_id AS "entryId", e.sale_id AS "saleId", s.title AS "saleTitle", s.phase, e.state,
    (SELECT ticket FROM tickets t WHERE t.entry_id = e.entry_id) AS ticket, e.shopper, e.attempt,
    h.hold_id AS "holdId", h.unit, h.order_id AS "orderId", e.joined_at AS "joinedAt", s.rehearsal
  FROM entries e JOIN sales s ON s.id = e.sale_id
    LEFT JOIN holds h ON h.hold_id = e.hold_id AND e.state IN ('offered', 'held', 'purchased')`;

export interface EntrySearch {
  q: string;
  /** `q` as a ticket; null: it is no number that could be one. */
  ticket: number | null;
  /** Of this sale alone. */
  saleId: string | null;
}

export interface EntryCursor {
  /** joined_at in microseconds since 1970, digits. */
  joinedMicros: string;
  id: string;
}

/** The newest first; @returns with each the cursor that begins behind it */
export async function searchEntries(
  truth: Statements,
  { q, ticket, saleId }: EntrySearch,
  after: EntryCursor | null,
  limit: number,
): Promise<{ entry: FoundEntryRow; cursor: EntryCursor }[]> {
  const micros = "(extract(epoch FROM e.joined_at) * 1000000)::bigint";
  const { rows } = await truth.query<FoundEntryRow & { joinedMicros: number }>(
    `WITH place AS (
       SELECT id FROM sales WHERE $3::text IS NULL OR id = $3
     ), wanted AS (
       SELECT entry_id FROM entries WHERE entry_id = $1
       UNION SELECT entry_id FROM holds WHERE hold_id = $1
       UNION SELECT h.entry_id FROM orders o JOIN holds h ON h.hold_id = o.hold_id WHERE o.order_id = $1
       UNION SELECT t.entry_id FROM place p JOIN tickets t ON t.sale_id = p.id AND t.ticket = $2
       UNION SELECT w.entry_id FROM place p CROSS JOIN (VALUES ('m:' || $1), ('c:' || $1)) AS who(shopper)
         JOIN entries w ON w.sale_id = p.id AND w.shopper = who.shopper
     )
     ${FOUND_SELECT.replace("SELECT", `SELECT ${micros} AS "joinedMicros",`)}
     WHERE e.entry_id IN (SELECT entry_id FROM wanted) AND ($3::text IS NULL OR e.sale_id = $3)
       AND ($4::bigint IS NULL OR (${micros}, e.entry_id) < ($4::bigint, $5))
     ORDER BY ${micros} DESC, e.entry_id DESC LIMIT $6`,
    [q, ticket, saleId, after?.joinedMicros ?? null, after?.id ?? "", limit],
  );
  return rows.map(({ joinedMicros, ...entry }) => ({
    entry,
    cursor: { joinedMicros: String(joinedMicros), id: entry.entryId },
  }));
}

export async function readFoundEntry(truth: Statements, entryId: string): Promise<FoundEntryRow | null> {
  const { rows } = await truth.query<FoundEntryRow>(`${FOUND_SELECT} WHERE e.entry_id = $1`, [entryId]);
  return rows[0] ?? null;
}

/** The same shopper's entries in the same sale, by attempt. */
export async function readOtherEntries(
  truth: Statements,
  entryId: string,
): Promise<{ entryId: string; attempt: number; state: StoredEntryState }[]> {
  const { rows } = await truth.query<{ entryId: string; attempt: number; state: StoredEntryState }>(
    `SELECT o.entry_id AS "entryId", o.attempt, o.state
     FROM entries e JOIN entries o ON o.sale_id = e.sale_id AND o.shopper = e.shopper AND o.entry_id <> e.entry_id
     WHERE e.entry_id = $1 ORDER BY o.attempt`,
    [entryId],
  );
  return rows;
}

/** A row of the ledger, as an entry's story needs it. */
export interface StoryRow {
  at: Date;
  act: string;
  unit: number | null;
  holdId: string | null;
  actor: string;
  /** Of an operator of the console. */
  actorName: string | null;
  data: Record<string, unknown>;
}

/** What became of an entry, in order: its joining, the draw of its ticket, and all that the ledger says of it. */
export async function readStory(
  truth: Statements,
  entryId: string,
): Promise<{ drawnAt: Date | null; bucket: number; rows: StoryRow[] }> {
  const [drawn, ledger] = await Promise.all([
    truth.query<{ bucket: number; drawnAt: Date | null }>(
      `SELECT e.bucket, (SELECT b.sealed_at FROM tickets t
         JOIN draw_buckets b ON b.sale_id = t.sale_id AND b.bucket = t.bucket
         WHERE t.entry_id = e.entry_id) AS "drawnAt"
       FROM entries e WHERE e.entry_id = $1`,
      [entryId],
    ),
    truth.query<StoryRow>(
      `SELECT at, act, unit, hold_id AS "holdId", actor, data, (SELECT o.name FROM operators o
         WHERE starts_with(actor, 'operator:') AND o.id = substr(actor, 10)) AS "actorName"
       FROM ledger WHERE entry_id = $1 ORDER BY id`,
      [entryId],
    ),
  ]);
  const { bucket = 0, drawnAt = null } = drawn.rows[0] ?? {};
  return { bucket, drawnAt, rows: ledger.rows };
}
