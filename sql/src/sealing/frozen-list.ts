// A frozen list read in pages, by key and never by offset, so that a page costs the same at the end of a million
// entries as at its beginning.
import type { Statements } from "../truth.ts";
import type { LaneRange } from "./buckets.ts";

export interface IdPage {
  /** Entry ids in order of arrival, one a line, each line ended: the very bytes that are digested. */
  ids: string;
  count: number;
}

/**
 * One lane's part of a list: arrivals in order, those who left since included. PostgreSQL puts the page together,
 * for a million rows as objects cost a worker 2.5 s and a million lines of text 0.1 s.
 */
export async function* listIds(
  truth: Statements,
  saleId: string,
  range: LaneRange,
  pageRows: number,
): AsyncGenerator<IdPage> {
  let after = range.fromSeq;
  while (after < range.toSeq) {
    const { rows } = await truth.query<IdPage & { last: number | null }>(
      `SELECT coalesce(string_agg(entry_id || E'\\n', '' ORDER BY seq), '') AS ids, count(*) AS count, max(seq) AS last
       FROM (SELECT entry_id, seq FROM entries
             WHERE sale_id = $1 AND lane = $2 AND seq > $3 AND seq <= $4 ORDER BY seq LIMIT $5) AS page`,
      [saleId, range.lane, after, range.toSeq, pageRows],
    );
    const page = rows[0];
    if (!page || page.last === null) return;
    yield page;
    after = page.last;
  }
}

export interface ListedCard {
  shopperKey: string;
  attempt: number;
}

/** The same part of the list, by what its cards are called. */
export async function* listCards(
  truth: Statements,
  saleId: string,
  range: LaneRange,
  pageRows: number,
): AsyncGenerator<ListedCard[]> {
  let after = range.fromSeq;
  while (after < range.toSeq) {
    const { rows } = await truth.query<ListedCard & { seq: number }>(
      `SELECT shopper_key AS "shopperKey", attempt, seq FROM entries
       WHERE sale_id = $1 AND lane = $2 AND seq > $3 AND seq <= $4 ORDER BY seq LIMIT $5`,
      [saleId, range.lane, after, range.toSeq, pageRows],
    );
    const last = rows.at(-1);
    if (!last) return;
    yield rows;
    after = last.seq;
  }
}
