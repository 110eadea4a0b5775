// One thing that Redis shows otherwise than PostgreSQL says, and how long somebody has been about to mend it.
import type { Look } from "./look.ts";

export interface Difference<Key> {
  key: Key;
  /** Names it; the same words in a second look are the same difference. */
  what: string;
  /** How long ago the change was made that Redis has not followed yet; null when nothing explains it. */
  underWayMs: number | null;
}

/** So many differences have one cause; what lies beyond is neither explained nor looked at again. */
export const DIFFERENCES_MAX = 200;

/**
 * Which of these holds exist, and how long Redis is behind on each: milliseconds since its last row in the
 * ledger, null when it has followed.
 */
export async function readBehind(
  { tx }: Look,
  holdIds: readonly string[],
): Promise<Map<string, number | null>> {
  const { rows } = await tx.query<{ holdId: string; behindMs: number | null }>(
    `SELECT h.hold_id AS "holdId", CASE WHEN h.applied_rev < h.rev THEN (extract(epoch FROM clock_timestamp() -
         (SELECT max(at) FROM ledger l WHERE l.entry_id = h.entry_id AND l.hold_id = h.hold_id)) * 1000)::float8
       END AS "behindMs"
     FROM holds h WHERE h.hold_id = ANY($1) AND h.state <> 'void'`,
    [holdIds],
  );
  return new Map(rows.map(({ holdId, behindMs }) => [holdId, behindMs]));
}
