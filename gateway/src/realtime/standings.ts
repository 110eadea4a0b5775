// Reads how shoppers stand, for many connections at once: cards by the lane's batches, holds of those who
// have one by one statement for all that ask in the same moment.
import { isLiveHold } from "@dropgate/contracts/states/hold";
import { type HoldRow, readHolds } from "@dropgate/sql/holds/hold-row";
import { holdView } from "../holds/hold-view.ts";
import type { OwnEntry } from "../joining/entry-desk.ts";
import type { Services } from "../services.ts";
import type { Standing } from "./visitor.ts";

type Waiting = { holdId: string; resolve: (hold: HoldRow | null) => void; reject: (error: unknown) => void };

export class Standings {
  readonly #services: Services;
  #waiting: Waiting[] = [];

  constructor(services: Services) {
    this.#services = services;
  }

  /**
   * @param lastHoldId the hold that a connection of this shopper was told of, whose end may be news
   * @returns null when the entry is nobody's any more
   * @throws when a store is away
   */
  async of(own: OwnEntry, lastHoldId: string | null): Promise<Standing | null> {
    const shown = await this.#services.entries.show(own);
    if (!shown.ok) return null;
    const entry = shown.value;
    if (entry.outcome && entry.outcome.result !== "purchased" && own.sale.isBehind) {
      // The row that says whether all was sold is on its way; the outcome is told once.
      delete entry.outcome;
    }
    const holdId = entry.holdId ?? lastHoldId;
    if (holdId === null || holdId === undefined || entry.state === "offered") return { entry, hold: null };
    const found = await this.#hold(holdId);
    if (found === null) return { entry, hold: null };
    const row = { ...found, paymentExtensionSeconds: own.sale.row.paymentExtensionSeconds };
    const pass =
      isLiveHold(row.state) && row.state !== "offered" ? { pass: await this.#services.passes.sign(row) } : {};
    return { entry, hold: { hold: holdView(row), ...pass } };
  }

  #hold(holdId: string): Promise<HoldRow | null> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ holdId, resolve, reject });
      if (this.#waiting.length === 1) setImmediate(() => void this.#read());
    });
  }

  async #read(): Promise<void> {
    const waiting = this.#waiting;
    this.#waiting = [];
    try {
      const ids = [...new Set(waiting.map(({ holdId }) => holdId))];
      const rows = new Map((await readHolds(this.#services.truth, ids)).map((row) => [row.holdId, row]));
      for (const { holdId, resolve } of waiting) resolve(rows.get(holdId) ?? null);
    } catch (error) {
      for (const { reject } of waiting) reject(error);
    }
  }
}
