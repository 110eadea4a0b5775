// The moments at which a sale's phase is due to change: what its wake-up jobs are made from.
import type { Statements } from "../truth.ts";

export interface SaleMoment {
  saleId: string;
  moment: "lobby" | "draw" | "open" | "close";
  /** ms since 1970. */
  atMs: number;
}

/** The moments of open sales that lie between now and `aheadMs` later. */
export async function readMoments(truth: Statements, aheadMs: number): Promise<SaleMoment[]> {
  const { rows } = await truth.query<{ saleId: string; moment: SaleMoment["moment"]; at: Date }>(
    `SELECT s.id AS "saleId", m.moment, m.at
     FROM sales s CROSS JOIN LATERAL (VALUES
       ('lobby', s.lobby_at), ('draw', s.draw_at), ('open', s.opens_at), ('close', s.closes_at)) AS m(moment, at)
     WHERE s.phase <> 'closed' AND m.at > clock_timestamp()
       AND m.at < clock_timestamp() + $1 * interval '1 millisecond'
     ORDER BY m.at LIMIT 1000`,
    [aheadMs],
  );
  return rows.map(({ saleId, moment, at }) => ({ saleId, moment, atMs: at.getTime() }));
}
