// The service's heartbeat, by which windows are judged. After a gap the time that was missed is first added
// to every live window, and only then does the heartbeat count again: nobody's time runs out while we were
// down. One marker row, so that two workers never add the same gap twice.
import { HEARTBEAT_GAP_MS } from "@dropgate/contracts/limits";
import type { Statements, Truth } from "../truth.ts";

/**
 * Beats once; any number of workers may.
 * @returns the gap that was added to the live windows in milliseconds, 0 usually
 */
export function beatService(truth: Truth): Promise<number> {
  return truth.transaction(async (tx) => {
    const { rows } = await tx.query<{ gapMs: number }>(
      `SELECT (extract(epoch FROM clock_timestamp() - beat_at) * 1000)::float8 AS "gapMs"
       FROM service_heartbeat FOR UPDATE`,
    );
    const gapMs = rows[0]?.gapMs ?? 0;
    const gap = gapMs > HEARTBEAT_GAP_MS;
    if (gap) await addGap(tx, gapMs);
    await tx.query("UPDATE service_heartbeat SET beat_at = clock_timestamp()");
    return gap ? gapMs : 0;
  });
}

async function addGap(tx: Statements, gapMs: number): Promise<void> {
  await tx.query(
    `SELECT 1 FROM holds WHERE state IN ('offered', 'active', 'pending') ORDER BY hold_id FOR NO KEY UPDATE`,
  );
  await tx.query(
    `WITH longer AS (
       UPDATE holds SET claim_by = claim_by + $1 * interval '1 millisecond',
         expires_at = expires_at + $1 * interval '1 millisecond', rev = rev + 1
       WHERE state IN ('offered', 'active', 'pending') RETURNING entry_id, hold_id
     )
     UPDATE entries e SET rev = e.rev + 1 FROM longer l WHERE e.entry_id = l.entry_id AND e.hold_id = l.hold_id`,
    [gapMs],
  );
  await tx.query(
    "SELECT 1 FROM reservations WHERE state IN ('active', 'pending') ORDER BY id FOR NO KEY UPDATE",
  );
  await tx.query(
    `UPDATE reservations SET expires_at = expires_at + $1 * interval '1 millisecond', rev = rev + 1
     WHERE state IN ('active', 'pending')`,
    [gapMs],
  );
}

/** Says that a process is there; readyz asks for a worker. */
export async function beatProcess(
  truth: Statements,
  name: string,
  kind: "gateway" | "worker",
): Promise<void> {
  await truth.query(
    `INSERT INTO process_heartbeats (name, kind) VALUES ($1, $2)
     ON CONFLICT (name) DO UPDATE SET beat_at = clock_timestamp(), kind = excluded.kind`,
    [name, kind],
  );
}
