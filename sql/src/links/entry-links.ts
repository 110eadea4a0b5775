// Links that take an entry along to another device: written by the hash of their secret, used once.
import type { Statements } from "../truth.ts";

/** Of the entry, what its token says. */
export interface LinkedEntry {
  saleId: string;
  entryId: string;
  shopper: string;
  attempt: number;
  bucket: number;
}

/** @param most links that the entry may have: the oldest make room */
export async function insertLink(
  truth: Statements,
  secretHash: Buffer,
  { saleId, entryId, shopper, attempt, bucket }: LinkedEntry,
  lastsMs: number,
  most: number,
): Promise<Date> {
  const { rows } = await truth.query<{ expiresAt: Date }>(
    `WITH gone AS (
       DELETE FROM entry_links WHERE secret_hash IN (
         SELECT secret_hash FROM entry_links WHERE entry_id = $3 ORDER BY made_at DESC OFFSET $8)
     )
     INSERT INTO entry_links (secret_hash, sale_id, entry_id, shopper, attempt, bucket, expires_at)
     VALUES ($1, $2, $3, $4, $5, $6, clock_timestamp() + $7::int * interval '1 millisecond')
     RETURNING expires_at AS "expiresAt"`,
    [secretHash, saleId, entryId, shopper, attempt, bucket, lastsMs, most - 1],
  );
  const [row] = rows;
  if (row === undefined) throw new Error("an insert returned no row");
  return row.expiresAt;
}

export interface LinkRow extends LinkedEntry {
  isUsed: boolean;
  isOver: boolean;
}

/** Looks at a link and leaves it as it is; null: there is none of this secret. */
export async function readLink(truth: Statements, secretHash: Buffer): Promise<LinkRow | null> {
  const { rows } = await truth.query<LinkRow>(
    `SELECT sale_id AS "saleId", entry_id AS "entryId", shopper, attempt, bucket, used_at IS NOT NULL AS "isUsed",
       expires_at <= clock_timestamp() AS "isOver"
     FROM entry_links WHERE secret_hash = $1`,
    [secretHash],
  );
  return rows[0] ?? null;
}

/** Uses a link up. @returns false when it was used or over: of two at once one gets true */
export async function consumeLink(truth: Statements, secretHash: Buffer): Promise<boolean> {
  const { rowCount } = await truth.query(
    `UPDATE entry_links SET used_at = clock_timestamp()
     WHERE secret_hash = $1 AND used_at IS NULL AND expires_at > clock_timestamp()`,
    [secretHash],
  );
  return rowCount === 1;
}

/** Deletes those that have been over for so long. @returns how many */
export async function deleteOldLinks(truth: Statements, knownMs: number): Promise<number> {
  const { rowCount } = await truth.query(
    "DELETE FROM entry_links WHERE expires_at < statement_timestamp() - $1::int * interval '1 millisecond'",
    [knownMs],
  );
  return rowCount ?? 0;
}
