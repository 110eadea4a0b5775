// Writes what was decided about locked holds: the hold, its unit, its entry and the ledger, in one statement
// for many. Each row moves only if it still is what the decision saw.
import type { StoredEntryState } from "@dropgate/contracts/states/entry";
import type { HoldState } from "@dropgate/contracts/states/hold";
import type { Prepared, Statements } from "../truth.ts";
import type { HoldRow } from "./hold-row.ts";

/**
 * One hold's move. Null leaves a thing as it is; the entry's revision rises with every move, for its card shows
 * the hold's times.
 */
export interface HoldMove {
  hold: HoldRow;
  to: HoldState;
  claimedAt: Date | null;
  expiresAt: Date | null;
  extended: boolean;
  orderId: string | null;
  unitTo: "free" | "sold" | null;
  entryTo: StoredEntryState | null;
  /** Whether this lapse counts as a miss. */
  missed: boolean;
  act: string;
  actor: string;
  data: Record<string, unknown>;
}

const WRITE_MOVES: Prepared = {
  name: "write-moves",
  text: `WITH move AS (
       SELECT * FROM unnest($1::text[], $2::int[], $3::text[], $4::timestamptz[], $5::timestamptz[], $6::bool[],
         $7::text[], $8::text[], $9::text[], $10::bool[], $11::text[], $12::text[], $13::jsonb[])
       AS m(hold_id, rev, to_state, claimed_at, expires_at, extended, order_id, unit_to, entry_to, missed, act,
         actor, data)
     ), moved AS (
       UPDATE holds h SET state = m.to_state, rev = h.rev + 1,
         claimed_at = coalesce(m.claimed_at, h.claimed_at), expires_at = coalesce(m.expires_at, h.expires_at),
         extended = m.extended, order_id = coalesce(m.order_id, h.order_id),
         ended_at = CASE WHEN m.unit_to = 'free' THEN clock_timestamp() ELSE h.ended_at END
       FROM move m
       -- Said once more as a list, so that holds are looked up by key and not read from end to end.
       WHERE h.hold_id = ANY($1) AND h.hold_id = m.hold_id AND h.rev = m.rev
       RETURNING h.hold_id, h.sale_id, h.unit, h.entry_id, m.unit_to, m.entry_to, m.missed, m.act, m.actor, m.data
     ), unit_moved AS (
       UPDATE units u SET state = m.unit_to, hold_id = CASE WHEN m.unit_to = 'free' THEN NULL ELSE u.hold_id END
       FROM moved m
       WHERE m.unit_to IS NOT NULL AND u.sale_id = m.sale_id AND u.unit = m.unit AND u.hold_id = m.hold_id
       RETURNING 1
     ), entry_moved AS (
       UPDATE entries e SET state = coalesce(m.entry_to, e.state), rev = e.rev + 1, misses = e.misses + m.missed::int
       FROM moved m WHERE e.entry_id = m.entry_id AND e.hold_id = m.hold_id
       RETURNING 1
     ), told AS (
       INSERT INTO ledger (sale_id, act, unit, hold_id, entry_id, actor, data)
       SELECT m.sale_id, m.act, m.unit, m.hold_id, m.entry_id, m.actor, m.data FROM moved m
     )
     SELECT (SELECT count(*) FROM moved) AS holds, (SELECT count(*) FROM unit_moved) AS units,
       (SELECT count(*) FROM entry_moved) AS entries`,
};

/**
 * @throws when a row was not as the decision saw it: the holds were not locked, which is a bug
 */
export async function writeMoves(tx: Statements, moves: readonly HoldMove[]): Promise<void> {
  if (moves.length === 0) return;
  const { rows } = await tx.query<{ holds: number; units: number; entries: number }>(WRITE_MOVES, [
    moves.map((m) => m.hold.holdId),
    moves.map((m) => m.hold.rev),
    moves.map((m) => m.to),
    moves.map((m) => m.claimedAt),
    moves.map((m) => m.expiresAt),
    moves.map((m) => m.extended),
    moves.map((m) => m.orderId),
    moves.map((m) => m.unitTo),
    moves.map((m) => m.entryTo),
    moves.map((m) => m.missed),
    moves.map((m) => m.act),
    moves.map((m) => m.actor),
    moves.map((m) => JSON.stringify(m.data)),
  ]);
  const done = rows[0];
  const units = moves.filter((m) => m.unitTo !== null).length;
  if (done?.holds !== moves.length || done.units !== units || done.entries !== moves.length) {
    throw new Error(
      `${moves.length} holds were to move (${units} units), but ${done?.holds} did (${done?.units}, ${done?.entries})`,
    );
  }
}
