// The keys there are, as an admin sees them: looked at, revoked, rotated, and who did so.
import type { ApiKey, ShopperKey, SigningKey } from "@dropgate/contracts/keys";
import {
  JOINS_PER_SHOPPER_BURST,
  JOINS_PER_SHOPPER_PER_SECOND,
  SIGNING_KEY_ANNOUNCED_SECONDS,
  SIGNING_KEY_VERIFIES_SECONDS,
  SIGNING_KEYS_REREAD_MS,
} from "@dropgate/contracts/limits";
import { type Outcome, refuse } from "@dropgate/contracts/refusals";
import type { Statements } from "@dropgate/sql";
import { type ListedApiKey, listApiKeys, revokeApiKey } from "@dropgate/sql/keys/api-keys";
import { type ListedShopperKey, listShopperKeys, revokeShopperKey } from "@dropgate/sql/keys/shopper-keys";
import {
  type ListedSigningKey,
  listSigningKeys,
  retireSigningKey,
  rotateSigningKey,
} from "@dropgate/sql/keys/signing-keys";
import { readDefendedSales } from "@dropgate/sql/sales/defended-sales";
import { insertSettingsAct, listSettingsActs } from "@dropgate/sql/settings/acts";
import { type Handlers, parameter } from "../edge/call.ts";
import { json, jsonOf } from "../edge/reply.ts";
import { newSigningKey } from "../holds/passes.ts";
import { actorOf, changeOnce } from "../inventory/changes.ts";
import type { Services } from "../services.ts";
import { badCursor, CURSOR_ID, CURSOR_NUMBER, CURSOR_TEXT, pageOf, readCursor } from "./cursor.ts";

type AdminKeyRoutes = Pick<
  Handlers,
  | "listApiKeys"
  | "revokeApiKey"
  | "listShopperKeys"
  | "revokeShopperKey"
  | "listSigningKeys"
  | "rotateSigningKey"
  | "retireSigningKey"
  | "listSettingsActs"
  | "getBotDefence"
>;

export function adminKeyRoutes({
  truth,
  idempotency,
  callers,
  passes,
  sealer,
  settings,
}: Services): AdminKeyRoutes {
  return {
    async listApiKeys({ query: { cursor, limit } }) {
      const after = readCursor(cursor, { createdMicros: CURSOR_NUMBER, id: CURSOR_ID });
      if (after === "invalid") return badCursor();
      const rows = await listApiKeys(truth, after, limit + 1);
      return json(
        200,
        pageOf(
          rows,
          limit,
          ({ key }) => apiKeyView(key),
          ({ cursor: at }) => [at.createdMicros, at.id],
        ),
      );
    },

    async revokeApiKey(call) {
      const actor = actorOf(call);
      const revoked = await truth.transaction(async (tx): Promise<Outcome<ListedApiKey>> => {
        const done = await revokeApiKey(tx, parameter(call, "keyId"), actor);
        if (done === null) return refuse("API_KEY_NOT_FOUND");
        const { id: subject, name, scopes } = done.key;
        if (done.revokedNow)
          await insertSettingsAct(tx, { act: "api-key.revoked", subject, actor, data: { name, scopes } });
        return { ok: true, value: done.key };
      });
      callers.forgetApiKeys();
      return jsonOf(revoked, apiKeyView);
    },

    async listShopperKeys({ query: { cursor, limit } }) {
      const after = readCursor(cursor, { createdMicros: CURSOR_NUMBER, id: CURSOR_TEXT });
      if (after === "invalid") return badCursor();
      const rows = await listShopperKeys(truth, after, limit + 1);
      return json(
        200,
        pageOf(
          rows,
          limit,
          ({ key }) => shopperKeyView(key),
          ({ cursor: at }) => [at.createdMicros, at.id],
        ),
      );
    },

    async revokeShopperKey(call) {
      const actor = actorOf(call);
      const revoked = await truth.transaction(async (tx): Promise<Outcome<ListedShopperKey>> => {
        const done = await revokeShopperKey(tx, parameter(call, "kid"), actor);
        if (done === null) return refuse("SHOPPER_KEY_NOT_FOUND");
        const { kid: subject, alg } = done.key;
        if (done.revokedNow)
          await insertSettingsAct(tx, { act: "shopper-key.revoked", subject, actor, data: { alg } });
        return { ok: true, value: done.key };
      });
      callers.forgetShopperKeys();
      return jsonOf(revoked, shopperKeyView);
    },

    async listSigningKeys() {
      await passes.prepare();
      return json(200, { items: (await listSigningKeys(truth)).map(signingKeyView) });
    },

    async rotateSigningKey(call) {
      await passes.prepare();
      const rotate = async (tx: Statements, actor: string): Promise<Outcome<ListedSigningKey>> => {
        const key = newSigningKey(sealer);
        const announced = SIGNING_KEY_ANNOUNCED_SECONDS;
        if (!(await rotateSigningKey(tx, key, actor, announced, SIGNING_KEY_VERIFIES_SECONDS))) {
          return refuse("WRONG_STATE", {
            detail: "A new key was made a moment ago and does not sign yet. Wait until it does.",
          });
        }
        await insertSettingsAct(tx, { act: "signing-key.rotated", subject: key.kid, actor });
        const made = (await listSigningKeys(tx)).find(({ kid }) => kid === key.kid);
        if (made === undefined) throw new Error(`signing key ${key.kid} was made but is not there`);
        return { ok: true, value: made };
      };
      const reply = await changeOnce(idempotency, call, rotate, signingKeyView, () => 201);
      passes.forget();
      return reply;
    },

    async retireSigningKey(call) {
      const kid = parameter(call, "signingKid");
      const retire = async (tx: Statements, actor: string): Promise<Outcome<ListedSigningKey>> => {
        const isRetired = await retireSigningKey(tx, kid, SIGNING_KEYS_REREAD_MS / 1_000);
        const key = (await listSigningKeys(tx)).find((each) => each.kid === kid);
        if (isRetired === null || key === undefined) return refuse("SIGNING_KEY_NOT_FOUND");
        if (key.state !== "retired") {
          const detail =
            key.state === "verifying"
              ? "Another key has just taken over: gateways may sign with this one for half a minute more. Try again then."
              : `The key is ${key.state}. Make another one, and retire this when that one signs.`;
          return refuse("WRONG_STATE", { detail });
        }
        if (isRetired) {
          const data = { passesOut: key.passesOut };
          await insertSettingsAct(tx, { act: "signing-key.retired", subject: kid, actor, data });
        }
        return { ok: true, value: key };
      };
      const reply = await changeOnce(idempotency, call, retire, signingKeyView);
      passes.forget();
      return reply;
    },

    async listSettingsActs({ query }) {
      const before = readCursor(query.cursor, { id: CURSOR_NUMBER });
      if (before === "invalid") return badCursor();
      const { subject, limit } = query;
      const rows = await listSettingsActs(truth, subject, before && Number(before.id), limit + 1);
      return json(
        200,
        pageOf(
          rows,
          limit,
          (row) => ({ ...row, at: row.at.toISOString() }),
          ({ id }) => [id],
        ),
      );
    },

    async getBotDefence() {
      return json(200, {
        joinsPerAddress: settings.JOINS_PER_ADDRESS,
        joinsPerShopper: { perSecond: JOINS_PER_SHOPPER_PER_SECOND, burst: JOINS_PER_SHOPPER_BURST },
        trustedProxies: settings.TRUSTED_PROXIES,
        allowedOrigins: settings.ALLOWED_ORIGINS,
        sales: await readDefendedSales(truth),
      });
    },
  };
}

function apiKeyView({ id, name, scopes, usedAt, revokedBy, ...row }: ListedApiKey): ApiKey {
  return {
    id,
    name,
    scopes,
    createdAt: row.createdAt.toISOString(),
    createdBy: row.createdBy,
    lastUsedAt: usedAt?.toISOString() ?? null,
    revokedAt: row.revokedAt?.toISOString() ?? null,
    revokedBy,
  };
}

function shopperKeyView({ kid, alg, createdBy, revokedBy, ...row }: ListedShopperKey): ShopperKey {
  return {
    kid,
    alg,
    createdAt: row.createdAt.toISOString(),
    createdBy,
    revokedAt: row.revokedAt?.toISOString() ?? null,
    revokedBy,
  };
}

function signingKeyView({ kid, state, createdBy, passesOut, ...row }: ListedSigningKey): SigningKey {
  return {
    kid,
    state,
    createdAt: row.createdAt.toISOString(),
    createdBy,
    signsFrom: row.signsFrom.toISOString(),
    publishedUntil: row.retiredAt?.toISOString() ?? null,
    passesOut,
  };
}
