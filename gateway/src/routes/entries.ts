// What a shopper does with the entry they have.

import type { Entry } from "@dropgate/contracts/entry";
import { type Outcome, refuse } from "@dropgate/contracts/refusals";
import { tellCards } from "@dropgate/inventory/applying";
import { cardOf } from "@dropgate/inventory/cards";
import { rejoin } from "@dropgate/inventory/holds/rejoin";
import { entryIdFor } from "@dropgate/inventory/ids";
import type { LaneAddress } from "@dropgate/lua/lane-answers";
import { type EntryRow, readEntries } from "@dropgate/sql/entries/entry-row";
import { type Handlers, parameter } from "../edge/call.ts";
import { json, jsonOf } from "../edge/reply.ts";
import type { OwnEntry } from "../joining/entry-desk.ts";
import type { KnownSale } from "../sales/known-sale.ts";
import type { Services } from "../services.ts";

export function entryRoutes(services: Services): Pick<Handlers, "getEntry" | "leave" | "rejoin"> {
  const { entries } = services;
  return {
    async getEntry(call) {
      const own = await entries.own(parameter(call, "entryId"), call.who);
      return own.ok ? jsonOf(await entries.show(own.value), (entry) => entry) : own;
    },

    async leave(call) {
      const own = await entries.own(parameter(call, "entryId"), call.who);
      if (!own.ok) return own;
      return jsonOf(await leaveEntry(services, own.value), () => ({}));
    },

    async rejoin(call) {
      const own = await entries.own(parameter(call, "entryId"), call.who);
      if (!own.ok) return own;
      const back = await rejoinEntry(services, own.value);
      return back.ok ? json(200, back.value) : back;
    },
  };
}

/** Leaves: a waiting or missed entry by its lane, one with a hold in PostgreSQL. Twice is the same. */
export async function leaveEntry(services: Services, own: OwnEntry): Promise<Outcome<null>> {
  const { sale, entryId, lane, key, shopper } = own;
  const { joining, truth } = services;
  const attempt = own.attempt ?? (await attemptOf(services, own));
  if (attempt === null) return refuse("ENTRY_NOT_FOUND");
  const left = await joining.leave(sale, lane, {
    key,
    entryId: entryIdFor(sale.ids, lane, shopper, attempt),
    attempt,
  });
  switch (left.outcome) {
    case "left":
    case "same":
      return { ok: true, value: null };
    case "hold":
      return leaveHold(services, entryId);
    case "wrong": {
      // An attempt that the shopper left before they joined anew.
      const row = (await readEntries(truth, [entryId]))[0];
      return row?.state === "left" ? { ok: true, value: null } : refuse("WRONG_STATE");
    }
    case "none":
      return refuse("ENTRY_NOT_FOUND");
  }
}

/** The attempt whose entry this is, for a caller who proved only who they are. */
async function attemptOf(services: Services, own: OwnEntry): Promise<number | null> {
  const { sale, entryId, lane, key, shopper } = own;
  const card = await services.joining.look(sale, lane, key);
  if (card !== null && entryIdFor(sale.ids, lane, shopper, card.attempt) === entryId) return card.attempt;
  const row = (await readEntries(services.truth, [entryId]))[0];
  return row?.shopper === shopper ? row.attempt : null;
}

/** An offered or held entry leaves: its unit goes back in the same transaction. */
export async function leaveHold(services: Services, entryId: string): Promise<Outcome<null>> {
  const row = (await readEntries(services.truth, [entryId]))[0];
  if (!row?.holdId) return refuse("WRONG_STATE");
  const outcome = await services.holds.act({ holdId: row.holdId, act: "leave", actor: "shopper", entryId });
  return outcome.ok ? { ok: true, value: null } : outcome;
}

/** Comes back once after a missed offer; the card follows, so that the next look shows it. */
export async function rejoinEntry(services: Services, own: OwnEntry): Promise<Outcome<Entry>> {
  const back = await rejoin(services.truth, own.entryId, own.shopper);
  if (!back.ok) {
    // Missed twice, or something else again: one that no store has yet cannot have missed anything.
    return back.refusal === "ENTRY_NOT_FOUND" ? refuse("WRONG_STATE") : back;
  }
  await tellCard(services, own.sale, back.value);
  return { ok: true, value: await services.entries.view(own.sale, own.entryId, cardOf(back.value)) };
}

async function tellCard(services: Services, sale: KnownSale, row: EntryRow): Promise<void> {
  const lanes = new Map<number, LaneAddress>();
  for (const { lane, address } of sale.lanes) if (address !== null) lanes.set(lane, address);
  // It is committed: what is not told now, the tick brings up to date.
  await tellCards(services.hotStore, lanes, [row], new Set(), new Set());
}
