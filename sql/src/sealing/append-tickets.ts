// Tickets as rows, in batches that are each a transaction of their own: no lock is held over a million of them,
// and whoever goes on after a death writes only what is not there.
import type { Statements } from "../truth.ts";

export interface TicketRange {
  saleId: string;
  bucket: number;
  firstTicket: number;
  count: number;
}

/**
 * Appends `entryIds` in ticket order, beginning with the bucket's `from`th (from 0). Rows that are there are the
 * same. COPY is 1.2 times as fast before the constraints are checked, but hangs with a stopped client, and a row
 * that is there already breaks it. Whichever key it is that another worker's same row is met by: named by one of them,
 * the other would be an error when both write at the same moment. That all are there is counted before the bucket counts.
 */
export async function appendTickets(
  truth: Statements,
  { saleId, bucket, firstTicket }: TicketRange,
  from: number,
  entryIds: readonly string[],
): Promise<void> {
  await truth.query(
    `INSERT INTO tickets (sale_id, ticket, entry_id, bucket)
     SELECT $1, $2 + n - 1, entry_id, $3 FROM unnest($4::text[]) WITH ORDINALITY AS t(entry_id, n)
     ON CONFLICT DO NOTHING`,
    [saleId, firstTicket + from, bucket, entryIds],
  );
}

/** Which batches of the bucket, `batchRows` tickets each from its first on, are whole. By the batch's number. */
export async function wholeBatches(
  truth: Statements,
  { saleId, firstTicket, count }: TicketRange,
  batchRows: number,
): Promise<Set<number>> {
  const { rows } = await truth.query<{ batch: number }>(
    `SELECT (ticket - $2) / $4::int AS batch FROM tickets
     WHERE sale_id = $1 AND ticket >= $2 AND ticket < $2 + $3::bigint
     GROUP BY 1 HAVING count(*) = least($4::int, $3 - (ticket - $2) / $4::int * $4::int)`,
    [saleId, firstTicket, count, batchRows],
  );
  return new Set(rows.map(({ batch }) => batch));
}
