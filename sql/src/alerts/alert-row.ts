// Alerts as an operator sees and decides them.
import type { AlertKind, AlertState } from "@dropgate/contracts/alert";
import type { Statements } from "../truth.ts";

export interface AlertRow {
  id: string;
  kind: AlertKind;
  subject: string;
  sku: string | null;
  locationId: string | null;
  detail: string;
  data: Record<string, unknown>;
  state: AlertState;
  times: number;
  firstAt: Date;
  lastAt: Date;
  decidedBy: string | null;
  decidedAt: Date | null;
}

const COLUMNS = `id, kind, subject, sku, location_id AS "locationId", detail, data, state, times, first_at AS "firstAt",
  last_at AS "lastAt", decided_by AS "decidedBy", decided_at AS "decidedAt"`;

/** @returns with each the cursor that begins behind it; the newest first */
export async function listAlerts(
  truth: Statements,
  { state, kind }: { state: string | undefined; kind: string | undefined },
  after: { firstMicros: string; id: string } | null,
  limit: number,
): Promise<{ alert: AlertRow; cursor: { firstMicros: string; id: string } }[]> {
  const { rows } = await truth.query<AlertRow & { firstMicros: number }>(
    `SELECT ${COLUMNS}, (extract(epoch FROM first_at) * 1000000)::bigint AS "firstMicros" FROM alerts
     WHERE ($1::text IS NULL OR state = $1) AND ($2::text IS NULL OR kind = $2) AND ($3::bigint IS NULL
       OR (first_at, id) < ('epoch'::timestamptz + $3::bigint * interval '1 microsecond', $4))
     ORDER BY first_at DESC, id DESC LIMIT $5`,
    [state ?? null, kind ?? null, after?.firstMicros ?? null, after?.id ?? "", limit],
  );
  return rows.map(({ firstMicros, ...alert }) => ({
    alert,
    cursor: { firstMicros: String(firstMicros), id: alert.id },
  }));
}

/** Open alerts that were raised, or found again, within the last so many milliseconds: the newest, the oldest of them first. */
export async function readRecentAlerts(
  truth: Statements,
  withinMs: number,
  limit: number,
): Promise<AlertRow[]> {
  const { rows } = await truth.query<AlertRow>(
    `SELECT ${COLUMNS} FROM alerts
     WHERE last_at > statement_timestamp() - $1 * interval '1 millisecond' AND state = 'open'
     ORDER BY last_at DESC LIMIT $2`,
    [withinMs, limit],
  );
  return rows.toReversed();
}

/** What was decided so already stays as it is. @returns null when there is no such alert */
export async function decideAlert(
  tx: Statements,
  id: string,
  state: Exclude<AlertState, "open">,
  decidedBy: string,
): Promise<AlertRow | null> {
  await tx.query(
    `UPDATE alerts SET state = $2, decided_by = $3, decided_at = clock_timestamp()
     WHERE id = $1 AND state NOT IN ($2, 'resolved')`,
    [id, state, decidedBy],
  );
  const { rows } = await tx.query<AlertRow>(`SELECT ${COLUMNS} FROM alerts WHERE id = $1`, [id]);
  return rows[0] ?? null;
}
