// A shopper whose offer lapsed comes back, once, with the old ticket, and takes the next free unit.
import type { Shopper } from "@dropgate/contracts/ids";
import { type Outcome, refuse } from "@dropgate/contracts/refusals";
import type { Phase } from "@dropgate/contracts/states/phase";
import type { Truth } from "@dropgate/sql";
import { type EntryRow, lockEntry, writeRejoin } from "@dropgate/sql/entries/entry-row";

/**
 * @param shopper who asks: the list of a draw names everybody's entries, and nobody brings back another's
 * @returns the entry, waiting again (or already: asking twice is the same answer)
 */
export function rejoin(truth: Truth, entryId: string, shopper: Shopper): Promise<Outcome<EntryRow>> {
  return truth.transaction(async (tx) => {
    const entry = await lockEntry(tx, entryId);
    if (entry === null) return refuse("ENTRY_NOT_FOUND");
    if (entry.shopper !== shopper) return refuse("FORBIDDEN");
    const decision = decideRejoin(entry);
    if (!decision.ok || decision.value === "same") return decision.ok ? { ok: true, value: entry } : decision;
    return { ok: true, value: await writeRejoin(tx, entry) };
  });
}

/** Pure: once after the first miss, while the sale is not closed. */
export function decideRejoin(entry: {
  state: EntryRow["state"];
  misses: number;
  rejoinedAt: Date | null;
  phase: Phase;
}): Outcome<"again" | "same"> {
  if (entry.phase === "closed") return refuse("SALE_CLOSED");
  if (entry.state === "waiting" && entry.rejoinedAt !== null) return { ok: true, value: "same" };
  if (entry.state !== "missed" || entry.misses !== 1) return refuse("WRONG_STATE");
  return { ok: true, value: "again" };
}
