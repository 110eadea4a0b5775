// A merchant's word for who a shopper is: a JWT under a key that the merchant registered with us. The
// algorithm is the key's, never the token's: what the header asks for must be what the key is for.
import { createHmac, createPublicKey, type KeyObject, verify as verifySignature } from "node:crypto";
import { merchantShopper, type Shopper } from "@dropgate/contracts/ids";
import { type Outcome, type Refusal, refuse } from "@dropgate/contracts/refusals";
import { subjectSchema } from "@dropgate/contracts/values";
import { equalTexts } from "./secrets.ts";

/** A key that verifies shoppers, ready for use. */
export type ShopperKeyMaterial =
  | { alg: "HS256"; secret: Buffer }
  | { alg: "EdDSA" | "ES256"; publicKey: KeyObject };

/** Who the token names, and the one sale it is for, if it says so. */
export interface ShopperClaims {
  shopper: Shopper;
  sale: string | null;
}

/** A text of three parts that begins like every JSON object in base64url. */
export function looksLikeJwt(token: string): boolean {
  return token.startsWith("eyJ");
}

const TOKEN_CHARACTERS_MAX = 4_096;
/** Shops' clocks are not ours. */
const CLOCK_LEEWAY_SECONDS = 5;
const PART = /^[A-Za-z0-9_-]+$/;

/** The header's `kid` and `alg`; null when it is not a JWT. */
export function readJwtHeader(token: string): { kid: string; alg: string } | null {
  if (token.length > TOKEN_CHARACTERS_MAX) return null;
  const parts = token.split(".");
  if (parts.length !== 3 || !parts.every((part) => PART.test(part))) return null;
  const header = readPart(parts[0] as string);
  if (header === null || typeof header["kid"] !== "string" || typeof header["alg"] !== "string") return null;
  // An extension that must be understood is one we do not understand.
  if ("crit" in header) return null;
  return { kid: header["kid"], alg: header["alg"] };
}

/**
 * @param key the material registered under the header's kid
 * @param nowSeconds Unix time
 */
export function verifyJwt(
  token: string,
  alg: string,
  key: ShopperKeyMaterial,
  nowSeconds: number,
): Outcome<ShopperClaims> {
  const invalid = refuse("TOKEN_INVALID");
  if (alg !== key.alg) return invalid;
  const dot = token.lastIndexOf(".");
  const text = token.slice(0, dot);
  const signature = token.slice(dot + 1);
  if (!signed(text, signature, key)) return invalid;
  const claims = readPart(text.slice(text.indexOf(".") + 1));
  if (claims === null) return invalid;
  return judgeClaims(claims, nowSeconds);
}

function signed(text: string, signature: string, key: ShopperKeyMaterial): boolean {
  if (key.alg === "HS256") {
    return equalTexts(createHmac("sha256", key.secret).update(text).digest("base64url"), signature);
  }
  const bytes = Buffer.from(signature, "base64url");
  if (bytes.toString("base64url") !== signature) return false;
  return key.alg === "EdDSA"
    ? verifySignature(null, Buffer.from(text), key.publicKey, bytes)
    : verifySignature("sha256", Buffer.from(text), { key: key.publicKey, dsaEncoding: "ieee-p1363" }, bytes);
}

function judgeClaims(claims: Record<string, unknown>, nowSeconds: number): Outcome<ShopperClaims> {
  const { sub, exp, nbf, sale } = claims;
  if (typeof exp !== "number" || !Number.isFinite(exp)) return says("The token has no exp.");
  if (exp + CLOCK_LEEWAY_SECONDS <= nowSeconds) return refuse("TOKEN_EXPIRED");
  if (nbf !== undefined && !(typeof nbf === "number" && nbf - CLOCK_LEEWAY_SECONDS <= nowSeconds)) {
    return says("The token is not valid yet.");
  }
  const subject = subjectSchema.safeParse(sub);
  if (!subject.success) {
    return says("sub is not text of 1 to 128 characters without control characters.");
  }
  if (sale !== undefined && typeof sale !== "string") return says("sale is not text.");
  return { ok: true, value: { shopper: merchantShopper(subject.data), sale: sale ?? null } };
}

function says(detail: string): Refusal {
  return refuse("TOKEN_INVALID", { detail });
}

function readPart(part: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, "base64url").toString());
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}

/** @throws when the JWK is no public key that we take */
export function materialOfJwk(alg: "EdDSA" | "ES256", jwk: Record<string, unknown>): ShopperKeyMaterial {
  return { alg, publicKey: createPublicKey({ key: jwk, format: "jwk" }) };
}
