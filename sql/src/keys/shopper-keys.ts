// The keys with which shops sign who their shoppers are.
import type { Statements } from "../truth.ts";

export interface ShopperKeyRow {
  kid: string;
  alg: "HS256" | "EdDSA" | "ES256";
  /** HS256 only: the secret, sealed. */
  sealedSecret: Buffer | null;
  publicJwk: Record<string, unknown> | null;
}

/** All that are in force: a shop has one or two. */
export async function readShopperKeys(truth: Statements): Promise<ShopperKeyRow[]> {
  const { rows } = await truth.query<ShopperKeyRow>(
    `SELECT kid, alg, sealed_secret AS "sealedSecret", public_jwk AS "publicJwk"
     FROM shopper_keys WHERE revoked_at IS NULL`,
  );
  return rows;
}

/** @returns false when the kid is taken */
export async function insertShopperKey(truth: Statements, key: ShopperKeyRow): Promise<boolean> {
  const { rowCount } = await truth.query(
    `INSERT INTO shopper_keys (kid, alg, sealed_secret, public_jwk) VALUES ($1, $2, $3, $4)
     ON CONFLICT (kid) DO NOTHING`,
    [key.kid, key.alg, key.sealedSecret, key.publicJwk === null ? null : JSON.stringify(key.publicJwk)],
  );
  return rowCount === 1;
}
