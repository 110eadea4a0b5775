// What has happened in sales so far, by act: the newest tally of each and the ledger's rows since, which are those of the
// last seconds. No sale is read from end to end.
import type { Statements } from "../truth.ts";

export interface SaleTally {
  saleId: string;
  /** Entries that were stored. */
  joined: number;
  /** Rows of the ledger, by act. */
  acts: Record<string, number>;
  /** Offers that are open now. */
  openOffers: number;
}

/** Of each of these sales that exists. */
export async function readTallies(truth: Statements, saleIds: readonly string[]): Promise<SaleTally[]> {
  const { rows } = await truth.query<SaleTally & { since: Record<string, number> | null }>(
    `SELECT s.id AS "saleId",
       coalesce((SELECT sum(joined)::bigint FROM lanes l WHERE l.sale_id = s.id), 0) AS joined,
       coalesce(t.acts, '{}') AS acts,
       (SELECT jsonb_object_agg(act, n) FROM (
          SELECT act, count(*) AS n FROM ledger l
          WHERE l.sale_id = s.id AND l.tx >= coalesce(t.to_tx, '0'::xid8) GROUP BY act) AS counted) AS since,
       (SELECT count(*) FROM holds h WHERE h.sale_id = s.id AND h.state = 'offered') AS "openOffers"
     FROM sales s LEFT JOIN LATERAL (
       SELECT acts, to_tx FROM ledger_tallies t WHERE t.sale_id = s.id ORDER BY page DESC LIMIT 1) AS t ON true
     WHERE s.id = ANY($1)`,
    [saleIds],
  );
  return rows.map(({ since, acts, ...row }) => {
    const all = { ...acts };
    for (const [act, count] of Object.entries(since ?? {})) all[act] = (all[act] ?? 0) + count;
    return { ...row, acts: all };
  });
}
