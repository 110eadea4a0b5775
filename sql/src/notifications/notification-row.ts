// Who wants to be told by mail: asked, looked at, taken back, and deleted when nobody needs it any more.
import type { Language } from "@dropgate/contracts/languages";
import type { Statements, Truth } from "../truth.ts";

export interface NotificationRow {
  entryId: string;
  saleId: string;
  email: string;
  language: Language;
}

export async function readNotification(truth: Statements, entryId: string): Promise<NotificationRow | null> {
  const { rows } = await truth.query<NotificationRow>(
    `SELECT entry_id AS "entryId", sale_id AS "saleId", email, language FROM notifications WHERE entry_id = $1`,
    [entryId],
  );
  return rows[0] ?? null;
}

/**
 * Writes whom to tell of an entry; asking again changes it.
 * @param most entries of the sale of which one address is told
 * @returns false when the address is told of so many others already
 */
export function askNotification(
  truth: Truth,
  { entryId, saleId, email, language }: NotificationRow,
  wantsReturned: boolean,
  most: number,
): Promise<boolean> {
  return truth.transaction(async (tx) => {
    // Two that ask for one address at the same moment would both see room for one more.
    await tx.query(
      "SELECT pg_advisory_xact_lock(hashtextextended('notification ' || $1 || ' ' || lower($2), 0))",
      [saleId, email],
    );
    const { rowCount } = await tx.query(
      `INSERT INTO notifications (entry_id, sale_id, email, language, wants_returned)
       SELECT $1, $2, $3, $4, $5
       WHERE (SELECT count(*) FROM notifications
              WHERE sale_id = $2 AND lower(email) = lower($3) AND entry_id <> $1) < $6
       ON CONFLICT (entry_id) DO UPDATE SET email = excluded.email, language = excluded.language,
         wants_returned = excluded.wants_returned, asked_at = clock_timestamp()`,
      [entryId, saleId, email, language, wantsReturned, most],
    );
    return rowCount === 1;
  });
}

/** A mail that waits finds nobody to send to, and lapses. */
export async function withdrawNotification(truth: Statements, entryId: string): Promise<void> {
  await truth.query("DELETE FROM notifications WHERE entry_id = $1", [entryId]);
}

/** Deletes the addresses of closed sales and of entries that are over. @returns how many */
export async function deleteOldNotifications(truth: Statements): Promise<number> {
  const { rowCount } = await truth.query(
    `DELETE FROM notifications n USING sales s
     WHERE s.id = n.sale_id AND (s.phase = 'closed' OR EXISTS (
       SELECT 1 FROM entries e WHERE e.entry_id = n.entry_id
         AND (e.state IN ('left', 'purchased', 'released', 'expired') OR (e.state = 'missed' AND e.misses >= 2))))`,
  );
  return rowCount ?? 0;
}
