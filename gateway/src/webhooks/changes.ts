// Webhooks are added, changed and removed: each within the caller's transaction, with who did it.
import { randomBytes } from "node:crypto";
import { type Outcome, refuse } from "@dropgate/contracts/refusals";
import type { WebhookCreate, WebhookPatch } from "@dropgate/contracts/webhooks";
import type { Sealer } from "@dropgate/inventory/sealing";
import { newWebhookSecret, webhookSealedAbout } from "@dropgate/inventory/webhook-secret";
import type { Statements } from "@dropgate/sql";
import { insertSettingsAct } from "@dropgate/sql/settings/acts";
import { type DeliveryRow, resendDelivery } from "@dropgate/sql/webhooks/delivery-row";
import {
  insertWebhook,
  lockWebhook,
  readWebhook,
  removeWebhook,
  type WebhookChange,
  type WebhookRow,
  writeSecret,
  writeWebhook,
} from "@dropgate/sql/webhooks/webhook-row";

const ID_BYTES = 9;
const EVENT_ID_BYTES = 16;

export interface WithSecret {
  webhook: WebhookRow;
  secret: string;
}

export function newEventId(): string {
  return `evt_${randomBytes(EVENT_ID_BYTES).toString("hex")}`;
}

/** @param most webhooks there may be */
export async function addWebhookIn(
  tx: Statements,
  sealer: Sealer,
  { url, events, description, enabled }: WebhookCreate,
  actor: string,
  most: number,
): Promise<Outcome<WithSecret>> {
  const id = `wh_${randomBytes(ID_BYTES).toString("base64url")}`;
  const secret = newWebhookSecret();
  const webhook = {
    id,
    url,
    description: description ?? null,
    events: [...new Set(events)],
    enabled,
    sealedSecret: sealer.seal(Buffer.from(secret), webhookSealedAbout(id)),
    createdBy: actor,
  };
  if (!(await insertWebhook(tx, webhook, most))) {
    return refuse("WRONG_STATE", { detail: `There are ${most} webhooks already. Remove one first.` });
  }
  await insertSettingsAct(tx, {
    act: "webhook.made",
    subject: id,
    actor,
    data: { url, events: webhook.events, enabled },
  });
  return { ok: true, value: { webhook: await thatIsThere(tx, id), secret } };
}

/** Pure: what it is to be, and what of it differs. */
export function decideWebhookChange(
  webhook: Pick<WebhookRow, "url" | "description" | "events" | "disabledBy">,
  patch: WebhookPatch,
): { to: WebhookChange; changed: Partial<WebhookChange> } {
  const was: WebhookChange = {
    url: webhook.url,
    description: webhook.description,
    events: webhook.events,
    enabled: webhook.disabledBy === null,
  };
  const to: WebhookChange = {
    url: patch.url ?? was.url,
    description: patch.description === undefined ? was.description : patch.description,
    events: patch.events === undefined ? was.events : [...new Set(patch.events)],
    enabled: patch.enabled ?? was.enabled,
  };
  const changed = {
    ...(to.url !== was.url && { url: to.url }),
    ...(to.description !== was.description && { description: to.description }),
    ...(to.events.toSorted().join() !== was.events.toSorted().join() && { events: to.events }),
    ...(to.enabled !== was.enabled && { enabled: to.enabled }),
  };
  return { to, changed };
}

export async function patchWebhookIn(
  tx: Statements,
  id: string,
  patch: WebhookPatch,
  actor: string,
): Promise<Outcome<WebhookRow>> {
  const webhook = await lockWebhook(tx, id);
  if (webhook === null) return refuse("WEBHOOK_NOT_FOUND");
  const { to, changed } = decideWebhookChange(webhook, patch);
  if (Object.keys(changed).length === 0) return { ok: true, value: webhook };
  await writeWebhook(tx, id, to);
  await insertSettingsAct(tx, { act: "webhook.changed", subject: id, actor, data: changed });
  return { ok: true, value: await thatIsThere(tx, id) };
}

export async function removeWebhookIn(tx: Statements, id: string, actor: string): Promise<Outcome<null>> {
  const webhook = await lockWebhook(tx, id);
  if (webhook === null) return refuse("WEBHOOK_NOT_FOUND");
  await removeWebhook(tx, id);
  const { url, events, waiting, dead } = webhook;
  await insertSettingsAct(tx, {
    act: "webhook.removed",
    subject: id,
    actor,
    data: { url, events, waiting, dead },
  });
  return { ok: true, value: null };
}

export async function rotateSecretIn(
  tx: Statements,
  sealer: Sealer,
  id: string,
  overlapSeconds: number,
  actor: string,
): Promise<Outcome<WithSecret>> {
  if ((await lockWebhook(tx, id)) === null) return refuse("WEBHOOK_NOT_FOUND");
  const secret = newWebhookSecret();
  await writeSecret(tx, id, sealer.seal(Buffer.from(secret), webhookSealedAbout(id)), overlapSeconds);
  await insertSettingsAct(tx, {
    act: "webhook.secret-rotated",
    subject: id,
    actor,
    data: { overlapSeconds },
  });
  return { ok: true, value: { webhook: await thatIsThere(tx, id), secret } };
}

export async function resendDeliveryIn(
  tx: Statements,
  webhookId: string,
  nth: number,
  actor: string,
): Promise<Outcome<DeliveryRow>> {
  if ((await readWebhook(tx, webhookId)) === null) return refuse("WEBHOOK_NOT_FOUND");
  const resent = await resendDelivery(tx, webhookId, nth);
  if (resent === null) return refuse("DELIVERY_NOT_FOUND");
  const { delivery, isResent } = resent;
  // One that waits was not sent again by whoever pressed the button twice.
  if (!isResent) return { ok: true, value: delivery };
  const { eventId, type } = delivery;
  const data = { deliveryId: String(nth), eventId, type };
  await insertSettingsAct(tx, { act: "delivery.resent", subject: webhookId, actor, data });
  return { ok: true, value: delivery };
}

async function thatIsThere(tx: Statements, id: string): Promise<WebhookRow> {
  const row = await readWebhook(tx, id);
  if (row === null) throw new Error(`webhook ${id} was locked but is not there`);
  return row;
}
