// How many units of a sale are in which state, in one statement: the figures at the head of a report.
import type { Statements } from "@dropgate/sql";

export type UnitCounts = {
  rows: number;
  distinct: number;
  first: number | null;
  last: number | null;
  free: number;
  held: number;
  sold: number;
  returned: number;
};

export async function readUnitCounts(tx: Statements, saleId: string): Promise<UnitCounts> {
  const { rows } = await tx.query<UnitCounts>(
    `SELECT count(*) AS rows, count(DISTINCT unit) AS distinct, min(unit) AS first, max(unit) AS last,
       count(*) FILTER (WHERE state = 'free') AS free, count(*) FILTER (WHERE state = 'held') AS held,
       count(*) FILTER (WHERE state = 'sold') AS sold, count(*) FILTER (WHERE state = 'returned') AS returned
     FROM units WHERE sale_id = $1`,
    [saleId],
  );
  const counts = rows[0];
  if (counts === undefined) throw new Error("count(*) answers with a row, always");
  return counts;
}
