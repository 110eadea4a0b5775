// Which processes are there, by their own word each second.
import { HEARTBEAT_MS } from "@dropgate/contracts/limits";
import type { Statements } from "../truth.ts";

/** How old a worker's word may be before it counts as gone. */
export const WORKER_SILENT_MS_MAX = 5 * HEARTBEAT_MS;

export async function beatAs(
  truth: Statements,
  name: string,
  kind: "gateway" | "worker",
  layout: number,
  figures: unknown = null,
): Promise<void> {
  await truth.query(
    `INSERT INTO process_heartbeats (name, kind, beat_at, layout, figures) VALUES ($1, $2, clock_timestamp(), $3, $4)
     ON CONFLICT (name) DO UPDATE SET kind = excluded.kind, beat_at = excluded.beat_at, layout = excluded.layout,
       figures = excluded.figures`,
    [name, kind, layout, figures === null ? null : JSON.stringify(figures)],
  );
}

/** What the gateways that are alive said of themselves last. */
export async function readFigures(truth: Statements): Promise<{ name: string; figures: unknown }[]> {
  const { rows } = await truth.query<{ name: string; figures: unknown }>(
    `SELECT name, figures FROM process_heartbeats WHERE kind = 'gateway' AND figures IS NOT NULL
       AND beat_at > clock_timestamp() - $1 * interval '1 millisecond'`,
    [WORKER_SILENT_MS_MAX],
  );
  return rows;
}

/** Says that a process has ended on purpose. */
export async function fallSilent(truth: Statements, name: string): Promise<void> {
  await truth.query("DELETE FROM process_heartbeats WHERE name = $1", [name]);
}

export async function isWorkerAlive(truth: Statements): Promise<boolean> {
  const { rows } = await truth.query<{ alive: boolean }>(
    `SELECT EXISTS (SELECT 1 FROM process_heartbeats WHERE kind = 'worker'
       AND beat_at > clock_timestamp() - $1 * interval '1 millisecond') AS alive`,
    [WORKER_SILENT_MS_MAX],
  );
  return rows[0]?.alive ?? false;
}
