// API keys: only their hashes are here, for a key has 256 random bits of its own.
import type { ApiScope } from "@dropgate/contracts/keys";
import type { Statements } from "../truth.ts";

export interface ApiKeyRow {
  id: string;
  name: string;
  scopes: ApiScope[];
}

/** A key as an admin sees it. */
export interface ListedApiKey extends ApiKeyRow {
  createdAt: Date;
  createdBy: string | null;
  usedAt: Date | null;
  revokedAt: Date | null;
  revokedBy: string | null;
}

/** Where a page of the newest first begins behind. */
export interface AfterKey {
  createdMicros: string;
  id: string;
}

/** @param hash SHA-256 of the key; null when no such key is in force */
export async function readApiKey(truth: Statements, hash: Uint8Array): Promise<ApiKeyRow | null> {
  const { rows } = await truth.query<ApiKeyRow>(
    "SELECT id, name, scopes FROM api_keys WHERE hash = $1 AND revoked_at IS NULL",
    [hash],
  );
  return rows[0] ?? null;
}

/** Writes down that a key is used. @param seenSeconds how exactly that is to be known */
export async function seeApiKey(truth: Statements, id: string, seenSeconds: number): Promise<void> {
  await truth.query(
    `UPDATE api_keys SET used_at = clock_timestamp() WHERE id = $1
       AND (used_at IS NULL OR used_at < clock_timestamp() - $2 * interval '1 second')`,
    [id, seenSeconds],
  );
}

export async function insertApiKey(
  truth: Statements,
  key: ApiKeyRow & { hash: Uint8Array; createdBy: string },
): Promise<void> {
  await truth.query("INSERT INTO api_keys (id, name, hash, scopes, created_by) VALUES ($1, $2, $3, $4, $5)", [
    key.id,
    key.name,
    key.hash,
    key.scopes,
    key.createdBy,
  ]);
}

const LISTED = `id, name, scopes, created_at AS "createdAt", created_by AS "createdBy", used_at AS "usedAt",
  revoked_at AS "revokedAt", revoked_by AS "revokedBy"`;

/** @returns with each the cursor that begins behind it; the newest first */
export async function listApiKeys(
  truth: Statements,
  after: AfterKey | null,
  limit: number,
): Promise<{ key: ListedApiKey; cursor: AfterKey }[]> {
  const { rows } = await truth.query<ListedApiKey & { micros: number }>(
    `SELECT ${LISTED}, (extract(epoch FROM created_at) * 1000000)::bigint AS micros FROM api_keys
     WHERE $1::bigint IS NULL OR (created_at, id) < ('epoch'::timestamptz + $1::bigint * interval '1 microsecond', $2)
     ORDER BY created_at DESC, id DESC LIMIT $3`,
    [after?.createdMicros ?? null, after?.id ?? "", limit],
  );
  return rows.map(({ micros, ...key }) => ({ key, cursor: { createdMicros: String(micros), id: key.id } }));
}

/** One that was revoked stays as it is. @returns null when there is no such key */
export async function revokeApiKey(
  tx: Statements,
  id: string,
  actor: string,
): Promise<{ key: ListedApiKey; revokedNow: boolean } | null> {
  const { rowCount } = await tx.query(
    `UPDATE api_keys SET revoked_at = clock_timestamp(), revoked_by = $2 WHERE id = $1 AND revoked_at IS NULL`,
    [id, actor],
  );
  const { rows } = await tx.query<ListedApiKey>(`SELECT ${LISTED} FROM api_keys WHERE id = $1`, [id]);
  return rows[0] === undefined ? null : { key: rows[0], revokedNow: rowCount === 1 };
}
