// The secret of a webhook: made here, sealed in PostgreSQL, opened by the worker that signs with it.
import { randomBytes } from "node:crypto";

const SECRET_BYTES = 32;

/** Shown once to who adds the webhook. */
export function newWebhookSecret(): string {
  return `whs_${randomBytes(SECRET_BYTES).toString("base64url")}`;
}

/** What a secret is sealed about. */
export function webhookSealedAbout(webhookId: string): string {
  return `webhook ${webhookId}`;
}
