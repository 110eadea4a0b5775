// Whether a caller is a shopper who may try to enter a sale: by joining its line, or by an attempt at a rush.
import type { Shopper } from "@dropgate/contracts/ids";
import { type Outcome, type Refusal, refuse } from "@dropgate/contracts/refusals";
import type { Who } from "../callers/callers.ts";
import { countedAs } from "../edge/address.ts";
import type { Call } from "../edge/call.ts";
import type { KnownSale } from "../sales/known-sale.ts";
import type { Services } from "../services.ts";

type AdmissionServices = Pick<Services, "callers" | "joinsByAddress" | "joinsByShopper">;
type ShopperCall = Pick<Call, "who" | "address" | "setCookie">;

/** The shopper; or why this caller may not enter this sale now. A token of its limits is spent. */
export function admitShopper(
  services: AdmissionServices,
  sale: KnownSale,
  call: ShopperCall,
): Outcome<Shopper> {
  const { who } = call;
  if (who.kind === "nobody") {
    // The cookie comes with the refusal: two parallel first calls must not make two shoppers.
    call.setCookie(services.callers.cookies.fresh());
    return refuse("UNAUTHENTICATED");
  }
  if (who.kind !== "shopper") {
    return refuse("TOKEN_INVALID", { detail: "Come with the cookie or a shopper JWT." });
  }
  return bar(services, sale, who, call) ?? { ok: true, value: who.shopper };
}

function bar(
  services: AdmissionServices,
  sale: KnownSale,
  who: Extract<Who, { kind: "shopper" }>,
  call: ShopperCall,
): Refusal | null {
  if (who.by === "jwt") {
    if (who.sale !== null && who.sale !== sale.id) {
      return refuse("FORBIDDEN", { detail: "The token is for another sale." });
    }
  } else {
    if (sale.row.identity === "merchant") return refuse("IDENTITY_REQUIRED");
    if (sale.row.challenge === "on") return refuse("CHALLENGE_REQUIRED");
    const { joinsByAddress } = services;
    const waitMs = joinsByAddress?.take(countedAs(call.address()), performance.now()) ?? 0;
    if (waitMs > 0) return limited(waitMs);
  }
  const waitMs = services.joinsByShopper.take(who.shopper, performance.now());
  return waitMs > 0 ? limited(waitMs) : null;
}

/** Spread over as much again, so that those who were refused together don't come back together. */
function limited(waitMs: number): Refusal {
  return refuse("RATE_LIMITED", { retryAfterMs: Math.ceil(waitMs * (1 + Math.random())) });
}
