// The ledger of stock as it is read, and the notes in it that move none.
import type { NoteType, Quantities, TransactionType } from "@dropgate/contracts/inventory";
import type { Statements } from "../truth.ts";
import type { LevelFilter } from "./level-row.ts";
import type { Reference } from "./write-level-changes.ts";

export interface TransactionRow extends Quantities {
  id: number;
  at: Date;
  effectiveAt: Date;
  type: TransactionType | NoteType;
  sku: string | null;
  locationId: string | null;
  referenceType: string | null;
  referenceId: string | null;
  actor: string;
  data: Record<string, unknown>;
}

const COLUMNS = `t.id, t.at, t.effective_at AS "effectiveAt", t.type, t.sku, t.location_id AS "locationId",
  t.on_hand AS "onHand", t.allocated, t.reserved, t.damaged, t.in_transit_in AS "inTransitIn",
  t.in_transit_out AS "inTransitOut", t.reference_type AS "referenceType", t.reference_id AS "referenceId", t.actor,
  t.data`;

const OF_ALL = `SELECT ${COLUMNS} FROM inventory_transactions t
  WHERE ($1::bigint IS NULL OR t.id < $1) ORDER BY t.id DESC LIMIT $2`;

/** The newest of each level by its index, then the newest of those: a SKU's own rows may be few among many. */
const OF_SOME = `WITH place AS (
    SELECT sku, location_id FROM inventory_levels
    WHERE ($3::text IS NULL OR sku = $3) AND ($4::text IS NULL OR location_id = $4)
    -- A level that was asked for by name may have been noted of before it was born.
    UNION SELECT $3, $4 WHERE $3 IS NOT NULL AND $4 IS NOT NULL
  )
  SELECT t.* FROM (
    SELECT t.* FROM place p CROSS JOIN LATERAL (
      SELECT ${COLUMNS} FROM inventory_transactions t
      WHERE t.sku = p.sku AND t.location_id = p.location_id AND ($1::bigint IS NULL OR t.id < $1)
      ORDER BY t.id DESC LIMIT $2) t
    UNION ALL (
      SELECT ${COLUMNS} FROM inventory_transactions t
      WHERE $4::text IS NULL AND t.sku = $3 AND t.location_id IS NULL AND ($1::bigint IS NULL OR t.id < $1)
      ORDER BY t.id DESC LIMIT $2)
    UNION ALL (
      SELECT ${COLUMNS} FROM inventory_transactions t
      WHERE $3::text IS NULL AND t.sku IS NULL AND t.location_id = $4 AND ($1::bigint IS NULL OR t.id < $1)
      ORDER BY t.id DESC LIMIT $2)
  ) t ORDER BY t.id DESC LIMIT $2`;

/**
 * A page of the ledger, the newest first: of a level, of all levels of a SKU or a location (and what was noted of
 * the product or location itself), or of all.
 */
export async function listTransactions(
  truth: Statements,
  { sku, locationId }: LevelFilter,
  before: number | null,
  limit: number,
): Promise<TransactionRow[]> {
  const { rows } =
    sku === undefined && locationId === undefined
      ? await truth.query<TransactionRow>(OF_ALL, [before, limit])
      : await truth.query<TransactionRow>(OF_SOME, [before, limit, sku ?? null, locationId ?? null]);
  return rows;
}

/** All that refers to one thing, the oldest first: its story. Of reservations and sales an index leads there. */
export async function listTransactionsOf(
  truth: Statements,
  type: "reservation" | "sale",
  id: string,
): Promise<TransactionRow[]> {
  const { rows } = await truth.query<TransactionRow>(
    // The type is written out, so that the index of just that type serves.
    `SELECT ${COLUMNS} FROM inventory_transactions t
     WHERE t.reference_type = '${type}' AND t.reference_id = $1 ORDER BY t.id LIMIT 1000`,
    [id],
  );
  return rows;
}

export interface Note {
  type: NoteType;
  sku: string | null;
  locationId: string | null;
  reference: Reference | null;
  actor: string;
  data: Record<string, unknown>;
  /** When it happened in the world; without it, now. */
  effectiveAt?: Date;
}

/** Writes down what was done beside the stock, and by whom. */
export async function insertNote(tx: Statements, note: Note): Promise<void> {
  await tx.query(
    `INSERT INTO inventory_transactions (note, type, sku, location_id, reference_type, reference_id, actor, data)
     VALUES (true, $1, $2, $3, $4, $5, $6, $7)`,
    [
      note.type,
      note.sku,
      note.locationId,
      note.reference?.type ?? null,
      note.reference?.id ?? null,
      note.actor,
      JSON.stringify(note.data),
    ],
  );
}

/** The same for many, in one statement. */
export async function insertNotes(tx: Statements, notes: readonly Note[]): Promise<void> {
  if (notes.length === 0) return;
  await tx.query(
    `INSERT INTO inventory_transactions
       (note, type, sku, location_id, reference_type, reference_id, actor, data, effective_at)
     SELECT true, n.type, n.sku, n.location_id, n.reference_type, n.reference_id, n.actor, n.data,
       coalesce(n.effective_at, clock_timestamp())
     FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::jsonb[], $8::timestamptz[])
       WITH ORDINALITY AS n(type, sku, location_id, reference_type, reference_id, actor, data, effective_at, nth)
     ORDER BY n.nth`,
    [
      notes.map(({ type }) => type),
      notes.map(({ sku }) => sku),
      notes.map(({ locationId }) => locationId),
      notes.map(({ reference }) => reference?.type ?? null),
      notes.map(({ reference }) => reference?.id ?? null),
      notes.map(({ actor }) => actor),
      notes.map(({ data }) => JSON.stringify(data)),
      notes.map(({ effectiveAt }) => effectiveAt ?? null),
    ],
  );
}
