// What warehouses told us: taken once by its id, claimed by whoever has the turn, decided or left waiting.
import type { InboxState, WmsEventType } from "@dropgate/contracts/wms";
import type { Statements } from "../truth.ts";

export interface NewEvent {
  eventId: string;
  eventType: WmsEventType;
  locationId: string;
  sequence: number | null;
  happenedAt: Date;
  body: unknown;
  hash: Uint8Array;
}

/** What became of each: `new`, `same` (told before), or `conflict` (another one has its id). */
export type Taken = "new" | "same" | "conflict";

/** @param events each id once */
export async function takeEvents(tx: Statements, events: readonly NewEvent[]): Promise<Map<string, Taken>> {
  if (events.length === 0) return new Map();
  const { rows } = await tx.query<{ eventId: string; isNew: boolean; isSame: boolean }>(
    `INSERT INTO wms_inbox AS i (event_id, event_type, location_id, sequence, happened_at, body, body_hash)
     SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[], $5::timestamptz[], $6::jsonb[], $7::bytea[])
       AS e(event_id, event_type, location_id, sequence, happened_at, body, body_hash)
     ORDER BY e.event_id COLLATE "C"
     ON CONFLICT (event_id) DO UPDATE
       SET duplicates = i.duplicates + CASE WHEN i.body_hash = excluded.body_hash THEN 1 ELSE 0 END
     RETURNING event_id AS "eventId", xmax = 0 AS "isNew",
       body_hash = (SELECT h FROM unnest($1::text[], $7::bytea[]) AS k(id, h) WHERE k.id = event_id) AS "isSame"`,
    [
      events.map((e) => e.eventId),
      events.map((e) => e.eventType),
      events.map((e) => e.locationId),
      events.map((e) => e.sequence),
      events.map((e) => e.happenedAt),
      events.map((e) => JSON.stringify(e.body)),
      events.map((e) => e.hash),
    ],
  );
  return new Map(rows.map((row) => [row.eventId, row.isNew ? "new" : row.isSame ? "same" : "conflict"]));
}

export interface DueEvent {
  eventId: string;
  locationId: string;
  sequence: number | null;
  body: unknown;
  tries: number;
  receivedAt: Date;
}

/**
 * Takes the turn to apply events, for this transaction. One at a time: each takes hundreds, and what they make of the
 * stock depends on those before.
 */
export async function takeTurn(tx: Statements): Promise<boolean> {
  const { rows } = await tx.query<{ mine: boolean }>(
    "SELECT pg_try_advisory_xact_lock(hashtextextended('wms events', 0)) AS mine",
  );
  return rows[0]?.mine === true;
}

/** The caller has the turn. Those of a location that numbers them by number, all others as they came. */
export async function readDueEvents(tx: Statements, limit: number): Promise<DueEvent[]> {
  const { rows } = await tx.query<DueEvent>(
    `SELECT event_id AS "eventId", location_id AS "locationId", sequence, body, tries, received_at AS "receivedAt"
     FROM (
       SELECT * FROM wms_inbox WHERE state = 'waiting' AND next_at <= statement_timestamp()
       ORDER BY next_at LIMIT $1
     ) due ORDER BY location_id, sequence NULLS FIRST, nth`,
    [limit],
  );
  return rows;
}

/** The next number of each of these locations; one that never numbered anything begins at 1. */
export async function readNextSequences(
  tx: Statements,
  locationIds: readonly string[],
): Promise<Map<string, number>> {
  const { rows } = await tx.query<{ locationId: string; next: number }>(
    `SELECT location_id AS "locationId", next_sequence AS next FROM wms_sequences WHERE location_id = ANY($1)`,
    [locationIds],
  );
  return new Map(rows.map(({ locationId, next }) => [locationId, next]));
}

/** And those who wait just for that number are due. */
export async function writeNextSequences(tx: Statements, next: ReadonlyMap<string, number>): Promise<void> {
  if (next.size === 0) return;
  await tx.query(
    `WITH next AS (
       INSERT INTO wms_sequences (location_id, next_sequence)
       SELECT * FROM unnest($1::text[], $2::bigint[])
       ON CONFLICT (location_id) DO UPDATE SET next_sequence = excluded.next_sequence
       RETURNING location_id, next_sequence
     )
     UPDATE wms_inbox i SET next_at = clock_timestamp() FROM next n
     WHERE i.location_id = n.location_id AND i.sequence = n.next_sequence AND i.state = 'waiting'`,
    [[...next.keys()], [...next.values()]],
  );
}

export async function writeApplied(tx: Statements, eventIds: readonly string[]): Promise<void> {
  if (eventIds.length === 0) return;
  await tx.query(
    `UPDATE wms_inbox SET state = 'applied', reason = NULL, tries = tries + 1, decided_at = clock_timestamp()
     WHERE event_id = ANY($1) AND state = 'waiting'`,
    [eventIds],
  );
}

export interface WaitingEvent {
  eventId: string;
  reason: string;
  waitMs: number;
}

export async function writeWaiting(tx: Statements, waiting: readonly WaitingEvent[]): Promise<void> {
  if (waiting.length === 0) return;
  await tx.query(
    `UPDATE wms_inbox i SET reason = w.reason, tries = i.tries + 1,
       next_at = clock_timestamp() + w.ms * interval '1 millisecond'
     FROM unnest($1::text[], $2::text[], $3::int[]) AS w(id, reason, ms)
     WHERE i.event_id = w.id AND i.state = 'waiting'`,
    [waiting.map((w) => w.eventId), waiting.map((w) => w.reason), waiting.map((w) => w.waitMs)],
  );
}

/**
 * What waits is due again: stock or orders changed, by events that were applied. The longest waiting, a batch's worth: the
 * others' time comes by itself.
 */
export async function wakeWaiting(
  tx: Statements,
  locationIds: readonly string[],
  limit: number,
): Promise<void> {
  if (locationIds.length === 0) return;
  await tx.query(
    `UPDATE wms_inbox SET next_at = clock_timestamp()
     WHERE event_id IN (
       SELECT event_id FROM wms_inbox
       WHERE state = 'waiting' AND location_id = ANY($1) AND sequence IS NULL AND next_at > statement_timestamp()
       ORDER BY next_at LIMIT $2)`,
    [locationIds, limit],
  );
}

export interface InboxRow {
  eventId: string;
  eventType: WmsEventType;
  locationId: string;
  sequence: number | null;
  happenedAt: Date;
  state: InboxState;
  reason: string | null;
  tries: number;
  duplicates: number;
  nth: number;
  receivedAt: Date;
  decidedAt: Date | null;
  body: unknown;
}

const COLUMNS = `event_id AS "eventId", event_type AS "eventType", location_id AS "locationId", sequence,
  happened_at AS "happenedAt", state, reason, tries, duplicates, nth, received_at AS "receivedAt",
  decided_at AS "decidedAt", body`;

/** The newest first. */
export async function listInbox(
  truth: Statements,
  { state, locationId }: { state: string | undefined; locationId: string | undefined },
  before: number | null,
  limit: number,
): Promise<InboxRow[]> {
  const { rows } = await truth.query<InboxRow>(
    `SELECT ${COLUMNS} FROM wms_inbox WHERE ($1::text IS NULL OR state = $1)
       AND ($2::text IS NULL OR location_id = $2) AND ($3::bigint IS NULL OR nth < $3)
     ORDER BY nth DESC LIMIT $4`,
    [state ?? null, locationId ?? null, before, limit],
  );
  return rows;
}

export async function lockEvent(tx: Statements, eventId: string): Promise<InboxRow | null> {
  const { rows } = await tx.query<InboxRow>(
    `SELECT ${COLUMNS} FROM wms_inbox WHERE event_id = $1 FOR NO KEY UPDATE`,
    [eventId],
  );
  return rows[0] ?? null;
}

/** The caller has locked one that waits: it is due now, and of a numbered one those before it are waited for no more. */
export async function hurryEvent(tx: Statements, { eventId, locationId, sequence }: InboxRow): Promise<void> {
  await tx.query("UPDATE wms_inbox SET next_at = clock_timestamp() WHERE event_id = $1", [eventId]);
  if (sequence === null) return;
  await tx.query(
    `INSERT INTO wms_sequences AS s (location_id, next_sequence) VALUES ($1, $2)
     ON CONFLICT (location_id) DO UPDATE SET next_sequence = greatest(s.next_sequence, excluded.next_sequence)`,
    [locationId, sequence],
  );
}

/** The caller has locked one that waits. */
export async function discardEvent(tx: Statements, eventId: string, reason: string): Promise<void> {
  await tx.query(
    `UPDATE wms_inbox SET state = 'discarded', reason = $2, decided_at = clock_timestamp() WHERE event_id = $1`,
    [eventId, reason],
  );
}
