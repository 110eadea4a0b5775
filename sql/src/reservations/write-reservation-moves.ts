// What was decided about locked reservations, in one statement for each kind of move.
import type { Statements } from "../truth.ts";
import type { ReservationRow, ReservationState } from "./reservation-row.ts";

export interface ReservationMove {
  reservation: Pick<ReservationRow, "id" | "rev">;
  to: ReservationState;
  /** Seconds that the window becomes longer; 0: it stays. */
  longerSeconds: number;
  reason: string | null;
}

/**
 * Moves each once. One that ends releases what was not picked, and waits for nothing any more.
 * @throws when one was not as the decision saw it: it was not locked, which is a bug
 */
export async function writeReservationMoves(
  tx: Statements,
  moves: readonly ReservationMove[],
): Promise<void> {
  if (moves.length === 0) return;
  const { rows } = await tx.query<{ moved: number }>(
    `WITH move AS (
       SELECT * FROM unnest($1::text[], $2::int[], $3::text[], $4::int[], $5::text[])
         AS m(id, rev, state, longer, reason)
     ), moved AS (
       UPDATE reservations r SET state = m.state, rev = r.rev + 1,
         expires_at = r.expires_at + m.longer * interval '1 second', extended = r.extended OR m.longer > 0,
         confirmed_at = CASE WHEN m.state = 'confirmed' THEN clock_timestamp() ELSE r.confirmed_at END,
         ended_at = CASE WHEN m.state IN ('released', 'expired', 'cancelled') THEN clock_timestamp() END,
         end_reason = m.reason
       FROM move m WHERE r.id = m.id AND r.rev = m.rev RETURNING r.id, r.state
     ), released AS (
       UPDATE reservation_lines l SET released = l.quantity - l.picked
       FROM moved WHERE l.reservation_id = moved.id AND moved.state IN ('released', 'expired', 'cancelled')
     ), forgotten AS (
       UPDATE backorders b SET state = 'cancelled', ended_at = clock_timestamp()
       FROM moved WHERE b.reservation_id = moved.id AND b.state = 'open'
         AND moved.state IN ('released', 'expired', 'cancelled')
     )
     SELECT count(*) AS moved FROM moved`,
    [
      moves.map(({ reservation }) => reservation.id),
      moves.map(({ reservation }) => reservation.rev),
      moves.map(({ to }) => to),
      moves.map(({ longerSeconds }) => longerSeconds),
      moves.map(({ reason }) => reason),
    ],
  );
  if (rows[0]?.moved !== moves.length) {
    throw new Error(`${moves.length} reservations were to move, but ${rows[0]?.moved} did`);
  }
}
