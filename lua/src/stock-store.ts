// A SKU's stock as the hot store mirrors it, and what is shown of it: a method for each script. All of it is a copy
// that PostgreSQL can make again, so there is no epoch: keys carry the name of the server that was told (keys.ts), and
// rows the revision by which an older one is known. A broken connection or a missing answer throws HotStoreAway.
import {
  DISPLAY_FILL_MS_MAX,
  DISPLAY_MS_MAX,
  STOCK_MIRROR_MS,
  STOCK_PENDING_MS,
} from "@dropgate/contracts/limits";
import { HotStoreAway } from "./away.ts";
import { type StockKeyName, type StockPlace, stockKeys } from "./keys.ts";
import { type Reply, readList, readNumber, readText } from "./lane-replies.ts";
import type { CallScript } from "./script-call.ts";
import type { ScriptArguments, ScriptName } from "./scripts.generated.ts";

/** What the mirror keeps of a level's row. */
export interface StockRow {
  locationId: string;
  rev: number;
  onHand: number;
  allocated: number;
  reserved: number;
  safetyStock: number;
  sellable: boolean;
}

/** `held`: pending there. */
export interface StockLook extends StockRow {
  held: number;
}

export interface StockLine {
  locationId: string;
  quantity: number;
}

export interface StockHold {
  reservationId: string;
  lines: readonly StockLine[];
}

export type StockHoldOutcome =
  | { ok: true }
  /** The locations that lack, and what they have. */
  | { ok: false; short: { locationId: string; available: number }[] };

/** `load`: not mirrored yet; read the rows from now on, and bring them with this token. */
export type StockAnswer<Value> = { ok: true; value: Value } | { ok: false; load: string };

/** `fill`: nobody else makes it meanwhile. `wait`: somebody does. */
export type DisplayAnswer = { text: string } | { fill: string } | { wait: true };

const ID = /^[\w-]{1,64}$/;

export class StockStore {
  readonly #call: CallScript;
  readonly #place: StockPlace;
  readonly #slot: number;
  readonly #runId: () => string | null;
  /** On the server that was asked last. */
  #keys: { runId: string; keys: Record<StockKeyName, string> } | null = null;

  /** @param runId who has the slot now */
  constructor(call: CallScript, place: StockPlace, slot: number, runId: () => string | null) {
    this.#call = call;
    this.#place = place;
    this.#slot = slot;
    this.#runId = runId;
  }

  /** Every level of the SKU. */
  look(): Promise<StockAnswer<StockLook[]>> {
    return this.#asked("stock-look", { fixed: TIMES, each: [] }, readLooks);
  }

  /** Holds quantities for reservations, one outcome each, in order. Asked again, one replaces what it held. */
  hold(holds: readonly StockHold[]): Promise<StockAnswer<StockHoldOutcome[]>> {
    const each = holds.map(({ reservationId, lines }) => ({
      reservationId: checkedId(reservationId),
      lines: lines.map(packLine).join(),
    }));
    return this.#asked("stock-hold", { fixed: TIMES, each }, (replies) => replies.map(readHold));
  }

  /** @returns false when that load was dropped meanwhile, or another has brought the rows */
  async load(token: string, rows: readonly StockRow[]): Promise<boolean> {
    const [, done] = await this.#run("stock-load", {
      fixed: { token, keepMs: STOCK_MIRROR_MS },
      each: rows.map(packRow),
    });
    return readNumber(done) === 1;
  }

  /** @returns whether anything differs from what was known before */
  async settle(ended: readonly string[], rows: readonly StockRow[]): Promise<boolean> {
    const [, changed] = await this.#run("stock-settle", {
      fixed: { ended: ended.map(checkedId).join() },
      each: rows.map(packRow),
    });
    return readNumber(changed) === 1;
  }

  /** @param shownOnly what is mirrored stays */
  async drop(shownOnly = false): Promise<void> {
    await this.#run("stock-drop", { fixed: { shownOnly }, each: [] });
  }

  async readDisplay(): Promise<DisplayAnswer> {
    const [answer, what] = await this.#run("display-read", {
      fixed: { fillMs: DISPLAY_FILL_MS_MAX },
      each: [],
    });
    if (answer === "OK") return { text: readText(what) };
    if (answer === "FILL") return { fill: readText(what) };
    return { wait: true };
  }

  /**
   * @param showMs how long it is shown, whole
   * @returns false when it was dropped since the filling began
   */
  async fillDisplay(token: string, text: string, showMs = DISPLAY_MS_MAX): Promise<boolean> {
    const [, kept] = await this.#run("display-fill", {
      fixed: { token, showMs, text },
      each: [],
    });
    return readNumber(kept) === 1;
  }

  async #asked<Name extends ScriptName, Value>(
    name: Name,
    args: Arguments<Name>,
    read: (replies: readonly Reply[]) => Value,
  ): Promise<StockAnswer<Value>> {
    const [answer, ...replies] = await this.#run(name, args);
    if (answer === "LOAD") return { ok: false, load: readText(replies[0]) };
    return { ok: true, value: read(replies) };
  }

  async #run<Name extends ScriptName>(name: Name, args: Arguments<Name>): Promise<readonly Reply[]> {
    const runId = this.#runId();
    if (runId === null) throw new HotStoreAway(`no connection for ${name}`, "nothing");
    const reply = await this.#call(name, {
      keys: this.#keysOn(runId),
      fixed: args.fixed,
      each: args.each,
      server: { runId },
      slot: this.#slot,
    });
    // Between the look and the call the slot went to another server.
    if (reply[0] === "FENCED") throw new HotStoreAway(`${name} was for another server`, "nothing");
    return reply;
  }

  #keysOn(runId: string): Record<StockKeyName, string> {
    if (this.#keys?.runId !== runId) this.#keys = { runId, keys: stockKeys(this.#place, runId) };
    return this.#keys.keys;
  }
}

interface Arguments<Name extends ScriptName> {
  fixed: NonNullable<ScriptArguments[Name]["fixed"]>;
  each: readonly ScriptArguments[Name]["each"][];
}

const TIMES = { staleMs: STOCK_PENDING_MS, keepMs: STOCK_MIRROR_MS };

/** Ids are cut out of what is packed, so one with another letter would be two. @throws RangeError: a caller's bug */
function checkedId(id: string): string {
  if (!ID.test(id)) throw new RangeError(`not an id: ${JSON.stringify(id)}`);
  return id;
}

function packLine({ locationId, quantity }: StockLine): string {
  if (!Number.isSafeInteger(quantity) || quantity < 1) throw new RangeError(`a quantity of ${quantity}`);
  return `${checkedId(locationId)}=${quantity}`;
}

function packRow(row: StockRow): { locationId: string; row: string } {
  const { rev, onHand, allocated, reserved, safetyStock, sellable } = row;
  const packed = [rev, onHand, allocated, reserved, safetyStock, sellable ? 1 : 0].join("|");
  return { locationId: checkedId(row.locationId), row: packed };
}

function readLooks([rows, pending]: readonly Reply[]): StockLook[] {
  const held = new Map<string, number>();
  for (const one of partsOf(pending)) {
    const [locationId = "", quantity] = one.split("=");
    held.set(locationId, readNumber(quantity));
  }
  const looks: StockLook[] = [];
  const parts = partsOf(rows);
  for (let at = 0; at < parts.length; at += 2) {
    const locationId = readText(parts[at]);
    // Says that the mirror is whole.
    if (locationId === ".") continue;
    const [rev, onHand, allocated, reserved, safetyStock, sellable] = readText(parts[at + 1]).split("|");
    looks.push({
      locationId,
      rev: Number(rev),
      onHand: Number(onHand),
      allocated: Number(allocated),
      reserved: Number(reserved),
      safetyStock: Number(safetyStock),
      sellable: sellable === "1",
      held: held.get(locationId) ?? 0,
    });
  }
  return looks;
}

function partsOf(reply: Reply | undefined): string[] {
  const text = readText(reply);
  return text === "" ? [] : text.split(",");
}

function readHold(reply: Reply): StockHoldOutcome {
  const [outcome, ...rest] = readList(reply);
  if (outcome === "held") return { ok: true };
  const short: { locationId: string; available: number }[] = [];
  for (let at = 0; at < rest.length; at += 2) {
    short.push({ locationId: readText(rest[at]), available: readNumber(rest[at + 1]) });
  }
  return { ok: false, short };
}
