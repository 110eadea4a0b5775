// How a rehearsal has gone so far, second by second, from the times in PostgreSQL's own rows: every gateway and worker that
// took part is in it, and it stands when they are gone.
import type { Statements } from "../truth.ts";

export interface SeenSecond {
  second: number;
  /** What happened within the second. */
  joined: number;
  offered: number;
  claimed: number;
  confirmed: number;
  cancelled: number;
}

/** Seconds in which something happened, in order. @param from the curve's second 0 */
export async function readSeenSeconds(truth: Statements, saleId: string, from: Date): Promise<SeenSecond[]> {
  const { rows } = await truth.query<SeenSecond>(
    `SELECT second, count(*) FILTER (WHERE act = 'joined') AS joined, count(*) FILTER (WHERE act IN ('offered', 'attempted')) AS offered,
       count(*) FILTER (WHERE act IN ('claimed', 'attempted')) AS claimed,
       count(*) FILTER (WHERE act IN ('confirmed', 'replaced')) AS confirmed,
       count(*) FILTER (WHERE act = 'cancelled') AS cancelled
     FROM (
       SELECT greatest(0, ceil(extract(epoch FROM at - $2::timestamptz)))::int AS second, act FROM (
         SELECT joined_at AS at, 'joined' AS act FROM entries WHERE sale_id = $1
         UNION ALL
         SELECT at, act FROM ledger WHERE sale_id = $1
           AND act IN ('offered', 'attempted', 'claimed', 'confirmed', 'replaced', 'cancelled')) AS happened) AS timed
     GROUP BY second ORDER BY second`,
    [saleId, from],
  );
  return rows;
}

export interface RehearsalStanding {
  phase: string;
  joined: number;
  /** Entries that wait for something, or have a unit that is not paid yet. */
  open: number;
}

/** How far a rehearsal is; null: it is gone. */
export async function readRehearsalStanding(
  truth: Statements,
  saleId: string,
): Promise<RehearsalStanding | null> {
  const { rows } = await truth.query<RehearsalStanding>(
    `SELECT s.phase, (SELECT count(*) FROM entries e WHERE e.sale_id = s.id) AS joined,
       (SELECT count(*) FROM entries e WHERE e.sale_id = s.id AND e.state IN ('waiting', 'offered', 'held')) AS open
     FROM sales s WHERE s.id = $1`,
    [saleId],
  );
  return rows[0] ?? null;
}
