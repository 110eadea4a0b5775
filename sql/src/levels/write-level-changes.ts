// The one writer of quantities: what was decided about locked levels, each level once for all its changes, and a row
// of the ledger for each change, in one statement. That nothing else writes them is why a level is the sum of its
// transactions.
import { QUANTITIES, type Quantities, type TransactionType } from "@dropgate/contracts/inventory";
import { integers } from "../integers.ts";
import type { Prepared, Statements, Transaction } from "../truth.ts";
import type { LevelKey, LevelRow } from "./level-row.ts";

/** What a transaction belongs to: an adjustment, a reservation, an event. */
export interface Reference {
  type: string;
  id: string;
}

/** One row of the ledger that moves stock. */
export interface LevelTransaction extends LevelKey {
  deltas: Quantities;
  type: TransactionType;
  reference: Reference | null;
  actor: string;
  /** When it happened in the world; null: now. */
  effectiveAt: Date | null;
  data: Record<string, unknown>;
}

/** A level as it was locked, and how much all its transactions together move it. */
export interface LevelMove {
  level: LevelRow;
  deltas: Quantities;
  /** Whether orders were allocated. */
  ordered: boolean;
}

const WRITE_CHANGES: Prepared = {
  name: "write-level-changes",
  text: `WITH move AS (
       SELECT * FROM unnest($1::text[], $2::text[], $3::int[], $4::int[], $5::int[], $6::int[], $7::int[], $8::int[],
         $9::int[], $10::bool[])
       AS m(sku, location_id, rev, on_hand, allocated, reserved, damaged, in_transit_in, in_transit_out, ordered)
     ), moved AS (
       UPDATE inventory_levels l SET on_hand = l.on_hand + m.on_hand, allocated = l.allocated + m.allocated,
         reserved = l.reserved + m.reserved, damaged = l.damaged + m.damaged,
         in_transit_in = l.in_transit_in + m.in_transit_in, in_transit_out = l.in_transit_out + m.in_transit_out,
         last_updated_at = clock_timestamp(), rev = l.rev + 1,
         last_ordered_at = CASE WHEN m.ordered THEN clock_timestamp() ELSE l.last_ordered_at END
       FROM move m
       WHERE l.sku = m.sku AND l.location_id = m.location_id AND l.rev = m.rev
       RETURNING 1
     ), told AS (
       INSERT INTO inventory_transactions (type, sku, location_id, on_hand, allocated, reserved, damaged,
         in_transit_in, in_transit_out, reference_type, reference_id, actor, effective_at, data)
       SELECT t.type, t.sku, t.location_id, t.on_hand, t.allocated, t.reserved, t.damaged, t.in_transit_in,
         t.in_transit_out, t.reference_type, t.reference_id, t.actor, coalesce(t.effective_at, clock_timestamp()), t.data
       FROM unnest($11::text[], $12::text[], $13::text[], $14::int[], $15::int[], $16::int[], $17::int[], $18::int[],
         $19::int[], $20::text[], $21::text[], $22::text[], $23::timestamptz[], $24::jsonb[]) WITH ORDINALITY
       AS t(type, sku, location_id, on_hand, allocated, reserved, damaged, in_transit_in, in_transit_out,
         reference_type, reference_id, actor, effective_at, data, nth)
       ORDER BY t.nth
     )
     -- A level that was not as the decision saw it was not locked, which is a bug.
     SELECT CASE WHEN count(*) <> $25 THEN
       refuse_as('DG002', $25 || ' levels were to move, but ' || count(*) || ' did') END FROM moved`,
};

/**
 * @param transactions in the order in which they were decided, which is the order of their ids
 * @throws when a level was not as the decision saw it; in a pipeline the transaction does, at its end
 */
export async function writeLevelChanges(
  tx: Statements | Transaction,
  moves: readonly LevelMove[],
  transactions: readonly LevelTransaction[],
): Promise<void> {
  if (transactions.length === 0) return;
  const values = [
    moves.map((m) => m.level.sku),
    moves.map((m) => m.level.locationId),
    integers(moves.map((m) => m.level.rev)),
    ...columnsOf(moves),
    moves.map((m) => m.ordered),
    transactions.map((t) => t.type),
    transactions.map((t) => t.sku),
    transactions.map((t) => t.locationId),
    ...columnsOf(transactions),
    transactions.map((t) => t.reference?.type ?? null),
    transactions.map((t) => t.reference?.id ?? null),
    transactions.map((t) => t.actor),
    transactions.map((t) => t.effectiveAt),
    transactions.map((t) => JSON.stringify(t.data)),
    moves.length,
  ];
  await ("later" in tx ? tx.later(WRITE_CHANGES, values) : tx.query(WRITE_CHANGES, values));
}

/** The six quantities, column by column. */
function columnsOf(rows: readonly { deltas: Quantities }[]): string[] {
  return QUANTITIES.map((name) => integers(rows.map(({ deltas }) => deltas[name])));
}
