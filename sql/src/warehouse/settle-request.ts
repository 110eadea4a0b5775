// Writes down how sending a request went, by whoever has the newest claim on it.
import type { Statements } from "../truth.ts";

export type Settlement =
  | { to: "sent" }
  /** Tried again after so long. */
  | { to: "waiting"; error: string; afterMs: number }
  | { to: "dead"; error: string };

/** @returns false when somebody else has claimed or settled it since: then nothing was written */
export async function settleRequest(
  tx: Statements,
  { id, attempts }: { id: string; attempts: number },
  settlement: Settlement,
): Promise<boolean> {
  const { to } = settlement;
  const { rowCount } = await tx.query(
    `UPDATE wms_outbox SET state = $3, last_error = $4,
       sent_at = CASE WHEN $3 = 'sent' THEN clock_timestamp() END,
       next_at = clock_timestamp() + $5::int * interval '1 millisecond'
     WHERE request_id = $1 AND attempts = $2 AND state = 'waiting'`,
    [
      id,
      attempts,
      to,
      to === "sent" ? null : settlement.error,
      to === "waiting" ? Math.ceil(settlement.afterMs) : 0,
    ],
  );
  return rowCount === 1;
}
