// Webhooks as an admin sets them up: who is told what, tried out, and what became of each event.
import { WEBHOOK_TEST_LOOK_MS, WEBHOOK_TEST_MS_MAX, WEBHOOKS_MAX } from "@dropgate/contracts/limits";
import { type Outcome, refuse } from "@dropgate/contracts/refusals";
import type { Delivery, Webhook } from "@dropgate/contracts/webhooks";
import type { Statements } from "@dropgate/sql";
import {
  type DeliveryRow,
  insertTest,
  listDeliveries,
  readDelivery,
} from "@dropgate/sql/webhooks/delivery-row";
import { listWebhooks, readWebhook, type WebhookRow } from "@dropgate/sql/webhooks/webhook-row";
import { type Handlers, parameter } from "../edge/call.ts";
import { json } from "../edge/reply.ts";
import { actorOf, changeOnce } from "../inventory/changes.ts";
import type { Services } from "../services.ts";
import {
  addWebhookIn,
  newEventId,
  patchWebhookIn,
  removeWebhookIn,
  resendDeliveryIn,
  rotateSecretIn,
  type WithSecret,
} from "../webhooks/changes.ts";
import { badCursor, CURSOR_ID, CURSOR_NUMBER, pageOf, readCursor } from "./cursor.ts";

type WebhookRoutes = Pick<
  Handlers,
  | "listWebhooks"
  | "createWebhook"
  | "getWebhook"
  | "patchWebhook"
  | "removeWebhook"
  | "rotateWebhookSecret"
  | "testWebhook"
  | "listDeliveries"
  | "resendDelivery"
>;

export function webhookRoutes({ truth, idempotency, sealer }: Services): WebhookRoutes {
  const idOf = (call: { parameters: Readonly<Record<string, string>> }): string =>
    parameter(call, "webhookId");
  return {
    async listWebhooks({ query: { cursor, limit } }) {
      const after = readCursor(cursor, { createdMicros: CURSOR_NUMBER, id: CURSOR_ID });
      if (after === "invalid") return badCursor();
      const rows = await listWebhooks(truth, after, limit + 1);
      return json(
        200,
        pageOf(
          rows,
          limit,
          ({ webhook }) => webhookView(webhook),
          ({ cursor: at }) => [at.createdMicros, at.id],
        ),
      );
    },

    createWebhook: (call) =>
      changeOnce(
        idempotency,
        call,
        (tx, actor) => addWebhookIn(tx, sealer, call.body, actor, WEBHOOKS_MAX),
        withSecretView,
        () => 201,
      ),

    async getWebhook(call) {
      const row = await readWebhook(truth, idOf(call));
      return row === null ? refuse("WEBHOOK_NOT_FOUND") : json(200, webhookView(row));
    },

    patchWebhook: (call) =>
      changeOnce(
        idempotency,
        call,
        (tx, actor) => patchWebhookIn(tx, idOf(call), call.body, actor),
        webhookView,
      ),

    async removeWebhook(call) {
      const removed = await truth.transaction((tx) => removeWebhookIn(tx, idOf(call), actorOf(call)));
      return removed.ok ? { ok: true, status: 204, body: "" } : removed;
    },

    rotateWebhookSecret: (call) =>
      changeOnce(
        idempotency,
        call,
        (tx, actor) => rotateSecretIn(tx, sealer, idOf(call), call.body.overlapSeconds, actor),
        withSecretView,
      ),

    async testWebhook(call) {
      const webhookId = idOf(call);
      if ((await readWebhook(truth, webhookId)) === null) return refuse("WEBHOOK_NOT_FOUND");
      const nth = await insertTest(truth, webhookId, newEventId());
      // The worker sends it, by the very way that real events go; no address is ever called from here.
      const tested = await untilSettled(truth, webhookId, nth);
      return tested === null ? refuse("WEBHOOK_NOT_FOUND") : json(200, deliveryView(tested));
    },

    async listDeliveries({ query, ...call }) {
      const before = readCursor(query.cursor, { nth: CURSOR_NUMBER });
      if (before === "invalid") return badCursor();
      const webhookId = idOf(call);
      if ((await readWebhook(truth, webhookId)) === null) return refuse("WEBHOOK_NOT_FOUND");
      const { state, type, limit } = query;
      const rows = await listDeliveries(
        truth,
        webhookId,
        { state, type },
        before && Number(before.nth),
        limit + 1,
      );
      return json(
        200,
        pageOf(rows, limit, deliveryView, ({ nth }) => [nth]),
      );
    },

    resendDelivery: (call) =>
      changeOnce(
        idempotency,
        call,
        (tx, actor): Promise<Outcome<DeliveryRow>> =>
          resendDeliveryIn(tx, idOf(call), Number(parameter(call, "deliveryId")), actor),
        deliveryView,
      ),
  };
}

/** Looks until the worker has sent it; after WEBHOOK_TEST_MS_MAX as it is then. */
async function untilSettled(truth: Statements, webhookId: string, nth: number): Promise<DeliveryRow | null> {
  const endMs = performance.now() + WEBHOOK_TEST_MS_MAX;
  for (;;) {
    const row = await readDelivery(truth, webhookId, nth);
    if (row === null || row.state !== "waiting" || performance.now() > endMs) return row;
    await new Promise((resolve) => setTimeout(resolve, WEBHOOK_TEST_LOOK_MS));
  }
}

function webhookView({ disabledBy, failingSince, deliveredAt, ...row }: WebhookRow): Webhook {
  return {
    id: row.id,
    url: row.url,
    description: row.description,
    events: row.events,
    enabled: disabledBy === null,
    disabledBy,
    failingSince: failingSince?.toISOString() ?? null,
    lastDeliveredAt: deliveredAt?.toISOString() ?? null,
    lastError: row.lastError,
    waiting: row.waiting,
    dead: row.dead,
    previousSecretUntil: row.previousUntil?.toISOString() ?? null,
    createdAt: row.createdAt.toISOString(),
    createdBy: row.createdBy,
  };
}

function withSecretView({ webhook, secret }: WithSecret): { webhook: Webhook; secret: string } {
  return { webhook: webhookView(webhook), secret };
}

function deliveryView({ nth, nextAt, createdAt, sentAt, ...row }: DeliveryRow): Delivery {
  return {
    id: String(nth),
    ...row,
    nextAt: row.state === "waiting" ? nextAt.toISOString() : null,
    createdAt: createdAt.toISOString(),
    sentAt: sentAt?.toISOString() ?? null,
  };
}
