// Writes down what somebody should look at. What is open already is counted, so that a fault which is found each
// second is one alert.
import type { AlertKind } from "@dropgate/contracts/alert";
import type { Statements } from "../truth.ts";

export interface NewAlert {
  /** Used when there is no open one of this kind and subject. */
  id: string;
  kind: AlertKind;
  subject: string;
  sku?: string | undefined;
  locationId?: string | undefined;
  detail: string;
  data?: Record<string, unknown>;
}

/** @param alerts several of one kind and subject count as the last of them */
export async function raiseAlerts(tx: Statements, alerts: readonly NewAlert[]): Promise<void> {
  if (alerts.length === 0) return;
  const once = [...new Map(alerts.map((alert) => [`${alert.kind}\n${alert.subject}`, alert])).values()];
  await tx.query(
    `INSERT INTO alerts (id, kind, subject, sku, location_id, detail, data)
     SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::jsonb[])
       AS a(id, kind, subject, sku, location_id, detail, data)
     ORDER BY a.kind COLLATE "C", a.subject COLLATE "C"
     ON CONFLICT (kind, subject) WHERE state = 'open' DO UPDATE
       SET times = alerts.times + 1, last_at = clock_timestamp(), detail = excluded.detail, data = excluded.data`,
    [
      once.map((a) => a.id),
      once.map((a) => a.kind),
      once.map((a) => a.subject),
      once.map((a) => a.sku ?? null),
      once.map((a) => a.locationId ?? null),
      once.map((a) => a.detail),
      once.map((a) => JSON.stringify(a.data ?? {})),
    ],
  );
}

/** What was to be looked at has settled by itself. */
export async function resolveAlerts(
  tx: Statements,
  kind: AlertKind,
  subject: string,
  decidedBy: string,
): Promise<void> {
  await tx.query(
    `UPDATE alerts SET state = 'resolved', decided_by = $3, decided_at = clock_timestamp()
     WHERE kind = $1 AND subject = $2 AND state = 'open'`,
    [kind, subject, decidedBy],
  );
}
