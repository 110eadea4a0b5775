// What somebody pastes as their public key, before it is sent. Pure.
import type { shopperKeyCreateSchema } from "@dropgate/contracts/keys";

type Jwk = NonNullable<(typeof shopperKeyCreateSchema)["_zod"]["input"]["jwk"]>;

/** @returns the key, or what is wrong with the text, in a sentence */
export function readJwk(text: string): { ok: true; jwk: Jwk } | { ok: false; fault: string } {
  const no = (fault: string): { ok: false; fault: string } => ({ ok: false, fault });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return no("It is not JSON. A JWK begins with { and ends with }.");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return no("It is not one key. Paste a single JWK, not a list.");
  }
  // Before it leaves the page: whoever pasted the private half must not have it travel.
  if ("d" in value) return no('It has a "d": that is the private half. Paste the public one.');
  const { kty, crv, x } = value as Record<string, unknown>;
  const isKnown = (kty === "OKP" && crv === "Ed25519") || (kty === "EC" && crv === "P-256");
  if (!isKnown || typeof x !== "string") return no("It is neither an Ed25519 nor a P-256 key.");
  return { ok: true, jwk: value as Jwk };
}
