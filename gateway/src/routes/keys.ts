// Keys: of the API, of the shops that sign who their shoppers are, and the public ones that verify passes.
import { createPublicKey, randomBytes } from "node:crypto";
import { JWKS_CACHE_SECONDS } from "@dropgate/contracts/limits";
import { refuse } from "@dropgate/contracts/refusals";
import type { Statements } from "@dropgate/sql";
import { insertApiKey } from "@dropgate/sql/keys/api-keys";
import { insertShopperKey } from "@dropgate/sql/keys/shopper-keys";
import { insertSettingsAct } from "@dropgate/sql/settings/acts";
import { makeApiKey } from "../callers/api-keys.ts";
import { sealedAbout } from "../callers/shopper-keys.ts";
import type { Handlers } from "../edge/call.ts";
import { json } from "../edge/reply.ts";
import { actorOf } from "../inventory/changes.ts";
import type { Services } from "../services.ts";

/** A new key is published before it signs, for longer than this. */
const JWKS_CACHE = `public, max-age=${JWKS_CACHE_SECONDS}`;

type KeyRoutes = Pick<Handlers, "jwks" | "createApiKey" | "createShopperKey">;

export function keyRoutes({ idempotency, passes, callers, sealer }: Services): KeyRoutes {
  return {
    async jwks() {
      return { ...json(200, { keys: await passes.publicKeys() }), cacheControl: JWKS_CACHE };
    },

    createApiKey(call) {
      const { name } = call.body;
      const scopes = [...new Set(call.body.scopes)];
      return idempotency.once(call.idempotency, async (tx) => {
        const { id, key, hash } = makeApiKey();
        const createdBy = actorOf(call);
        await insertApiKey(tx, { id, name, scopes, hash, createdBy });
        await insertSettingsAct(tx, {
          act: "api-key.made",
          subject: id,
          actor: createdBy,
          data: { name, scopes },
        });
        return json(201, { id, name, scopes, key });
      });
    },

    async createShopperKey(call) {
      const createdBy = actorOf(call);
      const told = (tx: Statements, kid: string, alg: string): Promise<void> =>
        insertSettingsAct(tx, { act: "shopper-key.made", subject: kid, actor: createdBy, data: { alg } });
      const reply = await idempotency.once(call.idempotency, async (tx) => {
        const { jwk } = call.body;
        if (jwk === undefined) {
          const kid = `shop-${randomBytes(9).toString("base64url")}`;
          const secret = randomBytes(32).toString("base64url");
          const sealedSecret = sealer.seal(Buffer.from(secret), sealedAbout(kid));
          await insertShopperKey(tx, { kid, alg: "HS256", sealedSecret, publicJwk: null, createdBy });
          await told(tx, kid, "HS256");
          return json(201, { kid, alg: "HS256", secret });
        }
        const alg = algOf(jwk);
        const publicJwk = { kty: jwk.kty, crv: jwk.crv, x: jwk.x, ...(jwk.y !== undefined && { y: jwk.y }) };
        if (alg === null || !isPublicKey(publicJwk)) {
          return refuse("INVALID_REQUEST", {
            errors: [
              { pointer: "/jwk", detail: "It is no public key for EdDSA (Ed25519) or ES256 (P-256)." },
            ],
          });
        }
        const kid = jwk.kid ?? `shop-${randomBytes(9).toString("base64url")}`;
        if (!(await insertShopperKey(tx, { kid, alg, sealedSecret: null, publicJwk, createdBy }))) {
          return refuse("INVALID_REQUEST", {
            errors: [{ pointer: "/jwk/kid", detail: "Another key has this kid." }],
          });
        }
        await told(tx, kid, alg);
        return json(201, { kid, alg });
      });
      callers.forgetShopperKeys();
      return reply;
    },
  };
}

function algOf(jwk: { kty: string; crv: string }): "EdDSA" | "ES256" | null {
  if (jwk.kty === "OKP" && jwk.crv === "Ed25519") return "EdDSA";
  if (jwk.kty === "EC" && jwk.crv === "P-256") return "ES256";
  return null;
}

function isPublicKey(jwk: Record<string, unknown>): boolean {
  try {
    createPublicKey({ key: jwk, format: "jwk" });
    return true;
  } catch {
    return false;
  }
}
