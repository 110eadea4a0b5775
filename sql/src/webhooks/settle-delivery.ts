// Writes down how telling a webhook went, by whoever has the newest claim on it, and what follows for the webhook.
import type { Statements } from "../truth.ts";

export interface DeliveryOutcome {
  to: "sent" | "waiting" | "dead";
  /** Null: nothing came back. */
  status: number | null;
  ms: number;
  answer: string | null;
  /** Null: it was delivered. */
  error: string | null;
  /** Of one that waits: tried again after so long. */
  afterMs: number;
}

/** @returns false when somebody else has claimed or settled it since: then nothing was written */
export async function settleDelivery(
  tx: Statements,
  { nth, claim }: { nth: number; claim: number },
  outcome: DeliveryOutcome,
): Promise<boolean> {
  const { rowCount } = await tx.query(
    `UPDATE webhook_deliveries SET state = $3, last_status = $4, last_ms = $5, last_answer = $6, last_error = $7,
       sent_at = CASE WHEN $3 = 'sent' THEN clock_timestamp() END,
       next_at = clock_timestamp() + $8::int * interval '1 millisecond'
     WHERE id = $1 AND claim = $2 AND state = 'waiting'`,
    [
      nth,
      claim,
      outcome.to,
      outcome.status,
      Math.round(outcome.ms),
      outcome.answer,
      outcome.error,
      Math.ceil(outcome.afterMs),
    ],
  );
  return rowCount === 1;
}

/** Something was delivered. Written once a second at most: its row is one for all that are sent at once. */
export async function webhookWorks(tx: Statements, id: string): Promise<void> {
  await tx.query(
    `UPDATE webhooks SET failing_since = NULL, last_error = NULL, delivered_at = clock_timestamp()
     WHERE id = $1 AND (failing_since IS NOT NULL OR last_error IS NOT NULL OR delivered_at IS NULL
       OR delivered_at < clock_timestamp() - interval '1 second')`,
    [id],
  );
}

/**
 * A try failed.
 * @param failingMsMax after failing for so long it is disabled
 * @returns since when it has been failing, when it was disabled by this; else null
 */
export async function webhookFails(
  tx: Statements,
  id: string,
  error: string,
  failingMsMax: number,
): Promise<{ url: string; failingSince: Date } | null> {
  const { rows } = await tx.query<{ url: string; failingSince: Date; gaveUp: boolean }>(
    `WITH was AS (SELECT id, disabled_by FROM webhooks WHERE id = $1 FOR NO KEY UPDATE)
     UPDATE webhooks w SET last_error = $2, failing_since = coalesce(w.failing_since, clock_timestamp()),
       disabled_by = CASE WHEN w.disabled_by IS NULL
         AND w.failing_since < clock_timestamp() - $3 * interval '1 millisecond' THEN 'failing' ELSE w.disabled_by END
     FROM was WHERE w.id = was.id
     RETURNING w.url, w.failing_since AS "failingSince",
       was.disabled_by IS NULL AND w.disabled_by IS NOT NULL AS "gaveUp"`,
    [id, error, failingMsMax],
  );
  const [row] = rows;
  return row?.gaveUp === true ? { url: row.url, failingSince: row.failingSince } : null;
}
