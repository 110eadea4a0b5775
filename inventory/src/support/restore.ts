// An operator gives a place back to a shopper who left the line, or missed an offer, and asks for help: once, with a reason.
// Who left before their turn stands where their ticket says; whose turn was gets the next free unit.
import { type Outcome, refuse } from "@dropgate/contracts/refusals";
import type { StoredEntryState } from "@dropgate/contracts/states/entry";
import type { Phase } from "@dropgate/contracts/states/phase";
import type { Statements } from "@dropgate/sql";
import { type EntryRow, lockEntry, readEntries } from "@dropgate/sql/entries/entry-row";
import { type RestoreFacts, readRestoreFacts, writeRestore } from "@dropgate/sql/entries/restore-entry";
import { lockSaleRow } from "@dropgate/sql/sales/lock-sale";

/** What the decision goes by. */
export interface RestoreCase extends RestoreFacts {
  state: StoredEntryState;
  ticket: number | null;
  bought: number;
  sale: { kind: "lottery" | "rush"; phase: Phase; serving: number; limitPerShopper: number };
}

/** `same`: it was given back already and still waits. `next`: its turn was, so the next free unit is its. */
export type RestoreDecision = Outcome<"same" | { next: boolean }>;

const WHY_NOT: Partial<Record<StoredEntryState, string>> = {
  waiting: "The shopper is in line: there is no place to give back.",
  offered: "A unit is on offer to the shopper now: they can claim it.",
  held: "The shopper has a unit: there is no place to give back.",
  purchased: "The shopper has bought a unit: there is no place to give back.",
  released: "The shopper gave the unit back and can join again.",
  expired: "The shopper's time to pay ran out; they can join again.",
};

/** Pure. */
export function decideRestore(entry: RestoreCase): RestoreDecision {
  const { sale, state } = entry;
  if (sale.phase === "closed") {
    return refuse("SALE_CLOSED", { detail: "The sale is closed: no unit is given out any more." });
  }
  if (sale.kind === "rush") return wrong("A rush has no line: there is no place to give back.");
  if (state === "waiting" && entry.restoredAt !== null) return { ok: true, value: "same" };
  if (state !== "left" && state !== "missed")
    return wrong(WHY_NOT[state] ?? "There is no place to give back.");
  if (entry.restoredAt !== null) return wrong("This place was given back once already: that is done once.");
  if (entry.endedAtLimit || entry.bought >= sale.limitPerShopper) {
    return wrong("The shopper has bought all that one person may.");
  }
  if (entry.laterEntryId !== null) {
    return wrong(`The shopper has joined again since, with entry ${entry.laterEntryId}.`);
  }
  return { ok: true, value: { next: entry.ticket !== null && entry.ticket <= sale.serving } };
}

function wrong(detail: string): RestoreDecision {
  return refuse("WRONG_STATE", { detail });
}

/**
 * Within the caller's transaction. The sale is locked first: how far the line is must not move before this is written,
 * or the line would have gone past a place that it has not seen.
 * @returns the entry, waiting again (or already: asking twice is the same answer)
 */
export async function restoreEntryIn(
  tx: Statements,
  entryId: string,
  reason: string,
  actor: string,
): Promise<Outcome<EntryRow>> {
  const [found] = await readEntries(tx, [entryId]);
  const sale = found === undefined ? null : await lockSaleRow(tx, found.saleId);
  const entry = await lockEntry(tx, entryId);
  if (entry === null || sale === null) return refuse("ENTRY_NOT_FOUND");
  const decided = decideRestore({ ...entry, ...(await readRestoreFacts(tx, entryId)), sale });
  if (!decided.ok) return decided;
  if (decided.value === "same") return { ok: true, value: entry };
  return { ok: true, value: await writeRestore(tx, entry, { ...decided.value, reason, actor }) };
}
