// Sessions of the console: found by the hash of their token, judged by PostgreSQL's clock at every call, so that one that
// was ended or whose operator was disabled opens nothing any more.
import type { Role } from "@dropgate/contracts/roles";
import type { Statements } from "../truth.ts";

export interface SessionRow {
  operatorId: string;
  email: string;
  name: string;
  role: Role;
  mustChangePassword: boolean;
  openedAt: Date;
  expiresAt: Date;
}

/** How long sessions last. */
export interface SessionTimes {
  /** Unused. */
  idleSeconds: number;
  /** However much used. */
  lastsSeconds: number;
}

/**
 * @param hash SHA-256 of the token
 * @param seenSeconds how exactly it is to be known when a session was used last
 */
export async function readSession(
  truth: Statements,
  hash: Uint8Array,
  { idleSeconds, lastsSeconds }: SessionTimes,
  seenSeconds: number,
): Promise<SessionRow | null> {
  const { rows } = await truth.query<SessionRow>(
    `WITH found AS (
       SELECT s.token_hash, o.id AS "operatorId", o.email, o.name, o.role,
         o.must_change_password AS "mustChangePassword", s.opened_at AS "openedAt",
         s.opened_at + $3 * interval '1 second' AS "expiresAt"
       FROM operator_sessions s JOIN operators o ON o.id = s.operator_id
       WHERE s.token_hash = $1 AND o.disabled_at IS NULL
         AND s.seen_at > clock_timestamp() - $2 * interval '1 second'
         AND s.opened_at > clock_timestamp() - $3 * interval '1 second'
     ), seen AS (
       UPDATE operator_sessions s SET seen_at = clock_timestamp() FROM found f
       WHERE s.token_hash = f.token_hash AND s.seen_at < clock_timestamp() - $4 * interval '1 second'
     )
     SELECT "operatorId", email, name, role, "mustChangePassword", "openedAt", "expiresAt" FROM found`,
    [hash, idleSeconds, lastsSeconds, seenSeconds],
  );
  return rows[0] ?? null;
}

/** What a session still allows, for one that looks on without calling. */
export interface SessionStanding {
  tokenHash: Buffer;
  role: Role;
  mustChangePassword: boolean;
}

/** Which of these sessions last. Looking on is no use of them: they run out meanwhile as if nobody were there. */
export async function readStandings(
  truth: Statements,
  hashes: readonly Uint8Array[],
  { idleSeconds, lastsSeconds }: SessionTimes,
): Promise<SessionStanding[]> {
  const { rows } = await truth.query<SessionStanding>(
    `SELECT s.token_hash AS "tokenHash", o.role, o.must_change_password AS "mustChangePassword"
     FROM operator_sessions s JOIN operators o ON o.id = s.operator_id
     WHERE s.token_hash = ANY($1) AND o.disabled_at IS NULL
       AND s.seen_at > clock_timestamp() - $2 * interval '1 second'
       AND s.opened_at > clock_timestamp() - $3 * interval '1 second'`,
    [hashes, idleSeconds, lastsSeconds],
  );
  return rows;
}

/**
 * Opens a session for whoever proved a password: only if it is still theirs and they are still active. The operator's
 * row is locked by it before the session is written, as by all who end sessions, so that none slips past them.
 * @param proven the hash that the password was held against, and the one to keep from now on
 * @param sessionsMax how many the operator may have; the oldest go, and those that have ended
 * @returns whether it was opened
 */
export async function openSession(
  tx: Statements,
  operatorId: string,
  proven: { hash: string; keep: string },
  tokenHash: Uint8Array,
  { idleSeconds, lastsSeconds }: SessionTimes,
  sessionsMax: number,
): Promise<boolean> {
  const { rowCount } = await tx.query(
    `UPDATE operators SET last_sign_in_at = clock_timestamp(), password_hash = $3
     WHERE id = $1 AND password_hash = $2 AND disabled_at IS NULL`,
    [operatorId, proven.hash, proven.keep],
  );
  if (rowCount !== 1) return false;
  await tx.query(
    `DELETE FROM operator_sessions WHERE operator_id = $1 AND (
       seen_at <= clock_timestamp() - $2 * interval '1 second'
       OR opened_at <= clock_timestamp() - $3 * interval '1 second'
       OR token_hash IN (SELECT token_hash FROM operator_sessions WHERE operator_id = $1
         ORDER BY opened_at DESC, token_hash OFFSET $4))`,
    [operatorId, idleSeconds, lastsSeconds, sessionsMax - 1],
  );
  await tx.query("INSERT INTO operator_sessions (token_hash, operator_id) VALUES ($1, $2)", [
    tokenHash,
    operatorId,
  ]);
  return true;
}

export async function endSession(truth: Statements, tokenHash: Uint8Array): Promise<void> {
  await truth.query("DELETE FROM operator_sessions WHERE token_hash = $1", [tokenHash]);
}

/** All of an operator's; the caller has locked the operator, or does not mind one that is just being opened. */
export async function endSessionsOf(truth: Statements, operatorId: string): Promise<number> {
  const { rowCount } = await truth.query("DELETE FROM operator_sessions WHERE operator_id = $1", [
    operatorId,
  ]);
  return rowCount ?? 0;
}
