// API keys: only their hashes are here, for a key has 256 random bits of its own.
import type { ApiScope } from "@dropgate/contracts/keys";
import type { Statements } from "../truth.ts";

export interface ApiKeyRow {
  id: string;
  name: string;
  scopes: ApiScope[];
}

/** @param hash SHA-256 of the key; null when no such key is in force */
export async function readApiKey(truth: Statements, hash: Uint8Array): Promise<ApiKeyRow | null> {
  const { rows } = await truth.query<ApiKeyRow>(
    "SELECT id, name, scopes FROM api_keys WHERE hash = $1 AND revoked_at IS NULL",
    [hash],
  );
  return rows[0] ?? null;
}

export async function insertApiKey(truth: Statements, key: ApiKeyRow & { hash: Uint8Array }): Promise<void> {
  await truth.query("INSERT INTO api_keys (id, name, hash, scopes) VALUES ($1, $2, $3, $4)", [
    key.id,
    key.name,
    key.hash,
    key.scopes,
  ]);
}
