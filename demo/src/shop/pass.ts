// Whose pass is it? The gateway's signature says that a unit is held; this file decides whether the person who brings
// the pass is the one it is held for. Without this check a stolen pass would buy.

import type { PassClaims } from "@dropgate/client/server";
import type { Sale } from "@dropgate/contracts/sale";

export type PassRefusal =
  | "PASS_INVALID"
  | "PASS_EXPIRED"
  | "PASS_OF_ANOTHER_SALE"
  | "PASS_OF_ANOTHER_CUSTOMER"
  | "PASS_USED_ELSEWHERE"
  | "SIGN_IN_FIRST"
  | "GATEWAY_AWAY";

/** Who brings the pass: the browser's session, and the customer who is signed in there. */
export interface Bearer {
  session: string;
  customer: string | null;
}

/** For whom a pass counts from now on. */
export type Owner = { kind: "customer"; customer: string } | { kind: "session"; session: string };

export type JudgedPass = { ok: true; owner: Owner } | { ok: false; refusal: PassRefusal };

/**
 * Decides whose pass this is. A sale for the shop's customers names one of them as `sub`, and so does any sale that a
 * signed-in customer joined. An anonymous place has a subject that means nothing here: then the first browser that
 * brings the pass keeps it.
 * @param keptBy who brought this pass before
 */
export function judgePass(
  claims: PassClaims,
  sale: Pick<Sale, "id" | "sku" | "identity">,
  bearer: Bearer,
  keptBy: Owner | null,
  isCustomer: (subject: string) => boolean,
): JudgedPass {
  if (sale.id !== claims.saleId || sale.sku !== claims.sku)
    return { ok: false, refusal: "PASS_OF_ANOTHER_SALE" };
  if (sale.identity === "merchant" || isCustomer(claims.subject)) {
    if (bearer.customer === null) return { ok: false, refusal: "SIGN_IN_FIRST" };
    if (bearer.customer !== claims.subject) return { ok: false, refusal: "PASS_OF_ANOTHER_CUSTOMER" };
    return { ok: true, owner: { kind: "customer", customer: bearer.customer } };
  }
  if (keptBy !== null && !isOwner(keptBy, bearer)) return { ok: false, refusal: "PASS_USED_ELSEWHERE" };
  return { ok: true, owner: keptBy ?? { kind: "session", session: bearer.session } };
}

export function isOwner(owner: Owner, bearer: Bearer): boolean {
  return owner.kind === "customer" ? owner.customer === bearer.customer : owner.session === bearer.session;
}
