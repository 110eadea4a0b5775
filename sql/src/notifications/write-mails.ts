// Writes down which mails are due, from what is so and nothing else: any worker may do it, twice or late.
import type { Statements } from "../truth.ts";

/** Of each open offer whose shopper wants to be told, once. @returns how many were written */
export async function writeTurnMails(truth: Statements, most: number): Promise<number> {
  const { rowCount } = await truth.query(
    `INSERT INTO notification_mails (mail_id, sale_id, entry_id, kind, hold_id)
     SELECT 'turn.' || h.hold_id, h.sale_id, h.entry_id, 'turn', h.hold_id
     FROM holds h JOIN notifications n ON n.entry_id = h.entry_id
     WHERE h.state = 'offered' AND h.published_at IS NOT NULL
       AND NOT EXISTS (SELECT 1 FROM notification_mails m WHERE m.hold_id = h.hold_id)
     ORDER BY h.offered_at LIMIT $1
     ON CONFLICT DO NOTHING`,
    [most],
  );
  return rowCount ?? 0;
}

/**
 * Of sales that were sold out and have units again: whoever asked for it meanwhile is told once. Who has an offer hears
 * of that instead.
 */
export async function writeReturnedMails(truth: Statements, most: number): Promise<number> {
  const { rowCount } = await truth.query(
    `WITH told AS (
       UPDATE notifications SET wants_returned = false WHERE entry_id IN (
         SELECT n.entry_id FROM notifications n JOIN sales s ON s.id = n.sale_id
         WHERE n.wants_returned AND s.phase = 'live'
         ORDER BY n.entry_id LIMIT $1 FOR UPDATE OF n SKIP LOCKED)
       RETURNING entry_id, sale_id
     )
     INSERT INTO notification_mails (mail_id, sale_id, entry_id, kind)
     SELECT 'returned.' || told.entry_id || '.' || extract(epoch FROM clock_timestamp())::bigint, told.sale_id,
       told.entry_id, 'returned'
     FROM told JOIN entries e ON e.entry_id = told.entry_id WHERE e.state IN ('waiting', 'missed')
     ON CONFLICT DO NOTHING`,
    [most],
  );
  return rowCount ?? 0;
}

/** What may be begun now: nobody has, or whoever had counts as dead. */
export async function readDueMails(
  truth: Statements,
  most: number,
): Promise<{ mailId: string; attempts: number }[]> {
  const { rows } = await truth.query<{ mailId: string; attempts: number }>(
    `SELECT mail_id AS "mailId", attempts FROM notification_mails
     WHERE state IN ('waiting', 'sending') AND next_at <= statement_timestamp() ORDER BY next_at LIMIT $1`,
    [most],
  );
  return rows;
}
