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
  | {
      ok: false;
      code:
        | "PASS_INVALID"
        | "PASS_EXPIRED"
        | "PASS_OF_ANOTHER_SALE"
        | "PASS_OF_ANOTHER_CUSTOMER"
        | "NO_ANSWER";
    };

/** Who brings the pass, and what for. What is left out is not compared. */
export interface PassBearer {
  /** The customer who is signed in. A pass of somebody else buys nothing, and none does where this is said to be nobody. */
  subject?: string | null | undefined;
  saleId?: string;
}

export type PassVerifier = (pass: string, bearer?: PassBearer) => Promise<VerifiedPass>;

/** How far the clocks of shop and gateway may be apart. A pass that is over by less buys nothing: confirm is the judge. */
const CLOCKS_APART_SECONDS = 30;

/**
 * Verifies signature, issuer and time, and what is said of its bearer.
 * @param issuer the gateway's PUBLIC_URL
 */
export function beginPassVerifier(gatewayUrl: string, issuer: string): PassVerifier {
  const keys = createRemoteJWKSet(new URL("/.well-known/jwks.json", gatewayUrl), {
    // Keys rotate with an overlap: an unknown one is looked up, but made-up ones must not become a call each.
    cooldownDuration: 5_000,
    timeoutDuration: 5_000,
  });
  return async (pass, bearer = {}) => {
    try {
      const { payload } = await jwtVerify(pass, keys, {
        issuer,
        algorithms: ["EdDSA"],
        clockTolerance: CLOCKS_APART_SECONDS,
        requiredClaims: ["aud", "sub", "jti", "exp", "iat"],
      });
      const { aud, sub, jti, exp, iat, sku, unit } = payload;
      if (typeof aud !== "string" || typeof sub !== "string" || typeof jti !== "string") return invalid;
      if (typeof sku !== "string" || typeof unit !== "number") return invalid;
      if (typeof iat !== "number" || typeof exp !== "number" || !/^[A-Za-z0-9_-]{1,64}$/.test(jti))
        return invalid;
      if (bearer.saleId !== undefined && bearer.saleId !== aud)
        return { ok: false, code: "PASS_OF_ANOTHER_SALE" };
      // Said and empty is nobody, whom no pass is for; only where it is not said at all is it not compared.
      if ("subject" in bearer && bearer.subject !== sub)
        return { ok: false, code: "PASS_OF_ANOTHER_CUSTOMER" };
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
