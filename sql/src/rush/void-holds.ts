// The refusal of a take that nobody answers for: its hold's id is used up, so that a gateway which comes late meets the
// primary key. Only then may the unit go back: an absent row alone says nothing about what is still on its way.
import type { Statements } from "../truth.ts";

/**
 * Declares holds void that are not there.
 * @returns those of the ids that are void now (the others are somebody's holds), and how many of them by this call
 */
export async function voidHolds(
  tx: Statements,
  saleId: string,
  holdIds: readonly string[],
): Promise<{ void: Set<string>; voided: number }> {
  if (holdIds.length === 0) return { void: new Set(), voided: 0 };
  const inserted = await tx.query(
    `INSERT INTO holds (hold_id, sale_id, state, applied_rev)
     SELECT id, $1, 'void', 1 FROM unnest($2::text[]) AS id ON CONFLICT DO NOTHING`,
    [saleId, holdIds],
  );
  const { rows } = await tx.query<{ holdId: string }>(
    `SELECT hold_id AS "holdId" FROM holds WHERE hold_id = ANY($1) AND state = 'void'`,
    [holdIds],
  );
  return { void: new Set(rows.map((row) => row.holdId)), voided: inserted.rowCount ?? 0 };
}
