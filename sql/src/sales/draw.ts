// The proof of the draw as it is published: what the sale says of it, and the entries of a drawn bucket with
// their tickets, in the order in which they were digested.
import type { LaneRange } from "../sealing/buckets.ts";
import type { Statements } from "../truth.ts";

/** The public randomness that was mixed in; null when there is none (yet). */
export async function readBeacon(truth: Statements, saleId: string): Promise<string | null> {
  const { rows } = await truth.query<{ beacon: string | null }>("SELECT beacon FROM sales WHERE id = $1", [
    saleId,
  ]);
  return rows[0]?.beacon ?? null;
}

export interface DrawnEntry {
  entryId: string;
  ticket: number;
}

/** Lane by lane, in order of arrival, in pages. */
export async function* listDrawnEntries(
  truth: Statements,
  saleId: string,
  ranges: readonly LaneRange[],
  pageRows: number,
): AsyncGenerator<DrawnEntry[]> {
  for (const range of ranges) {
    let after = range.fromSeq;
    while (after < range.toSeq) {
      const { rows } = await truth.query<DrawnEntry & { seq: number }>(
        // Each ticket by itself: as a join, every page would read the tickets of all.
        `SELECT e.entry_id AS "entryId", (SELECT ticket FROM tickets t WHERE t.entry_id = e.entry_id) AS ticket, e.seq
         FROM entries e
         WHERE e.sale_id = $1 AND e.lane = $2 AND e.seq > $3 AND e.seq <= $4 ORDER BY e.seq LIMIT $5`,
        [saleId, range.lane, after, range.toSeq, pageRows],
      );
      if (rows.length > 0) yield rows;
      if (rows.length < pageRows) break;
      after = rows.at(-1)?.seq ?? range.toSeq;
    }
  }
}
