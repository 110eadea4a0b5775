// Links that take an entry along to another device. Made by whoever proved the entry, used once, within ten minutes. Of
// the secret only its hash is kept, and it travels behind the `#` of an address and in a body: in no log, no referrer.
import { createHash, randomBytes } from "node:crypto";
import type { Joined } from "@dropgate/contracts/entry";
import type { Shopper } from "@dropgate/contracts/ids";
import { LINK_SECRET, type LinkMade } from "@dropgate/contracts/notification";
import { refuse } from "@dropgate/contracts/refusals";
import { LINK_MS, LINKS_PER_ENTRY_MAX } from "@dropgate/contracts/room-limits";
import { entryIdFor, placeOfShopper } from "@dropgate/inventory/ids";
import { readEntries } from "@dropgate/sql/entries/entry-row";
import { consumeLink, insertLink, readLink } from "@dropgate/sql/links/entry-links";
import { type Call, type Handlers, parameter } from "../edge/call.ts";
import { json, type Reply } from "../edge/reply.ts";
import { countAsk, countStranger } from "../joining/count-ask.ts";
import type { OwnEntry } from "../joining/entry-desk.ts";
import { entryToken } from "../joining/entry-receipt.ts";
import type { Services } from "../services.ts";

const SECRET_BYTES = 32;

export function linkRoutes(services: Services): Pick<Handlers, "makeLink" | "useLink"> {
  const { entries, truth } = services;
  return {
    async makeLink(call) {
      const own = await entries.own(parameter(call, "entryId"), call.who);
      if (!own.ok) return own;
      const { sale, entryId, shopper } = own.value;
      const limited = countAsk(services, shopper);
      if (limited !== null) return limited;
      const claims = await claimsOf(services, call, own.value);
      if (claims === null) return refuse("ENTRY_NOT_FOUND");
      const secret = randomBytes(SECRET_BYTES).toString("base64url");
      const { attempt, bucket } = claims;
      const linked = { saleId: sale.id, entryId, shopper, attempt, bucket };
      const expiresAt = await insertLink(truth, hashOf(secret), linked, LINK_MS, LINKS_PER_ENTRY_MAX);
      const made: LinkMade = {
        url: `${services.passes.issuer.replace(/\/$/, "")}/s/${sale.id}#link=${secret}`,
        expiresAt: expiresAt.toISOString(),
      };
      return json(201, made);
    },

    useLink: (call) => useLink(services, call),
  };
}

/** Of the entry, what its token says beside its shopper; null: it is nobody's any more. */
async function claimsOf(
  services: Services,
  { who }: Pick<Call, "who">,
  own: OwnEntry,
): Promise<{ attempt: number; bucket: number } | null> {
  if (who.kind === "entry") return { attempt: who.claims.attempt, bucket: who.claims.bucket };
  const { sale, entryId, lane, key, shopper } = own;
  const card = await services.joining.look(sale, lane, key);
  if (card !== null && entryIdFor(sale.ids, lane, shopper, card.attempt) === entryId) return card;
  const row = (await readEntries(services.truth, [entryId]))[0];
  return row?.shopper === shopper ? row : null;
}

async function useLink(services: Services, call: Call<"useLink">): Promise<Reply> {
  const limited = countStranger(services, call);
  if (limited !== null) return limited;
  const secret = call.body.link;
  if (!LINK_SECRET.test(secret)) return refuse("LINK_NOT_FOUND");
  const hash = hashOf(secret);
  const link = await readLink(services.truth, hash);
  if (link === null) return refuse("LINK_NOT_FOUND");
  if (link.isUsed) return refuse("LINK_USED");
  if (link.isOver) return refuse("LINK_EXPIRED");
  const sale = await services.sales.find(link.saleId);
  if (sale === null) return refuse("LINK_NOT_FOUND");
  const { entryId, attempt } = link;
  const shopper = link.shopper as Shopper; // as it was written, of a proven entry
  const { shopperKey: key, lane } = placeOfShopper(sale.ids, shopper);
  // Looked at before the link is used up: what is away now must not cost the shopper their only try.
  const shown = await services.entries.show({ sale, entryId, shopper, lane, key, attempt });
  if (!shown.ok) return shown;
  if (!(await consumeLink(services.truth, hash))) return refuse("LINK_USED");
  return json(200, { ...shown.value, token: entryToken(services, sale, link) } satisfies Joined);
}

function hashOf(secret: string): Buffer {
  return createHash("sha256").update(secret).digest();
}
