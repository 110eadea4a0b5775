// Events on their way to a webhook, and the pages in which they are looked at.
import type { DeliveryState, WebhookEvent } from "@dropgate/contracts/webhooks";
import type { Statements } from "../truth.ts";

export interface DeliveryRow {
  /** In the order in which they happened. */
  nth: number;
  eventId: string;
  type: WebhookEvent["type"];
  subject: string;
  body: WebhookEvent;
  state: DeliveryState;
  attempts: number;
  nextAt: Date;
  lastStatus: number | null;
  lastMs: number | null;
  lastAnswer: string | null;
  lastError: string | null;
  createdAt: Date;
  sentAt: Date | null;
}

const COLUMNS = `id AS nth, event_id AS "eventId", type, subject, body, state, attempts, next_at AS "nextAt",
  last_status AS "lastStatus", last_ms AS "lastMs", last_answer AS "lastAnswer", last_error AS "lastError",
  created_at AS "createdAt", sent_at AS "sentAt"`;

export interface DeliveryFilter {
  state?: DeliveryState | undefined;
  type?: WebhookEvent["type"] | undefined;
}

/** The newest first. */
export async function listDeliveries(
  truth: Statements,
  webhookId: string,
  { state, type }: DeliveryFilter,
  before: number | null,
  limit: number,
): Promise<DeliveryRow[]> {
  const values: unknown[] = [webhookId, before, limit];
  const where = ["webhook_id = $1", "($2::bigint IS NULL OR id < $2)"];
  // Written out, so that the states have their own small indexes.
  if (state !== undefined) where.push(`state = '${state}'`);
  if (type !== undefined) where.push(`type = $${values.push(type)}`);
  const { rows } = await truth.query<DeliveryRow>(
    `SELECT ${COLUMNS} FROM webhook_deliveries WHERE ${where.join(" AND ")} ORDER BY id DESC LIMIT $3`,
    values,
  );
  return rows;
}

export async function readDelivery(
  tx: Statements,
  webhookId: string,
  nth: number,
): Promise<DeliveryRow | null> {
  const { rows } = await tx.query<DeliveryRow>(
    `SELECT ${COLUMNS} FROM webhook_deliveries WHERE webhook_id = $1 AND id = $2`,
    [webhookId, nth],
  );
  return rows[0] ?? null;
}

/**
 * Sends it once more. One that waits stays as it is, for it may be on its way at this moment.
 * @returns null when there is no such delivery; else what it is now, and whether this made it wait
 */
export async function resendDelivery(
  tx: Statements,
  webhookId: string,
  nth: number,
): Promise<{ delivery: DeliveryRow; isResent: boolean } | null> {
  const { rows } = await tx.query<DeliveryRow>(
    `UPDATE webhook_deliveries SET state = 'waiting', sent_at = NULL, attempts = 0, next_at = clock_timestamp()
     WHERE webhook_id = $1 AND id = $2 AND state <> 'waiting' RETURNING ${COLUMNS}`,
    [webhookId, nth],
  );
  const delivery = rows[0] ?? (await readDelivery(tx, webhookId, nth));
  return delivery === null ? null : { delivery, isResent: rows.length > 0 };
}

/** An event of its own that only this webhook is told, whatever it listens to. @returns the delivery's number */
export async function insertTest(tx: Statements, webhookId: string, eventId: string): Promise<number> {
  const { rows } = await tx.query<{ nth: number }>(
    `INSERT INTO webhook_deliveries (webhook_id, event_id, type, subject, body)
     VALUES ($1, $2, 'webhook.test', 'test ' || $2, jsonb_build_object('id', $2::text, 'type', 'webhook.test',
       'at', wire_time(clock_timestamp()), 'subject', 'test ' || $2, 'data',
       jsonb_build_object('webhookId', $1::text)))
     RETURNING id AS nth`,
    [webhookId, eventId],
  );
  return rows[0]?.nth ?? 0;
}
