// Tickets as rows, in batches that are each a transaction of their own: no lock is held over a million of them,
// and whoever goes on after a death writes only what is not there.
import { type Statements, sqlState, type Truth } from "../truth.ts";

const UNIQUE_VIOLATION = "23505";

export interface TicketRange {
  saleId: string;
  bucket: number;
  firstTicket: number;
  count: number;
}

/**
 * Appends `entryIds` in ticket order, beginning with the bucket's `from`th (from 0). Rows that are there are the
 * same. COPY is 1.2 times as fast before the constraints are checked, but hangs with a stopped client. Rows that are
 * there are rare (a worker died within a batch, or two are at it), and looking out for them costs 3 of 8.5 µs a row:
 * so that is done only once one was met. Whichever key it is met by: named by one of them, the other would be an error
 * when two write at the same moment. That all are there is counted before the bucket counts.
 * @param truth not a transaction, which a row that is there would end
 */
export async function appendTickets(
  truth: Truth,
  { saleId, bucket, firstTicket }: TicketRange,
  from: number,
  entryIds: readonly string[],
): Promise<void> {
  const append = (unlessThere: string): Promise<unknown> =>
    truth.query(
      `INSERT INTO tickets (sale_id, ticket, entry_id, bucket)
       SELECT $1, $2 + n - 1, entry_id, $3 FROM unnest($4::text[]) WITH ORDINALITY AS t(entry_id, n) ${unlessThere}`,
      [saleId, firstTicket + from, bucket, entryIds],
    );
  try {
    await append("");
  } catch (error) {
    if (sqlState(error) !== UNIQUE_VIOLATION) throw error;
    await append("ON CONFLICT DO NOTHING");
  }
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
