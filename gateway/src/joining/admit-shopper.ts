// Whether a caller is a shopper who may try to enter a sale: by joining its line, or by an attempt at a rush.
import type { Shopper } from "@dropgate/contracts/ids";
import { type Outcome, type Refusal, refuse } from "@dropgate/contracts/refusals";
import { isRehearsalPass } from "@dropgate/inventory/rehearsing/pass";
import type { Who } from "../callers/callers.ts";
import { countedAs } from "../edge/address.ts";
import type { Call } from "../edge/call.ts";
import type { Head } from "../edge/head.ts";
import type { KnownSale } from "../sales/known-sale.ts";
import type { Services } from "../services.ts";

type AdmissionServices = Pick<Services, "callers" | "joinsByAddress" | "joinsByShopper">;
type ShopperCall = Pick<Call, "who" | "address" | "setCookie"> & { head: Pick<Head, "rehearsalPass"> };

/**
 * The shopper; or why this caller may not enter this sale now. A token of its limits is spent.
 * @param refuseFirst what is cheaper to say than to count: then no token is spent, and the peer's address, which is
 *   dear to ask for, is not looked at
 */
export function admitShopper(
  services: AdmissionServices,
  sale: KnownSale,
  call: ShopperCall,
  refuseFirst?: (shopper: Shopper) => Refusal | null,
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
  if (sale.row.rehearsal) {
    // Simulated shoppers come from one address and are no crowd that anything has to be kept from.
    return isRehearsalPass(call.head.rehearsalPass, sale.row)
      ? { ok: true, value: who.shopper }
      : refuse("REHEARSAL_ONLY");
  }
  const refusal =
    barPerson(sale, who) ?? refuseFirst?.(who.shopper) ?? countAgainstLimits(services, who, call);
  return refusal ?? { ok: true, value: who.shopper };
}

type KnownShopper = Extract<Who, { kind: "shopper" }>;

function barPerson(sale: KnownSale, who: KnownShopper): Refusal | null {
  if (who.by === "jwt") {
    return who.sale === null || who.sale === sale.id
      ? null
      : refuse("FORBIDDEN", { detail: "The token is for another sale." });
  }
  if (sale.row.identity === "merchant") return refuse("IDENTITY_REQUIRED");
  return sale.row.challenge === "on" ? refuse("CHALLENGE_REQUIRED") : null;
}

function countAgainstLimits(
  services: AdmissionServices,
  who: KnownShopper,
  call: ShopperCall,
): Refusal | null {
  if (who.by === "cookie") {
    const waitMs = services.joinsByAddress?.take(countedAs(call.address()), performance.now()) ?? 0;
    if (waitMs > 0) return limited(waitMs);
  }
  const waitMs = services.joinsByShopper.take(who.shopper, performance.now());
  return waitMs > 0 ? limited(waitMs) : null;
}

/** Spread over as much again, so that those who were refused together don't come back together. */
function limited(waitMs: number): Refusal {
  return refuse("RATE_LIMITED", { retryAfterMs: Math.ceil(waitMs * (1 + Math.random())) });
}
