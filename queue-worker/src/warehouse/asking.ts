// Sends warehouses what they are asked (inventory/src/warehouse/asking.ts writes it down). If it dies before the
// claim's commit nothing happened; after it, in the middle of a call or before the outcome is written: another worker
// sends the request again when the claim is over, and the warehouse knows it by its id. Twice: two workers never claim
// the same request, and of two that think they did only the newest writes. Late: a warehouse hears late, in order.
import {
  WMS_ANSWER_BYTES_MAX,
  WMS_ANSWER_MS_MAX,
  WMS_LEASE_MS,
  WMS_SENDS_MAX,
  WMS_SENDS_PER_LOCATION,
} from "@dropgate/contracts/limits";
import { newAlertId } from "@dropgate/inventory/ids";
import { signatureOf } from "@dropgate/inventory/warehouse/signature";
import { raiseAlerts } from "@dropgate/sql/alerts/raise-alerts";
import { type ClaimedRequest, claimRequests } from "@dropgate/sql/warehouse/claim-requests";
import { type Settlement, settleRequest } from "@dropgate/sql/warehouse/settle-request";
import { CallableAddresses } from "../calling-out/addresses.ts";
import { callOut } from "../calling-out/call-out.ts";
import { Sending } from "../calling-out/sending.ts";
import { settlementOf } from "../calling-out/settle.ts";
import type { WorkerContext } from "../running/context.ts";

export interface WarehouseSettings {
  /** For locations without an address of their own. */
  url: string | null;
  /** Without it nothing can be signed, so nothing is sent. */
  secret: string | null;
  /** Private networks where a warehouse may be. */
  allowPrivate: readonly string[];
}

type Context = Pick<WorkerContext, "truth" | "log" | "happened">;

export class WarehouseAsking {
  readonly #context: Context;
  readonly #settings: WarehouseSettings;
  readonly #addresses: CallableAddresses;
  readonly #sending: Sending<ClaimedRequest>;

  /** @throws Error when `allowPrivate` names what is no network */
  constructor(context: Context, settings: WarehouseSettings) {
    this.#context = context;
    this.#settings = settings;
    this.#addresses = new CallableAddresses(settings.allowPrivate);
    this.#sending = new Sending({
      log: context.log,
      claim: (busyLocations) =>
        claimRequests(context.truth, {
          defaultUrl: settings.url,
          busyLocations,
          perLocation: WMS_SENDS_PER_LOCATION,
          most: WMS_SENDS_MAX,
          leaseMs: WMS_LEASE_MS,
        }),
      targetOf: ({ locationId }) => locationId,
      send: (request) => this.#send(request),
    });
  }

  /** Begins to send what is due. @returns false: what is due next is looked for after the interval */
  async step(): Promise<boolean> {
    return this.#settings.secret === null ? false : this.#sending.step();
  }

  /** Resolves when what is under way has ended. */
  ended(): Promise<void> {
    return this.#sending.ended();
  }

  async #send(request: ClaimedRequest): Promise<void> {
    const settlement = await this.#call(request, this.#settings.secret ?? "");
    await this.#settle(request, settlement);
  }

  async #call(request: ClaimedRequest, secret: string): Promise<Settlement> {
    const body = JSON.stringify(request.body);
    const called = await callOut(
      {
        url: request.url,
        headers: { "x-signature": signatureOf(secret, request.atSeconds, body) },
        body,
        msMax: WMS_ANSWER_MS_MAX,
        answerBytesMax: WMS_ANSWER_BYTES_MAX,
      },
      this.#addresses,
    );
    return settlementOf(called, request.attempts, Math.random());
  }

  async #settle(request: ClaimedRequest, settlement: Settlement): Promise<void> {
    const { truth, happened } = this.#context;
    const { id, locationId, body } = request;
    if (settlement.to !== "dead") {
      if (!(await settleRequest(truth, request, settlement))) return;
      happened(settlement.to === "sent" ? "warehouse.asked" : "warehouse.failed", 1);
      return;
    }
    const died = await truth.transaction(async (tx) => {
      if (!(await settleRequest(tx, request, settlement))) return false;
      await raiseAlerts(tx, [
        {
          id: newAlertId(),
          kind: "dead_letter",
          subject: id,
          locationId,
          detail: `${body.requestType} to ${locationId} was given up: ${settlement.error}.`,
          data: { requestId: id, requestType: body.requestType, attempts: request.attempts },
        },
      ]);
      return true;
    });
    if (died) happened("warehouse.dead", 1);
  }
}
