// The keys with which shops sign who their shoppers are.
import type { Statements } from "../truth.ts";
import type { AfterKey } from "./api-keys.ts";

export interface ShopperKeyRow {
  kid: string;
  alg: "HS256" | "EdDSA" | "ES256";
  /** HS256 only: the secret, sealed. */
  sealedSecret: Buffer | null;
  publicJwk: Record<string, unknown> | null;
}

/** A key as an admin sees it. */
export interface ListedShopperKey {
  kid: string;
  alg: ShopperKeyRow["alg"];
  createdAt: Date;
  createdBy: string | null;
  revokedAt: Date | null;
  revokedBy: string | null;
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
export async function insertShopperKey(
  truth: Statements,
  key: ShopperKeyRow & { createdBy: string },
): Promise<boolean> {
  const { rowCount } = await truth.query(
    `INSERT INTO shopper_keys (kid, alg, sealed_secret, public_jwk, created_by) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (kid) DO NOTHING`,
    [
      key.kid,
      key.alg,
      key.sealedSecret,
      key.publicJwk === null ? null : JSON.stringify(key.publicJwk),
      key.createdBy,
    ],
  );
  return rowCount === 1;
}

const LISTED = `kid, alg, created_at AS "createdAt", created_by AS "createdBy", revoked_at AS "revokedAt",
  revoked_by AS "revokedBy"`;

/** @returns with each the cursor that begins behind it; the newest first */
export async function listShopperKeys(
  truth: Statements,
  after: AfterKey | null,
  limit: number,
): Promise<{ key: ListedShopperKey; cursor: AfterKey }[]> {
  const { rows } = await truth.query<ListedShopperKey & { micros: number }>(
    `SELECT ${LISTED}, (extract(epoch FROM created_at) * 1000000)::bigint AS micros FROM shopper_keys
     WHERE $1::bigint IS NULL OR (created_at, kid) < ('epoch'::timestamptz + $1::bigint * interval '1 microsecond', $2)
     ORDER BY created_at DESC, kid DESC LIMIT $3`,
    [after?.createdMicros ?? null, after?.id ?? "", limit],
  );
  return rows.map(({ micros, ...key }) => ({ key, cursor: { createdMicros: String(micros), id: key.kid } }));
}

/** One that was revoked stays as it is. @returns null when there is no such key */
export async function revokeShopperKey(
  tx: Statements,
  kid: string,
  actor: string,
): Promise<{ key: ListedShopperKey; revokedNow: boolean } | null> {
  const { rowCount } = await tx.query(
    "UPDATE shopper_keys SET revoked_at = clock_timestamp(), revoked_by = $2 WHERE kid = $1 AND revoked_at IS NULL",
    [kid, actor],
  );
  const { rows } = await tx.query<ListedShopperKey>(`SELECT ${LISTED} FROM shopper_keys WHERE kid = $1`, [
    kid,
  ]);
  return rows[0] === undefined ? null : { key: rows[0], revokedNow: rowCount === 1 };
}
