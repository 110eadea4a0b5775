// What is mirrored and shown of one SKU as it should behave, told once more in TypeScript, without a server:
// stock-model.test.ts does the same random acts to this and to the real scripts and compares. Times are left out: what
// grew old or was lost is an act of its own.
import type { StockHold, StockHoldOutcome, StockLine, StockLook, StockRow } from "./stock-store.ts";

/** As a script answers, but tokens are numbers in the order in which they were first told. */
export type ModelAnswer<Value> = { ok: true; value: Value } | { ok: false; load: number };
export type ModelDisplay = { text: string } | { fill: number } | { wait: true };

/** Everything that Redis has of the SKU. */
export interface StockState {
  /** Null: nobody asks for it. */
  levels: { load: number | "loaded"; rows: Record<string, StockRow> } | null;
  pending: Record<string, readonly StockLine[]>;
  display: string | null;
  filling: number | null;
}

export class StockModel {
  #levels: { load: number | "loaded"; rows: Map<string, StockRow> } | null = null;
  readonly #pending = new Map<string, readonly StockLine[]>();
  /** Pending for so long that it counts no more, and is removed by the next who looks. */
  readonly #stale = new Set<string>();
  #display: string | null = null;
  #filling: number | null = null;
  #loads = 0;
  #fills = 0;

  get state(): StockState {
    const levels = this.#levels && { ...this.#levels, rows: Object.fromEntries(this.#levels.rows) };
    const pending = Object.fromEntries(this.#pending);
    return { levels, pending, display: this.#display, filling: this.#filling };
  }

  look(): ModelAnswer<StockLook[]> {
    return this.#whenLoaded((rows) =>
      [...rows.values()].map((row) => ({ ...row, held: this.#heldAt(row.locationId) })),
    );
  }

  hold(holds: readonly StockHold[]): ModelAnswer<StockHoldOutcome[]> {
    return this.#whenLoaded((rows) => holds.map((hold) => this.#hold(hold, rows)));
  }

  #hold({ reservationId, lines }: StockHold, rows: ReadonlyMap<string, StockRow>): StockHoldOutcome {
    this.#pending.delete(reservationId);
    const places = [...new Set(lines.map(({ locationId }) => locationId))];
    const short = places.flatMap((locationId) => {
      const row = rows.get(locationId);
      const left = row?.sellable ? availableOf(row) - this.#heldAt(locationId) : 0;
      return left < quantityAt(lines, locationId) ? [{ locationId, available: Math.max(0, left) }] : [];
    });
    if (short.length > 0) return { ok: false, short };
    this.#pending.set(reservationId, lines);
    return { ok: true };
  }

  load(token: number | null, rows: readonly StockRow[]): boolean {
    if (this.#levels === null || this.#levels.load !== token) return false;
    for (const row of rows) this.#write(this.#levels.rows, row);
    this.#levels.load = "loaded";
    return true;
  }

  settle(ended: readonly string[], rows: readonly StockRow[]): boolean {
    for (const reservationId of ended) this.#forget(reservationId);
    const there = this.#levels?.rows;
    const changed = there === undefined || rows.filter((row) => this.#write(there, row)).length > 0;
    if (changed) this.#drop();
    return changed;
  }

  drop(shownOnly: boolean): null {
    if (!shownOnly) this.#levels = null;
    return this.#drop();
  }

  readDisplay(): ModelDisplay {
    if (this.#display !== null) return { text: this.#display };
    if (this.#filling !== null) return { wait: true };
    this.#filling = this.#fills++;
    return { fill: this.#filling };
  }

  fillDisplay(token: number | null, text: string): boolean {
    if (this.#filling === null || this.#filling !== token) return false;
    this.#display = text;
    this.#filling = null;
    return true;
  }

  /** Whoever held this has not come back for as long as it counts. */
  age(reservationId: string): boolean {
    const there = this.#pending.has(reservationId);
    if (there) this.#stale.add(reservationId);
    return there;
  }

  /** Redis has let it go: its time was over, or the server was emptied. */
  lose(what: keyof StockState): void {
    if (what === "levels") this.#levels = null;
    if (what === "pending") for (const reservationId of this.#pending.keys()) this.#forget(reservationId);
    if (what === "display") this.#display = null;
    if (what === "filling") this.#filling = null;
  }

  #whenLoaded<Value>(act: (rows: ReadonlyMap<string, StockRow>) => Value): ModelAnswer<Value> {
    this.#levels ??= { load: this.#loads++, rows: new Map() };
    if (this.#levels.load !== "loaded") return { ok: false, load: this.#levels.load };
    for (const reservationId of this.#stale) this.#forget(reservationId);
    return { ok: true, value: act(this.#levels.rows) };
  }

  #write(rows: Map<string, StockRow>, row: StockRow): boolean {
    const there = rows.get(row.locationId);
    if (there && (there.rev > row.rev || JSON.stringify(there) === JSON.stringify(row))) return false;
    rows.set(row.locationId, row);
    return true;
  }

  #forget(reservationId: string): void {
    this.#pending.delete(reservationId);
    this.#stale.delete(reservationId);
  }

  #drop(): null {
    this.#display = null;
    this.#filling = null;
    return null;
  }

  #heldAt(locationId: string): number {
    return [...this.#pending.values()].reduce((sum, lines) => sum + quantityAt(lines, locationId), 0);
  }
}

/** What the row alone leaves, whatever is pending. */
export function availableOf({ onHand, allocated, reserved, safetyStock }: StockRow): number {
  return onHand - allocated - reserved - safetyStock;
}

export function quantityAt(lines: readonly StockLine[], locationId: string): number {
  return lines.reduce((sum, line) => sum + (line.locationId === locationId ? line.quantity : 0), 0);
}
