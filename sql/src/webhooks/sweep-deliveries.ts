// Removes deliveries that nobody looks at any more.
import type { Statements } from "../truth.ts";

export interface Kept {
  sentDays: number;
  deadDays: number;
  /** Rows that one look removes. */
  most: number;
}

/** @returns how many went */
export async function sweepDeliveries(
  truth: Statements,
  { sentDays, deadDays, most }: Kept,
): Promise<number> {
  const { rowCount } = await truth.query(
    `DELETE FROM webhook_deliveries WHERE id IN (
       SELECT id FROM (
         SELECT id FROM webhook_deliveries WHERE state <> 'waiting' AND created_at < statement_timestamp()
           - CASE state WHEN 'sent' THEN $1::int ELSE $2::int END * interval '1 day'
           AND created_at < statement_timestamp() - least($1::int, $2::int) * interval '1 day'
         ORDER BY created_at LIMIT $3) old
       UNION ALL
       -- Written by a transaction that began before its webhook was removed.
       (SELECT d.id FROM webhook_deliveries d WHERE d.state = 'waiting'
         AND NOT EXISTS (SELECT 1 FROM webhooks w WHERE w.id = d.webhook_id) LIMIT $3))`,
    [sentDays, deadDays, most],
  );
  return rowCount ?? 0;
}
