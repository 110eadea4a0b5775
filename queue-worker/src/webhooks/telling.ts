// Tells webhooks what has happened (triggers of 0016_settings.sql write it down). If it dies before the claim's commit
// nothing happened; after it, another worker sends the event again when the claim is over, and the receiver knows it by
// its id. Twice: two workers never claim the same delivery, and of two that think they did only the newest writes. Late: a
// webhook hears late, in order of each subject.
import {
  DELIVERIES_DEAD_KEPT_DAYS,
  DELIVERIES_SENT_KEPT_DAYS,
  DELIVERIES_SWEPT_MAX,
  WEBHOOK_ANSWER_BYTES_MAX,
  WEBHOOK_ANSWER_MS_MAX,
  WEBHOOK_FAILING_MS_MAX,
  WEBHOOK_LEASE_MS,
  WEBHOOK_SENDS_MAX,
  WEBHOOK_SENDS_PER_HOOK,
} from "@dropgate/contracts/limits";
import { newAlertId } from "@dropgate/inventory/ids";
import { deriveKey, Sealer } from "@dropgate/inventory/sealing";
import { signatureOf } from "@dropgate/inventory/warehouse/signature";
import { webhookSealedAbout } from "@dropgate/inventory/webhook-secret";
import type { Statements } from "@dropgate/sql";
import { type NewAlert, raiseAlerts } from "@dropgate/sql/alerts/raise-alerts";
import { insertSettingsAct } from "@dropgate/sql/settings/acts";
import { type ClaimedDelivery, claimDeliveries } from "@dropgate/sql/webhooks/claim-deliveries";
import {
  type DeliveryOutcome,
  settleDelivery,
  webhookFails,
  webhookWorks,
} from "@dropgate/sql/webhooks/settle-delivery";
import { sweepDeliveries } from "@dropgate/sql/webhooks/sweep-deliveries";
import { CallableAddresses } from "../calling-out/addresses.ts";
import { type CalledOut, callOut } from "../calling-out/call-out.ts";
import { Sending } from "../calling-out/sending.ts";
import { settlementOf, wordsOf } from "../calling-out/settle.ts";
import type { WorkerContext } from "../running/context.ts";

export interface WebhookSettings {
  /** DROPGATE_SECRET, under which their secrets are sealed. */
  secret: string;
  /** Private networks where a webhook may be. */
  allowPrivate: readonly string[];
  /** A webhook that fails for longer is disabled. */
  failingMsMax?: number;
}

type Context = Pick<WorkerContext, "truth" | "log" | "happened">;

export class WebhookTelling {
  readonly #context: Context;
  readonly #sealer: Sealer;
  readonly #addresses: CallableAddresses;
  readonly #failingMsMax: number;
  readonly #sending: Sending<ClaimedDelivery>;

  /** @throws Error when `allowPrivate` names what is no network */
  constructor(context: Context, settings: WebhookSettings) {
    this.#context = context;
    this.#sealer = new Sealer(deriveKey(settings.secret, "seal"));
    this.#addresses = new CallableAddresses(settings.allowPrivate, "WEBHOOK_ALLOW_PRIVATE");
    this.#failingMsMax = settings.failingMsMax ?? WEBHOOK_FAILING_MS_MAX;
    this.#sending = new Sending({
      log: context.log,
      claim: (busyWebhooks) =>
        claimDeliveries(context.truth, {
          busyWebhooks,
          perWebhook: WEBHOOK_SENDS_PER_HOOK,
          most: WEBHOOK_SENDS_MAX,
          leaseMs: WEBHOOK_LEASE_MS,
        }),
      targetOf: ({ webhookId }) => webhookId,
      send: (delivery) => this.#send(delivery),
    });
  }

  /** Begins to send what is due. @returns false: what is due next is looked for after the interval */
  step(): Promise<boolean> {
    return this.#sending.step();
  }

  /** Removes what nobody looks at any more. @returns whether there may be more */
  async sweep(): Promise<boolean> {
    const swept = await sweepDeliveries(this.#context.truth, {
      sentDays: DELIVERIES_SENT_KEPT_DAYS,
      deadDays: DELIVERIES_DEAD_KEPT_DAYS,
      most: DELIVERIES_SWEPT_MAX,
    });
    return swept >= DELIVERIES_SWEPT_MAX;
  }

  /** Resolves when what is under way has ended. */
  ended(): Promise<void> {
    return this.#sending.ended();
  }

  async #send(delivery: ClaimedDelivery): Promise<void> {
    const beganMs = performance.now();
    const called = await this.#call(delivery);
    const outcome = outcomeOf(delivery, called, performance.now() - beganMs, Math.random());
    const settled = await this.#context.truth.transaction((tx) => this.#settle(tx, delivery, outcome));
    if (settled) this.#context.happened(HAPPENED[outcome.to], 1);
  }

  async #call({ url, body, webhookId, ...claimed }: ClaimedDelivery): Promise<CalledOut> {
    const text = JSON.stringify(body);
    let signature: string;
    try {
      const secrets = [claimed.sealedSecret, claimed.sealedPrevious].flatMap((sealed) =>
        sealed === null ? [] : [this.#sealer.open(sealed, webhookSealedAbout(webhookId)).toString()],
      );
      signature = signatureOf(secrets, claimed.atSeconds, text);
    } catch {
      return {
        answered: false,
        reason: "its secret was sealed under another DROPGATE_SECRET: make it a new one",
      };
    }
    return callOut(
      {
        url,
        headers: { "x-signature": signature },
        body: text,
        msMax: WEBHOOK_ANSWER_MS_MAX,
        answerBytesMax: WEBHOOK_ANSWER_BYTES_MAX,
      },
      this.#addresses,
    );
  }

  async #settle(tx: Statements, delivery: ClaimedDelivery, outcome: DeliveryOutcome): Promise<boolean> {
    const { webhookId, type, nth } = delivery;
    if (!(await settleDelivery(tx, delivery, outcome))) return false;
    // A test says nothing of whether the real ones arrive: it may be tried while the webhook is disabled.
    if (type === "webhook.test") return true;
    if (outcome.error === null) {
      await webhookWorks(tx, webhookId);
      return true;
    }
    const alerts: NewAlert[] = [];
    const gaveUp = await webhookFails(tx, webhookId, outcome.error, this.#failingMsMax);
    if (gaveUp !== null) {
      const failingSince = gaveUp.failingSince.toISOString();
      await insertSettingsAct(tx, {
        act: "webhook.gave-up",
        subject: webhookId,
        actor: "worker",
        data: { failingSince, error: outcome.error },
      });
      alerts.push({
        id: newAlertId(),
        kind: "webhook_disabled",
        subject: webhookId,
        // Of the address the host only: its path may be a secret, and alerts are for everybody who may look.
        detail: `Nothing was delivered to ${new URL(gaveUp.url).host} since ${failingSince}, so it was disabled: ${outcome.error}.`,
        data: { webhookId, failingSince },
      });
    }
    if (outcome.to === "dead") {
      // One a webhook, however many die: it is one thing that somebody has to look at.
      alerts.push({
        id: newAlertId(),
        kind: "dead_letter",
        subject: `webhook ${webhookId}`,
        detail: `Telling a webhook of ${type} was given up: ${outcome.error}.`,
        data: { webhookId, deliveryId: String(nth), type },
      });
    }
    await raiseAlerts(tx, alerts);
    return true;
  }
}

const HAPPENED = { sent: "webhook.told", waiting: "webhook.failed", dead: "webhook.dead" } as const;

/** Pure. A test is sent once: whoever pressed the button sees how that went and may press again. */
export function outcomeOf(
  { attempts, type }: Pick<ClaimedDelivery, "attempts" | "type">,
  called: CalledOut,
  ms: number,
  chance: number,
): DeliveryOutcome {
  const settlement = settlementOf(called, attempts, chance);
  const seen = {
    status: called.answered ? called.status : null,
    answer: called.answered ? wordsOf(called.text) : null,
    ms,
  };
  if (settlement.to === "sent") return { ...seen, to: "sent", error: null, afterMs: 0 };
  const again = settlement.to === "waiting" && type !== "webhook.test";
  return {
    ...seen,
    to: again ? "waiting" : "dead",
    error: settlement.error,
    afterMs: again ? settlement.afterMs : 0,
  };
}
