// The pass that a shopper brings to the checkout, verified by the gateway's public keys.
import { createRemoteJWKSet, errors, jwtVerify } from "jose";

/** What a good pass says. Times are Unix seconds. */
export interface PassClaims {
  holdId: string;
  saleId: string;
  /** The `sub` of the shopper's JWT; without one a name that only the gateway knows. */
  subject: string;
  sku: string;
  unit: number;
  issuedAt: number;
  expiresAt: number;
}

/** `NO_ANSWER`: the keys cannot be had just now, which says nothing of the pass. */
export type VerifiedPass =
  | { ok: true; claims: PassClaims }
  | { ok: false; code: "PASS_INVALID" | "PASS_EXPIRED" | "NO_ANSWER" };
export type PassVerifier = (pass: string) => Promise<VerifiedPass>;

/**
 * Verifies signature, issuer and time. Whose it is and for which sale is the merchant's to compare: a pass whose
 * `subject` is not the customer who brings it buys nothing.
 * @param issuer the gateway's PUBLIC_URL
 */
export function beginPassVerifier(gatewayUrl: string, issuer: string): PassVerifier {
  const keys = createRemoteJWKSet(new URL("/.well-known/jwks.json", gatewayUrl), {
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
      if (error instanceof errors.JWTExpired) return { ok: false, code: "PASS_EXPIRED" };
      // jose says so of a pass; anything else, a key set that cannot be fetched included, is not the pass's fault.
      const isItsFault =
        error instanceof errors.JWTInvalid ||
        error instanceof errors.JWSInvalid ||
        error instanceof errors.JWTClaimValidationFailed ||
        error instanceof errors.JWSSignatureVerificationFailed ||
        error instanceof errors.JWKSNoMatchingKey ||
        error instanceof errors.JOSEAlgNotAllowed ||
        error instanceof errors.JOSENotSupported;
      return isItsFault ? invalid : { ok: false, code: "NO_ANSWER" };
    }
  };
}

const invalid: VerifiedPass = { ok: false, code: "PASS_INVALID" };
