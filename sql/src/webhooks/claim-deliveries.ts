// Hands a worker what webhooks are to be told now. A claim is a time: until then nobody else takes the delivery; after it
// the worker counts as dead and another sends it again, under the same event id.
import type { WebhookEvent } from "@dropgate/contracts/webhooks";
import type { Statements } from "../truth.ts";

export interface ClaimedDelivery {
  nth: number;
  webhookId: string;
  type: WebhookEvent["type"];
  body: WebhookEvent;
  url: string;
  sealedSecret: Buffer;
  /** While a secret is being exchanged. */
  sealedPrevious: Buffer | null;
  /** With this one. */
  attempts: number;
  /** The outcome of an older claim is not written. */
  claim: number;
  /** When it was claimed, by PostgreSQL's clock: what the signature says. */
  atSeconds: number;
}

export interface Claim {
  /** Left alone this time. */
  busyWebhooks: readonly string[];
  /** From each, so that one that does not answer holds up no other. */
  perWebhook: number;
  /** Of all. */
  most: number;
  /** How long the worker has. */
  leaseMs: number;
}

/**
 * Of each subject the first that waits, if its time has come (see claim-requests); tests also of webhooks that are
 * disabled, so that one can be tried before it is enabled.
 */
export async function claimDeliveries(truth: Statements, claim: Claim): Promise<ClaimedDelivery[]> {
  const { rows } = await truth.query<ClaimedDelivery>(
    `WITH due AS (
       SELECT d.id FROM webhooks w CROSS JOIN LATERAL (
         SELECT d.id FROM webhook_deliveries d
         WHERE d.webhook_id = w.id AND d.state = 'waiting' AND d.next_at <= statement_timestamp()
           AND d.id = (SELECT first.id FROM webhook_deliveries first WHERE first.webhook_id = d.webhook_id
             AND first.subject = d.subject AND first.state = 'waiting' ORDER BY first.id LIMIT 1)
         ORDER BY d.next_at, d.id LIMIT $2 FOR NO KEY UPDATE SKIP LOCKED) d
       WHERE w.disabled_by IS NULL AND w.id <> ALL ($1::text[])
       LIMIT $3
     ), tests AS (
       SELECT id FROM webhook_deliveries
       WHERE state = 'waiting' AND type = 'webhook.test' AND next_at <= statement_timestamp()
       ORDER BY next_at LIMIT $3 FOR NO KEY UPDATE SKIP LOCKED
     )
     UPDATE webhook_deliveries d SET attempts = d.attempts + 1, claim = d.claim + 1,
       next_at = clock_timestamp() + $4 * interval '1 millisecond'
     FROM webhooks w
     WHERE d.id IN (SELECT id FROM due UNION SELECT id FROM tests) AND w.id = d.webhook_id
     RETURNING d.id AS nth, d.webhook_id AS "webhookId", d.type, d.body, w.url, w.secret AS "sealedSecret",
       CASE WHEN w.previous_until > clock_timestamp() THEN w.previous_secret END AS "sealedPrevious",
       d.attempts, d.claim, extract(epoch FROM clock_timestamp())::bigint AS "atSeconds"`,
    [claim.busyWebhooks, claim.perWebhook, claim.most, claim.leaseMs],
  );
  return rows.toSorted((one, other) => one.nth - other.nth);
}
