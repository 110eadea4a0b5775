// Counts of tries to sign in: locked together, so that a thousand tries at once are counted one after the other.
import type { Statements } from "../truth.ts";

export interface LockedTries {
  /** By PostgreSQL's clock, read after the locks. */
  nowMs: number;
  /** When each count has all of its tries again, in the order of the keys. */
  fullAtMs: number[];
}

/** @param keys SHA-256 of what is counted */
export async function lockTries(tx: Statements, keys: readonly Uint8Array[]): Promise<LockedTries> {
  // One statement, in the order of the keys: two tries that share counts do not wait for each other in a circle. A count
  // that is there is locked by being written as it is; asked for later, it could have been swept in between.
  const { rows } = await tx.query<{ key: Buffer; fullAtMs: number }>(
    `INSERT INTO sign_in_tries AS t (key, full_at)
     SELECT key, clock_timestamp() FROM unnest($1::bytea[]) AS k(key) ORDER BY key
     ON CONFLICT (key) DO UPDATE SET full_at = t.full_at
     RETURNING key, (extract(epoch FROM full_at) * 1000)::float8 AS "fullAtMs"`,
    [keys],
  );
  const clock = await tx.query<{ nowMs: number }>(
    `SELECT (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS "nowMs"`,
  );
  const byKey = new Map(rows.map(({ key, fullAtMs }) => [key.toString("hex"), fullAtMs]));
  return {
    nowMs: clock.rows[0]?.nowMs ?? 0,
    fullAtMs: keys.map((key) => byKey.get(Buffer.from(key).toString("hex")) ?? 0),
  };
}

/** The caller has locked them. */
export async function writeTries(
  tx: Statements,
  counts: readonly { key: Uint8Array; fullAtMs: number }[],
): Promise<void> {
  await tx.query(
    `UPDATE sign_in_tries t SET full_at = 'epoch'::timestamptz + c.ms * interval '1 millisecond'
     FROM unnest($1::bytea[], $2::float8[]) AS c(key, ms) WHERE t.key = c.key`,
    [counts.map(({ key }) => key), counts.map(({ fullAtMs }) => fullAtMs)],
  );
}

/** Gives tries back that were none: each count is full sooner by so much. */
export async function giveTriesBack(
  tx: Statements,
  tries: readonly { key: Uint8Array; ms: number }[],
): Promise<void> {
  await tx.query(
    `WITH locked AS (SELECT key FROM sign_in_tries WHERE key = ANY($1::bytea[]) ORDER BY key FOR UPDATE)
     UPDATE sign_in_tries t SET full_at = t.full_at - g.ms * interval '1 millisecond'
     FROM locked l, unnest($1::bytea[], $2::float8[]) AS g(key, ms) WHERE t.key = l.key AND g.key = t.key`,
    [tries.map(({ key }) => key), tries.map(({ ms }) => ms)],
  );
}

/** Removes counts that have all of their tries: they say what no row says too. Those in use are passed over. */
export async function sweepTries(truth: Statements, most: number): Promise<void> {
  await truth.query(
    `DELETE FROM sign_in_tries WHERE key IN (SELECT key FROM sign_in_tries
       WHERE full_at < statement_timestamp() - interval '1 minute' ORDER BY full_at LIMIT $1 FOR UPDATE SKIP LOCKED)`,
    [most],
  );
}
