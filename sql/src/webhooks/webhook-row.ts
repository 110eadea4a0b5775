// Webhooks as PostgreSQL has them.
import type { WebhookEventType } from "@dropgate/contracts/webhooks";
import type { Statements } from "../truth.ts";

export interface WebhookRow {
  id: string;
  url: string;
  description: string | null;
  events: WebhookEventType[];
  disabledBy: "operator" | "failing" | null;
  failingSince: Date | null;
  deliveredAt: Date | null;
  lastError: string | null;
  /** Null: events are signed with one secret. */
  previousUntil: Date | null;
  createdAt: Date;
  createdBy: string;
  /** Deliveries that wait, and those that were given up; of very many, so many as are counted. */
  waiting: number;
  dead: number;
}

/** Of a million dead letters nobody needs the last digit. */
const COUNTED_MAX = 10_000;
const COUNT = (state: "waiting" | "dead"): string =>
  `(SELECT count(*) FROM (SELECT FROM webhook_deliveries d WHERE d.webhook_id = w.id AND d.state = '${state}'
    LIMIT ${COUNTED_MAX}) c)`;
const COLUMNS = `w.id, w.url, w.description, w.events, w.disabled_by AS "disabledBy", w.failing_since AS "failingSince",
  w.delivered_at AS "deliveredAt", w.last_error AS "lastError",
  CASE WHEN w.previous_until > clock_timestamp() THEN w.previous_until END AS "previousUntil",
  w.created_at AS "createdAt", w.created_by AS "createdBy", ${COUNT("waiting")} AS waiting, ${COUNT("dead")} AS dead`;

export interface AfterWebhook {
  createdMicros: string;
  id: string;
}

/** @returns with each the cursor that begins behind it; the newest first */
export async function listWebhooks(
  truth: Statements,
  after: AfterWebhook | null,
  limit: number,
): Promise<{ webhook: WebhookRow; cursor: AfterWebhook }[]> {
  const { rows } = await truth.query<WebhookRow & { micros: number }>(
    `SELECT ${COLUMNS}, (extract(epoch FROM w.created_at) * 1000000)::bigint AS micros FROM webhooks w
     WHERE $1::bigint IS NULL
       OR (w.created_at, w.id) < ('epoch'::timestamptz + $1::bigint * interval '1 microsecond', $2)
     ORDER BY w.created_at DESC, w.id DESC LIMIT $3`,
    [after?.createdMicros ?? null, after?.id ?? "", limit],
  );
  return rows.map(({ micros, ...webhook }) => ({
    webhook,
    cursor: { createdMicros: String(micros), id: webhook.id },
  }));
}

export async function readWebhook(tx: Statements, id: string): Promise<WebhookRow | null> {
  const { rows } = await tx.query<WebhookRow>(`SELECT ${COLUMNS} FROM webhooks w WHERE w.id = $1`, [id]);
  return rows[0] ?? null;
}

/** The same, locked until the caller's transaction ends. */
export async function lockWebhook(tx: Statements, id: string): Promise<WebhookRow | null> {
  await tx.query("SELECT 1 FROM webhooks WHERE id = $1 FOR NO KEY UPDATE", [id]);
  return readWebhook(tx, id);
}

export interface NewWebhook {
  id: string;
  url: string;
  description: string | null;
  events: readonly WebhookEventType[];
  enabled: boolean;
  sealedSecret: Uint8Array;
  createdBy: string;
}

/** @returns false when there are `most` already */
export async function insertWebhook(tx: Statements, webhook: NewWebhook, most: number): Promise<boolean> {
  await tx.query("SELECT pg_advisory_xact_lock(hashtext('dropgate webhooks'))");
  const { rowCount } = await tx.query(
    `INSERT INTO webhooks (id, url, description, events, disabled_by, secret, created_by)
     SELECT $1, $2, $3, $4, $5, $6, $7 WHERE (SELECT count(*) FROM webhooks) < $8`,
    [
      webhook.id,
      webhook.url,
      webhook.description,
      webhook.events,
      webhook.enabled ? null : "operator",
      webhook.sealedSecret,
      webhook.createdBy,
      most,
    ],
  );
  return rowCount === 1;
}

export type WebhookChange = Pick<WebhookRow, "url" | "description" | "events"> & { enabled: boolean };

/** The caller has locked it. One that is enabled again has the whole time once more until it counts as failing. */
export async function writeWebhook(tx: Statements, id: string, to: WebhookChange): Promise<void> {
  await tx.query(
    `UPDATE webhooks SET url = $2, description = $3, events = $4,
       failing_since = CASE WHEN $5 AND disabled_by IS NOT NULL THEN NULL ELSE failing_since END,
       disabled_by = CASE WHEN $5 THEN NULL ELSE coalesce(disabled_by, 'operator') END
     WHERE id = $1`,
    [id, to.url, to.description, to.events, to.enabled],
  );
}

/** The secret that there was goes on for a while beside the new one. */
export async function writeSecret(
  tx: Statements,
  id: string,
  sealedSecret: Uint8Array,
  overlapSeconds: number,
): Promise<void> {
  await tx.query(
    `UPDATE webhooks SET secret = $2, previous_secret = CASE WHEN $3::int > 0 THEN secret END,
       previous_until = CASE WHEN $3::int > 0 THEN clock_timestamp() + $3::int * interval '1 second' END
     WHERE id = $1`,
    [id, sealedSecret, overlapSeconds],
  );
}

export async function removeWebhook(tx: Statements, id: string): Promise<void> {
  await tx.query("DELETE FROM webhooks WHERE id = $1", [id]);
  await tx.query("DELETE FROM webhook_deliveries WHERE webhook_id = $1", [id]);
}
