// Answers kept under their Idempotency-Key. A row stands from the moment its request begins (in a commit of
// its own, so that a second one meets it) and gets its answer in the very transaction of the effect: there is
// no moment at which the one is there without the other.
import { IDEMPOTENCY_BUSY_MS_MAX, IDEMPOTENCY_HOURS } from "@dropgate/contracts/limits";
import type { Statements } from "../truth.ts";

/** Under what an answer is kept. */
export interface IdempotencyScope {
  apiKeyId: string;
  method: string;
  path: string;
  key: string;
}

export type Begun =
  /** It is ours to do, under this run. */
  | { begun: "first" }
  /** It was done: the answer, byte for byte. */
  | { begun: "done"; status: number; body: Buffer }
  | { begun: "mismatch" }
  | { begun: "running" };

/**
 * Takes the key for this run: a new one, one whose process must have died, or one too old to count.
 * @param bodyHash SHA-256 of the request's body
 * @param run a random name of this request
 */
export async function beginIdempotent(
  truth: Statements,
  scope: IdempotencyScope,
  bodyHash: Uint8Array,
  run: string,
): Promise<Begun> {
  const { rows: taken } = await truth.query(
    `INSERT INTO idempotency_keys AS k (api_key_id, method, path, key, body_hash, run)
     VALUES ($1, $2, $3, $4, $5, $6)
     ON CONFLICT (api_key_id, method, path, key) DO UPDATE
       SET body_hash = excluded.body_hash, run = excluded.run, status = NULL, body = NULL,
         started_at = clock_timestamp()
       WHERE k.started_at < clock_timestamp() - $7 * interval '1 hour'
         OR (k.status IS NULL AND k.body_hash = excluded.body_hash
           AND k.started_at < clock_timestamp() - $8 * interval '1 millisecond')
     RETURNING 1`,
    [
      scope.apiKeyId,
      scope.method,
      scope.path,
      scope.key,
      bodyHash,
      run,
      IDEMPOTENCY_HOURS,
      IDEMPOTENCY_BUSY_MS_MAX,
    ],
  );
  if (taken.length === 1) return { begun: "first" };
  const { rows } = await truth.query<{ same: boolean; status: number | null; body: Buffer | null }>(
    `SELECT body_hash = $5 AS same, status, body FROM idempotency_keys
     WHERE api_key_id = $1 AND method = $2 AND path = $3 AND key = $4`,
    [scope.apiKeyId, scope.method, scope.path, scope.key, bodyHash],
  );
  const there = rows[0];
  // Given up between our two looks: whoever asks again will find it free.
  if (!there) return { begun: "running" };
  if (!there.same) return { begun: "mismatch" };
  if (there.status === null || there.body === null) return { begun: "running" };
  return { begun: "done", status: there.status, body: there.body };
}

/** One request's final answer. */
export interface KeptAnswer {
  scope: IdempotencyScope;
  run: string;
  status: number;
  body: Uint8Array;
}

/**
 * Keeps answers within the transaction of their effects.
 * @returns the runs whose key they still had; another run has taken over the rest, whose effects must not be
 *   committed here
 */
export async function keepAnswers(tx: Statements, answers: readonly KeptAnswer[]): Promise<Set<string>> {
  if (answers.length === 0) return new Set();
  const { rows } = await tx.query<{ run: string }>(
    `UPDATE idempotency_keys k SET status = a.status, body = a.body
     FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::smallint[], $7::bytea[])
       AS a(api_key_id, method, path, key, run, status, body)
     WHERE k.api_key_id = a.api_key_id AND k.method = a.method AND k.path = a.path AND k.key = a.key
       AND k.run = a.run AND k.status IS NULL
     RETURNING k.run`,
    [
      answers.map((a) => a.scope.apiKeyId),
      answers.map((a) => a.scope.method),
      answers.map((a) => a.scope.path),
      answers.map((a) => a.scope.key),
      answers.map((a) => a.run),
      answers.map((a) => a.status),
      answers.map((a) => a.body),
    ],
  );
  return new Set(rows.map((row) => row.run));
}

/** Gives a key back whose request came to no final answer, so that the next try runs at once. */
export async function abandonIdempotent(
  truth: Statements,
  scope: IdempotencyScope,
  run: string,
): Promise<void> {
  await truth.query(
    `DELETE FROM idempotency_keys
     WHERE api_key_id = $1 AND method = $2 AND path = $3 AND key = $4 AND run = $5 AND status IS NULL`,
    [scope.apiKeyId, scope.method, scope.path, scope.key, run],
  );
}

/**
 * Deletes the oldest of what counts no more (beginIdempotent would take it over), passing over what is in use.
 * @returns how many
 */
export async function sweepIdempotent(truth: Statements, most: number): Promise<number> {
  const { rowCount } = await truth.query(
    `DELETE FROM idempotency_keys k USING (
       SELECT api_key_id, method, path, key FROM idempotency_keys
       WHERE started_at < statement_timestamp() - $1 * interval '1 hour'
       ORDER BY started_at LIMIT $2 FOR UPDATE SKIP LOCKED) old
     WHERE k.api_key_id = old.api_key_id AND k.method = old.method AND k.path = old.path AND k.key = old.key`,
    [IDEMPOTENCY_HOURS, most],
  );
  return rowCount ?? 0;
}
