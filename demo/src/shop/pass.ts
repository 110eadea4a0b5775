// Whose pass is it? The gateway's signature says that a unit is held; this file decides whether the person who brings
// the pass is the one it is held for. Without this check a stolen pass would buy.

import type { Sale } from "@dropgate/contracts/sale";
import { createRemoteJWKSet, errors, jwtVerify } from "jose";

/** What a good pass says. Times are Unix seconds. */
export interface PassClaims {
  holdId: string;
  saleId: string;
  subject: string;
  sku: string;
  unit: number;
  issuedAt: number;
  expiresAt: number;
}

export type PassRefusal =
  | "PASS_INVALID"
  | "PASS_EXPIRED"
  | "PASS_OF_ANOTHER_SALE"
  | "PASS_OF_ANOTHER_CUSTOMER"
  | "PASS_USED_ELSEWHERE"
  | "SIGN_IN_FIRST"
  | "GATEWAY_AWAY";

export type VerifiedPass = { ok: true; claims: PassClaims } | { ok: false; refusal: PassRefusal };
export type PassVerifier = (pass: string) => Promise<VerifiedPass>;

/** Verifies signature, issuer and time by the gateway's public keys; whose it is and for which sale comes after. */
export function beginPassVerifier(gatewayUrl: string, issuer: string): PassVerifier {
  const keys = createRemoteJWKSet(new URL(`${gatewayUrl}/.well-known/jwks.json`), {
    // Keys rotate with an overlap: an unknown one is looked up, but made-up ones must not become a call each.
    cooldownDuration: 5_000,
    timeoutDuration: 5_000,
  });
  return async (pass) => {
    try {
      const { payload } = await jwtVerify(pass, keys, {
        issuer,
        algorithms: ["EdDSA"],
        requiredClaims: ["aud", "sub", "jti", "exp", "iat"],
      });
      const { aud, sub, jti, exp, iat, sku, unit } = payload;
      if (typeof aud !== "string" || typeof sub !== "string" || typeof jti !== "string") return invalid;
      if (typeof sku !== "string" || typeof unit !== "number") return invalid;
      if (typeof iat !== "number" || typeof exp !== "number" || !/^[A-Za-z0-9_-]{1,64}$/.test(jti))
        return invalid;
      const claims = { holdId: jti, saleId: aud, subject: sub, sku, unit, issuedAt: iat, expiresAt: exp };
      return { ok: true, claims };
    } catch (error) {
      if (error instanceof errors.JWTExpired) return { ok: false, refusal: "PASS_EXPIRED" };
      // jose says so of a pass; anything else, a key set that cannot be fetched included, is not the pass's fault.
      const isItsFault =
        error instanceof errors.JWTInvalid ||
        error instanceof errors.JWSInvalid ||
        error instanceof errors.JWTClaimValidationFailed ||
        error instanceof errors.JWSSignatureVerificationFailed ||
        error instanceof errors.JWKSNoMatchingKey ||
        error instanceof errors.JOSEAlgNotAllowed ||
        error instanceof errors.JOSENotSupported;
      return isItsFault ? invalid : { ok: false, refusal: "GATEWAY_AWAY" };
    }
  };
}

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

const invalid: VerifiedPass = { ok: false, refusal: "PASS_INVALID" };
