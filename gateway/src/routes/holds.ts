// Claim, payment, confirm, release, cancel: whoever may ask is found out here, what becomes of the hold is
// decided in inventory.
import type { Claimed } from "@dropgate/contracts/hold";
import { placeOfHold } from "@dropgate/contracts/ids";
import { type Outcome, type Refusal, refuse } from "@dropgate/contracts/refusals";
import type { HoldAsk } from "@dropgate/inventory/holds/act";
import type { AskedAct, HoldOutcome } from "@dropgate/inventory/holds/decide";
import { readHolds } from "@dropgate/sql/holds/hold-row";
import type { Who } from "../callers/callers.ts";
import { type Call, type Handlers, parameter } from "../edge/call.ts";
import { type Answer, json, type Reply } from "../edge/reply.ts";
import { allocationView, holdView } from "../holds/hold-view.ts";
import type { Services } from "../services.ts";

type HoldRoutes = Pick<Handlers, "claim" | "release" | "startPayment" | "confirm" | "cancel">;

export function holdRoutes(services: Services): HoldRoutes {
  const ofMerchant =
    (act: Exclude<AskedAct, "expire" | "leave" | "claim">) =>
    (call: Call<"startPayment"> | Call<"cancel">): Promise<Reply> => {
      const reason = call.body && "reason" in call.body ? call.body.reason : undefined;
      return merchantAct(services, call, { act, reason }, showHold);
    };
  return {
    async claim(call) {
      const claimed = await claimHold(services, parameter(call, "holdId"), call.who);
      return claimed.ok ? json(200, claimed.value) : claimed;
    },

    async release(call) {
      const { reason } = call.body;
      if (call.who.kind === "key") return merchantAct(services, call, { act: "release", reason }, showHold);
      const released = await releaseHold(services, parameter(call, "holdId"), call.who, reason);
      return showHold(released);
    },

    startPayment: ofMerchant("startPayment"),
    cancel: ofMerchant("cancel"),

    confirm(call) {
      const { orderId, shipTo } = call.body;
      return merchantAct(services, call, { act: "confirm", orderId, shipTo }, (outcome) =>
        outcome.ok
          ? json(200, { hold: holdView(outcome.value), allocation: allocationView(outcome.value) })
          : plain(outcome),
      );
    },
  };
}

function showHold(outcome: HoldOutcome): Answer | Refusal {
  return outcome.ok ? json(200, { hold: holdView(outcome.value) }) : plain(outcome);
}

/** A decision may carry more than a refusal (the move it made); what is answered is the refusal. */
function plain(outcome: Refusal): Refusal {
  const { refusal, detail, errors, retryAfterMs, final } = outcome;
  return refuse(refusal, {
    ...(detail !== undefined && { detail }),
    ...(errors !== undefined && { errors }),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
    ...(final !== undefined && { final }),
  });
}

async function merchantAct(
  services: Services,
  call: Call<"startPayment"> | Call<"cancel"> | Call<"confirm"> | Call<"release">,
  what: Pick<HoldAsk, "act" | "reason" | "shipTo"> & { orderId?: string },
  show: (outcome: HoldOutcome) => Answer | Refusal,
): Promise<Reply> {
  const holdId = parameter(call, "holdId");
  const { idempotency } = call;
  const ask: HoldAsk = { holdId, actor: "merchant", entryId: null, ...what };
  if (idempotency === null) {
    return placeOfHold(holdId) === null ? refuse("HOLD_NOT_FOUND") : show(await services.holds.act(ask));
  }
  return services.idempotency.begin(idempotency, async () => {
    const outcome = await services.holds.act(ask, {
      answerOf: (outcome) => services.idempotency.answerToKeep(idempotency, show(outcome)),
    });
    return show(outcome);
  });
}

/** The entry by which a shopper may act on a hold. */
async function entryOf(services: Services, holdId: string, who: Who): Promise<Outcome<string>> {
  if (who.kind === "nobody") return refuse("UNAUTHENTICATED");
  if (who.kind === "key" || who.kind === "operator" || who.kind === "warehouse") return refuse("FORBIDDEN");
  if (placeOfHold(holdId) === null) return refuse("HOLD_NOT_FOUND");
  if (who.kind === "entry") return { ok: true, value: who.claims.entry };
  const hold = (await readHolds(services.truth, [holdId]))[0];
  if (!hold) return refuse("HOLD_NOT_FOUND");
  if (hold.shopper !== who.shopper || (who.sale !== null && who.sale !== hold.saleId))
    return refuse("FORBIDDEN");
  return { ok: true, value: hold.entryId };
}

/** Accepts an offer. @throws when PostgreSQL is away */
export async function claimHold(services: Services, holdId: string, who: Who): Promise<Outcome<Claimed>> {
  const entryId = await entryOf(services, holdId, who);
  if (!entryId.ok) return entryId;
  // Before the claim: an answer without its pass would leave a hold that cannot be paid.
  await services.passes.prepare();
  const outcome = await services.holds.act({
    holdId,
    act: "claim",
    actor: "shopper",
    entryId: entryId.value,
  });
  if (!outcome.ok) return plain(outcome);
  return {
    ok: true,
    value: { hold: holdView(outcome.value), pass: await services.passes.sign(outcome.value) },
  };
}

/** Gives a unit back by its shopper's hand. @throws when PostgreSQL is away */
export async function releaseHold(
  services: Services,
  holdId: string,
  who: Who,
  reason?: string,
): Promise<HoldOutcome> {
  const entryId = await entryOf(services, holdId, who);
  if (!entryId.ok) return entryId;
  return services.holds.act({ holdId, act: "release", actor: "shopper", entryId: entryId.value, reason });
}
