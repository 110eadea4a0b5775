// The Ed25519 keys that sign passes. The newest signs; all that are not retired verify.
import type { Statements, Truth } from "../truth.ts";

export interface SigningKeyRow {
  kid: string;
  publicJwk: Record<string, unknown>;
  /** PKCS #8 DER, sealed. */
  sealedPrivate: Buffer;
  createdAt: Date;
}

const COLUMNS = `kid, public_jwk AS "publicJwk", sealed_private AS "sealedPrivate", created_at AS "createdAt"`;

/** Those that verify, the newest first. */
export async function readSigningKeys(truth: Statements): Promise<SigningKeyRow[]> {
  const { rows } = await truth.query<SigningKeyRow>(
    `SELECT ${COLUMNS} FROM signing_keys WHERE retired_at IS NULL ORDER BY created_at DESC, kid`,
  );
  return rows;
}

/**
 * Makes the first key, once, however many gateways start together.
 * @param make called only when there is none
 */
export async function ensureSigningKey(
  truth: Truth,
  make: () => Omit<SigningKeyRow, "createdAt">,
): Promise<SigningKeyRow[]> {
  const there = await readSigningKeys(truth);
  if (there.length > 0) return there;
  return truth.transaction(async (tx) => {
    await tx.query("SELECT pg_advisory_xact_lock(hashtext('dropgate signing key'))");
    const meanwhile = await readSigningKeys(tx);
    if (meanwhile.length > 0) return meanwhile;
    const key = make();
    await tx.query("INSERT INTO signing_keys (kid, public_jwk, sealed_private) VALUES ($1, $2, $3)", [
      key.kid,
      JSON.stringify(key.publicJwk),
      key.sealedPrivate,
    ]);
    return readSigningKeys(tx);
  });
}
