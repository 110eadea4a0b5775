// The Ed25519 keys that sign passes. Of those whose time to sign has come the latest signs; all that are not retired
// verify, and those that are yet to sign are published with them.
import type { SigningKey } from "@dropgate/contracts/keys";
import type { Statements, Truth } from "../truth.ts";

export interface SigningKeyRow {
  kid: string;
  publicJwk: Record<string, unknown>;
  /** PKCS #8 DER, sealed. */
  sealedPrivate: Buffer;
  createdAt: Date;
  /** Whether its time to sign has come, by PostgreSQL's clock. */
  maySign: boolean;
}

/** What makes a key. */
export type NewSigningKey = Pick<SigningKeyRow, "kid" | "publicJwk" | "sealedPrivate">;

export interface ListedSigningKey {
  kid: string;
  state: SigningKey["state"];
  createdAt: Date;
  createdBy: string | null;
  signsFrom: Date;
  retiredAt: Date | null;
  passesOut: number;
}

const PUBLISHED = "(retired_at IS NULL OR retired_at > clock_timestamp())";
const LOCK = "SELECT pg_advisory_xact_lock(hashtext('dropgate signing key'))";

/** Those that verify, the one that signs last of all first. */
export async function readSigningKeys(truth: Statements): Promise<SigningKeyRow[]> {
  const { rows } = await truth.query<SigningKeyRow>(
    `SELECT kid, public_jwk AS "publicJwk", sealed_private AS "sealedPrivate", created_at AS "createdAt",
       signs_from <= clock_timestamp() AS "maySign"
     FROM signing_keys WHERE ${PUBLISHED} ORDER BY signs_from DESC, kid`,
  );
  return rows;
}

/**
 * Makes the first key, once, however many gateways start together.
 * @param make called only when there is none
 */
export async function ensureSigningKey(truth: Truth, make: () => NewSigningKey): Promise<SigningKeyRow[]> {
  const there = await readSigningKeys(truth);
  if (there.length > 0) return there;
  return truth.transaction(async (tx) => {
    await tx.query(LOCK);
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

/**
 * Puts a new key behind the one that signs.
 * @param announcedSeconds for how long it is published before it signs
 * @param verifiesSeconds for how long the others are published after that
 * @returns false when there is one already that is yet to sign
 */
export async function rotateSigningKey(
  tx: Statements,
  key: NewSigningKey,
  actor: string,
  announcedSeconds: number,
  verifiesSeconds: number,
): Promise<boolean> {
  await tx.query(LOCK);
  const { rowCount } = await tx.query(
    `WITH made AS (
       INSERT INTO signing_keys (kid, public_jwk, sealed_private, created_by, signs_from)
       SELECT $1, $2, $3, $4, clock_timestamp() + CASE WHEN EXISTS (SELECT 1 FROM signing_keys WHERE ${PUBLISHED})
         THEN $5::int ELSE 0 END * interval '1 second'
       WHERE NOT EXISTS (SELECT 1 FROM signing_keys WHERE signs_from > clock_timestamp())
       RETURNING signs_from
     )
     UPDATE signing_keys k SET retired_at = made.signs_from + $6::int * interval '1 second' FROM made
     WHERE k.retired_at IS NULL`,
    [key.kid, JSON.stringify(key.publicJwk), key.sealedPrivate, actor, announcedSeconds, verifiesSeconds],
  );
  if ((rowCount ?? 0) > 0) return true;
  const { rows } = await tx.query("SELECT 1 FROM signing_keys WHERE kid = $1", [key.kid]);
  return rows.length === 1;
}

/** All there ever were, the newest first. */
export async function listSigningKeys(truth: Statements): Promise<ListedSigningKey[]> {
  const { rows } = await truth.query<ListedSigningKey>(
    `SELECT kid, created_at AS "createdAt", created_by AS "createdBy", signs_from AS "signsFrom",
       retired_at AS "retiredAt", CASE WHEN NOT ${PUBLISHED} THEN 'retired'
         WHEN signs_from > clock_timestamp() THEN 'announced'
         WHEN signs_from = max(signs_from) FILTER (WHERE signs_from <= clock_timestamp()) OVER () THEN 'signing'
         ELSE 'verifying' END AS state,
       (SELECT count(*)::int FROM holds h WHERE h.state IN ('active', 'pending')
         AND h.claimed_at >= k.signs_from AND (k.signs_to IS NULL OR h.claimed_at < k.signs_to)) AS "passesOut"
     FROM (SELECT *, lag(signs_from) OVER (ORDER BY signs_from DESC, kid) AS signs_to FROM signing_keys) k
     ORDER BY signs_from DESC, kid`,
  );
  return rows;
}

/**
 * Publishes a key no more that another one has taken over from. One that signs, or is yet to, stays.
 * @param heardSeconds how long until every gateway knows that another one signs: before that some still sign with it
 * @returns whether it was retired by this call; null: there is no such key
 */
export async function retireSigningKey(
  tx: Statements,
  kid: string,
  heardSeconds: number,
): Promise<boolean | null> {
  await tx.query(LOCK);
  const { rowCount } = await tx.query(
    `UPDATE signing_keys k SET retired_at = clock_timestamp()
     WHERE kid = $1 AND ${PUBLISHED} AND EXISTS (SELECT 1 FROM signing_keys n
       WHERE n.signs_from <= clock_timestamp() - $2 * interval '1 second' AND (n.retired_at IS NULL OR n.retired_at > clock_timestamp())
         AND (n.signs_from, k.kid) > (k.signs_from, n.kid))`,
    [kid, heardSeconds],
  );
  if (rowCount === 1) return true;
  const { rows } = await tx.query("SELECT 1 FROM signing_keys WHERE kid = $1", [kid]);
  return rows.length === 0 ? null : false;
}
