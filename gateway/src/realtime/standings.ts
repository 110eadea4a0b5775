// Reads how shoppers of one lane stand, many in one go: their cards by one look, PostgreSQL in one statement and
// only for those who have a hold to speak of or no card.
import type { Entry } from "@dropgate/contracts/entry";
import type { ShopperKey } from "@dropgate/contracts/ids";
import type { Refusal } from "@dropgate/contracts/refusals";
import { isLiveHold } from "@dropgate/contracts/states/hold";
import { cardOf } from "@dropgate/inventory/cards";
import type { Card } from "@dropgate/lua/card";
import { readEntries } from "@dropgate/sql/entries/entry-row";
import { type HoldRow, readHolds } from "@dropgate/sql/holds/hold-row";
import { holdView } from "../holds/hold-view.ts";
import type { OwnEntry } from "../joining/entry-desk.ts";
import { entryView } from "../joining/entry-view.ts";
import type { KnownSale } from "../sales/known-sale.ts";
import type { Services } from "../services.ts";
import { type HoldNews, holdsWanted, type Standing } from "./telling.ts";
import type { Visitor } from "./visitor.ts";

/** A visitor as it was when the reading began; it may have left, or come in as somebody else, before it ends. */
export interface Shopper {
  visitor: Visitor;
  own: OwnEntry;
}

/** An entry that was found; its card, unless it was shown whole already. */
interface Sight {
  shopper: Shopper;
  entry: Entry;
  card: Card | null;
}

export type StandingsServices = Pick<Services, "truth" | "joining" | "entries" | "passes">;

export interface Reading {
  sale: KnownSale;
  lane: number;
  shoppers: readonly Shopper[];
  /** Whether it is known of a closed sale if every unit was sold; before that nobody is told how it ended. */
  endKnown: boolean;
  /** Called for each that could be read: how they stand, or why their entry is not there. */
  found: (shopper: Shopper, standing: Standing | Refusal) => void;
}

/** @throws when not everything could be read: whoever was found was told, the whole is to be tried again */
export async function readStandings(services: StandingsServices, reading: Reading): Promise<void> {
  const failures: unknown[] = [];
  const { sights, strays } = await lookAtCards(services, reading, failures);
  try {
    await findStrays(services, reading, strays, sights, failures.length === 0);
  } catch (error) {
    failures.push(error);
  }
  let holds = new Map<string, HoldNews>();
  try {
    holds = await readHoldNews(services, reading, sights);
  } catch (error) {
    failures.push(error);
  }
  for (const sight of sights) {
    const entry = withPurchase(reading, sight, holds);
    if (!reading.endKnown && entry.outcome && entry.outcome.result !== "purchased") delete entry.outcome;
    reading.found(sight.shopper, { entry, holds });
  }
  if (failures.length > 0) throw failures[0];
}

async function lookAtCards(
  { joining }: StandingsServices,
  reading: Reading,
  failures: unknown[],
): Promise<{ sights: Sight[]; strays: Shopper[] }> {
  const { sale, lane, shoppers } = reading;
  const keys = [...new Set(shoppers.map(({ own }) => own.key))];
  const cards = new Map<ShopperKey, Card | null>();
  try {
    for (const [i, card] of (await joining.lookAtMany(sale, lane, keys)).entries()) {
      cards.set(keys[i] as ShopperKey, card); // one card each, in order
    }
  } catch (error) {
    // Of a closed sale PostgreSQL knows as much as Redis, which need not keep it.
    if (sale.phase === "closed") {
      return { sights: [], strays: shoppers.filter(({ visitor }) => mayHaveNews(visitor, sale)) };
    }
    failures.push(error);
    // The lane is being rebuilt, or Redis is away: who has just come is shown what PostgreSQL knows; the others
    // have heard everything so far.
    return { sights: [], strays: shoppers.filter(({ visitor }) => visitor.onRead !== null) };
  }
  const sights: Sight[] = [];
  const strays: Shopper[] = [];
  for (const shopper of shoppers) {
    const card = cards.get(shopper.own.key) ?? null;
    if (card !== null && card.attempt === shopper.own.attempt) {
      // A leave that only Redis knows can be lost with it, and nobody is told what may be taken back: until it is
      // stored PostgreSQL says how the entry stands.
      if (card.leaveUnstored) strays.push(shopper);
      else sights.push({ shopper, entry: viewOf(reading, shopper, card), card });
    } else if (mayHaveNews(shopper.visitor, sale)) {
      strays.push(shopper);
    }
  }
  return { sights, strays };
}

/** An attempt before the shopper's present one has ended: nothing becomes of it but the sale's outcome. */
function mayHaveNews({ told }: Visitor, sale: KnownSale): boolean {
  if (told === null) return true;
  const hasEnded = told.state === "left" || told.state === "released" || told.state === "expired";
  return !(hasEnded || told.state === "purchased") || (sale.phase === "closed" && !told.outcome);
}

/**
 * Entries without a card of their attempt: rows, or receipts that no store knows yet.
 * @param sights what is found is added to it
 * @param laneAnswers whether the lane may be asked about who has no row either
 */
async function findStrays(
  { truth, entries }: StandingsServices,
  reading: Reading,
  strays: readonly Shopper[],
  sights: Sight[],
  laneAnswers: boolean,
): Promise<void> {
  if (strays.length === 0) return;
  const ids = [...new Set(strays.map(({ own }) => own.entryId))];
  const rows = new Map((await readEntries(truth, ids)).map((row) => [row.entryId, row]));
  const unknown: Shopper[] = [];
  for (const shopper of strays) {
    const row = rows.get(shopper.own.entryId);
    if (row?.shopper === shopper.own.shopper) {
      const card = cardOf(row);
      sights.push({ shopper, entry: viewOf(reading, shopper, card), card });
    } else {
      unknown.push(shopper);
    }
  }
  if (!laneAnswers) return;
  await Promise.all(
    unknown.map(async (shopper) => {
      const shown = await entries.show(shopper.own);
      if (shown.ok) sights.push({ shopper, entry: shown.value, card: null });
      else reading.found(shopper, shown);
    }),
  );
}

async function readHoldNews(
  { truth, passes }: StandingsServices,
  { sale }: Reading,
  sights: readonly Sight[],
): Promise<Map<string, HoldNews>> {
  const ids = new Set(sights.flatMap(({ shopper, entry }) => holdsWanted(entry, shopper.visitor.told)));
  if (ids.size === 0) return new Map();
  const news = new Map<string, HoldNews>();
  for (const row of await readHolds(truth, [...ids])) {
    const { paymentExtensionSeconds } = sale.row;
    const pass = isClaimed(row) ? { pass: await passes.sign({ ...row, paymentExtensionSeconds }) } : {};
    news.set(row.holdId, { hold: holdView(row), ...pass });
  }
  return news;
}

function isClaimed(hold: HoldRow): boolean {
  return isLiveHold(hold.state) && hold.state !== "offered";
}

function withPurchase(
  reading: Reading,
  { shopper, entry, card }: Sight,
  holds: Map<string, HoldNews>,
): Entry {
  const hold = entry.holdId === undefined ? undefined : holds.get(entry.holdId)?.hold;
  if (entry.state !== "purchased" || card === null || hold?.orderId === undefined) return entry;
  return viewOf(reading, shopper, card, { orderId: hold.orderId, unit: hold.unit });
}

function viewOf(
  { sale }: Reading,
  { own }: Shopper,
  card: Card,
  purchase: { orderId: string; unit: number } | null = null,
): Entry {
  const { id, phase, serving, allSold } = sale;
  return entryView(own.entryId, card, { id, phase, serving, allSold }, purchase);
}
