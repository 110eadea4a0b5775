// Support: finding a shopper's entry, telling its story, and giving its place back.
import type { EntryStory, FoundEntry } from "@dropgate/contracts/entry-story";
import { placeOfEntry, type ShopperKey } from "@dropgate/contracts/ids";
import { type Outcome, refuse } from "@dropgate/contracts/refusals";
import type { EntryState } from "@dropgate/contracts/states/entry";
import { decideRestore, restoreEntryIn } from "@dropgate/inventory/support/restore";
import { storyOf } from "@dropgate/inventory/support/story";
import { settleLeave, tellRestored } from "@dropgate/inventory/support/tell-restored";
import type { LaneAddress } from "@dropgate/lua/lane-answers";
import type { Statements } from "@dropgate/sql";
import { type EntryRow, readEntries } from "@dropgate/sql/entries/entry-row";
import { readRestoreFacts } from "@dropgate/sql/entries/restore-entry";
import {
  type FoundEntryRow,
  readFoundEntry,
  readOtherEntries,
  readStory,
  searchEntries,
} from "@dropgate/sql/entries/search-entries";
import { readSale } from "@dropgate/sql/sales/sale-row";
import { type Handlers, parameter } from "../edge/call.ts";
import { json } from "../edge/reply.ts";
import { actorOf } from "../inventory/changes.ts";
import type { KnownSale } from "../sales/known-sale.ts";
import { inTime } from "../sales/tell-sale.ts";
import type { Services } from "../services.ts";
import { badCursor, CURSOR_ID, CURSOR_NUMBER, readCursor, writeCursor } from "./cursor.ts";

type EntrySupportRoutes = Pick<Handlers, "searchEntries" | "getEntryStory" | "restoreEntry">;

const TICKET = /^[1-9]\d{0,14}$/;

export function entrySupportRoutes(services: Services): EntrySupportRoutes {
  const { truth, sales, idempotency } = services;
  return {
    async searchEntries(call) {
      const { q, saleId = null, limit, cursor } = call.query;
      const after = readCursor(cursor, { joinedMicros: CURSOR_NUMBER, id: CURSOR_ID });
      if (after === "invalid") return badCursor();
      if (saleId !== null && (await sales.find(saleId)) === null) return refuse("SALE_NOT_FOUND");
      const ticket = TICKET.test(q) ? Number(q) : null;
      const page = await searchEntries(truth, { q, ticket, saleId }, after, limit + 1);
      const shown = page.slice(0, limit);
      const last = page.length > limit ? shown.at(-1) : undefined;
      return json(200, {
        items: shown.map(({ entry }) => foundView(services, entry)),
        nextCursor: last ? writeCursor(last.cursor.joinedMicros, last.cursor.id) : null,
      });
    },

    async getEntryStory(call) {
      const entryId = parameter(call, "entryId");
      const story = await tellStory(services, truth, entryId);
      if (story === null) return refuse("ENTRY_NOT_FOUND");
      const [row] = await readEntries(truth, [entryId]);
      const now = row === undefined ? null : await nowOf(services, row);
      return json(200, now === null ? story : { ...story, steps: [...story.steps, now] });
    },

    async restoreEntry(call) {
      const entryId = parameter(call, "entryId");
      const place = placeOfEntry(entryId);
      const sale = place === null ? null : await sales.findByTag(place.tag);
      if (sale === null) return refuse("ENTRY_NOT_FOUND");
      const ready = await prepare(services, sale, entryId);
      if (!ready.ok) return ready;
      const reply = await idempotency.once(call.idempotency, async (tx) => {
        const outcome = await restoreEntryIn(tx, entryId, call.body.reason, actorOf(call));
        if (!outcome.ok) return outcome;
        return json(200, await tellStory(services, tx, entryId));
      });
      // Also when it was done before: whoever did it may have died before it was told.
      await inTime(services, async () => {
        await tellRestored(truth, services.hotStore, sale.id, addressesOf(sale));
      });
      return reply;
    },
  };
}

/** What must be so in Redis before a leave is undone. @throws when Redis is away: then it is not undone now */
async function prepare(services: Services, sale: KnownSale, entryId: string): Promise<Outcome<null>> {
  const [row] = await readEntries(services.truth, [entryId]);
  if (row?.state !== "left" || sale.phase === "closed" || sale.row.kind === "rush")
    return { ok: true, value: null };
  if (!(await settleLeave(services.hotStore, addressesOf(sale), row))) return refuse("BUSY");
  const card = await services.joining.look(sale, row.lane, row.shopperKey as ShopperKey);
  return card !== null && card.attempt > row.attempt
    ? refuse("WRONG_STATE", { detail: "The shopper has joined again since." })
    : { ok: true, value: null };
}

function addressesOf(sale: KnownSale): Map<number, LaneAddress> {
  const lanes = new Map<number, LaneAddress>();
  for (const { lane, address } of sale.lanes) if (address !== null) lanes.set(lane, address);
  return lanes;
}

async function tellStory(services: Services, tx: Statements, entryId: string): Promise<EntryStory | null> {
  const [row] = await readEntries(tx, [entryId]);
  const found = await readFoundEntry(tx, entryId);
  const sale = row === undefined ? null : await readSale(tx, row.saleId);
  if (row === undefined || found === null || sale === null) return null;
  const facts = await readRestoreFacts(tx, entryId);
  const { bucket, drawnAt, rows } = await readStory(tx, entryId);
  const others = await readOtherEntries(tx, entryId);
  const decided = decideRestore({ ...row, ...facts, sale });
  const steps = storyOf({ ...found, bucket, drawnAt, rows });
  return {
    ...foundView(services, found),
    phase: sale.phase,
    serving: sale.serving,
    position: row.state === "waiting" && row.ticket !== null ? Math.max(0, row.ticket - sale.serving) : null,
    claimBy: row.state === "offered" ? (row.claimBy?.toISOString() ?? null) : null,
    expiresAt: row.state === "held" ? (row.expiresAt?.toISOString() ?? null) : null,
    restore: restoreView(decided),
    otherEntries: others,
    steps,
  };
}

function restoreView(decided: ReturnType<typeof decideRestore>): EntryStory["restore"] {
  if (!decided.ok) return { possible: false, why: decided.detail ?? "It makes no sense now." };
  if (decided.value === "same")
    return { possible: false, why: "The place was given back; the shopper is in line again." };
  return {
    possible: true,
    why: decided.value.next
      ? "Its turn has been: the next free unit will be offered to it."
      : "It will stand in line where its ticket says.",
  };
}

/** What only Redis knows: a shopper who has just left, or whose leave is not stored yet. Null when it says the same. */
async function nowOf(services: Services, row: EntryRow): Promise<EntryStory["steps"][number] | null> {
  const sale = services.sales.peek(row.saleId);
  if (sale === null || sale.phase === "closed" || !services.hotStore.ready) return null;
  const card = await services.joining.look(sale, row.lane, row.shopperKey as ShopperKey).catch(() => null);
  if (card === null || card.attempt !== row.attempt || card.state === row.state) return null;
  return {
    at: new Date().toISOString(),
    kind: "now",
    sentence:
      card.state === "left"
        ? "The shopper has left just now; it is being stored."
        : `Shown to the shopper as ${card.state}; the newest step is on its way to them.`,
    unit: null,
    holdId: null,
    actor: null,
    actorName: null,
    reason: null,
    data: { state: card.state },
  };
}

function foundView({ sales }: Services, row: FoundEntryRow): FoundEntry {
  const { phase, shopper, joinedAt, rehearsal, ...entry } = row;
  const isOver = phase === "closed" && sales.peek(row.saleId)?.allSold === true;
  const state: EntryState = isOver && row.state === "waiting" ? "sold_out" : row.state;
  return {
    ...entry,
    state,
    shopper: { kind: shopper.startsWith("m:") ? "customer" : "visitor", id: shopper.slice(2) },
    joinedAt: joinedAt.toISOString(),
    ...(rehearsal && { rehearsal }),
  };
}
