// Acts on the stock of a SKU: each is done to the model, which says what must be answered, and to the real scripts.
// After each, all that Redis has of the SKU is compared, and judged once more by rules that know no model.

import { STOCK_PENDING_MS } from "@dropgate/contracts/limits";
import type { GeneralClient } from "./general-client.ts";
import { type StockKeyName, type StockPlace, stockKeys, stockTag } from "./keys.ts";
import {
  availableOf,
  type ModelAnswer,
  type ModelDisplay,
  quantityAt,
  StockModel,
  type StockState,
} from "./stock-model.ts";
import type {
  DisplayAnswer,
  StockAnswer,
  StockHold,
  StockHoldOutcome,
  StockLine,
  StockLook,
  StockRow,
  StockStore,
} from "./stock-store.ts";

export type StockAct =
  | { act: "look" | "readDisplay" }
  | { act: "hold"; holds: StockHold[] }
  /** `back`: 0 brings the newest token, 1 the one before, …; beyond the first, one that was never given. */
  | { act: "load"; back: number; rows: StockRow[] }
  | { act: "settle"; ended: string[]; rows: StockRow[] }
  | { act: "drop"; shownOnly: boolean }
  | { act: "fillDisplay"; back: number; text: string }
  | { act: "age"; reservationId: string }
  | { act: "lose"; what: (keyof StockState)[] };

/** An act on one of several SKUs. */
export interface Step {
  nth: number;
  act: StockAct;
  /** Done once more at once, as by a caller who had no answer. */
  twice: boolean;
}

/** What the scripts do and should not; anything else that is thrown is a broken test. */
export class Difference extends Error {}

/** All that Redis has of a SKU, and for how long, in one look that changes nothing. */
const PEEK = `local levels, pending, display, filling = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local told = { redis.call('HGETALL', levels), redis.call('HGETALL', pending), redis.call('GET', display),
  redis.call('GET', filling) }
for _, key in ipairs(KEYS) do told[#told + 1] = redis.call('PTTL', key) end
return told`;
type Peeked = [string[], string[], string | null, string | null, ...number[]];

/** A SKU's scripts and their model, which must agree. */
export class StockPair {
  readonly #model = new StockModel();
  readonly #store: StockStore;
  readonly #redis: GeneralClient;
  readonly #keys: Record<StockKeyName, string>;
  /** Tokens as they were first told. */
  readonly #loads: string[] = [];
  readonly #fills: string[] = [];
  readonly #seen: Set<string>;

  private constructor(
    store: StockStore,
    redis: GeneralClient,
    keys: Record<StockKeyName, string>,
    seen: Set<string>,
  ) {
    this.#store = store;
    this.#redis = redis;
    this.#keys = keys;
    this.#seen = seen;
  }

  /** @param seen told which act was answered how */
  static async open(
    store: StockStore,
    redis: GeneralClient,
    place: StockPlace,
    seen: Set<string>,
  ): Promise<StockPair> {
    const info = String(await redis.eval("return redis.call('INFO', 'server')", 1, stockTag(place)));
    const runId = /run_id:(\w+)/.exec(info)?.[1] ?? "";
    return new StockPair(store, redis, stockKeys(place, runId), seen);
  }

  /** @throws what differs */
  async do({ act, twice }: Pick<Step, "act" | "twice">): Promise<void> {
    const first = await this.#doOnce(act);
    if (!twice) return;
    const again = await this.#doOnce(act);
    const many = act.act === "hold" && act.holds.length > 1;
    // Of several that compete the second call may let in whom the first refused.
    if (!many) mustBe(`${act.act} once more`, again, first);
  }

  /** @returns what Redis has after it */
  async #doOnce(act: StockAct): Promise<StockState> {
    const before = this.#model.state;
    const expected = this.#onModel(act);
    const answer = await this.#onStore(act);
    mustBe(`the answer to ${act.act}`, answer, expected);
    const after = await this.#peek();
    mustBe(`what is there after ${act.act}`, after, this.#model.state);
    judge(act, answer, before, after);
    this.#seen.add(`${act.act} ${outcomeOf(expected)}`);
    return after;
  }

  /** @throws what differs from the model, though nothing was done to this SKU */
  async untouched(): Promise<void> {
    mustBe("what is there of another SKU", await this.#peek(), this.#model.state);
  }

  #onModel(act: StockAct): unknown {
    const model = this.#model;
    switch (act.act) {
      case "look":
        return model.look();
      case "hold":
        return model.hold(act.holds);
      case "load":
        return model.load(nthOf(this.#loads, act.back), act.rows);
      case "settle":
        return model.settle(act.ended, act.rows);
      case "drop":
        return model.drop(act.shownOnly);
      case "readDisplay":
        return model.readDisplay();
      case "fillDisplay":
        return model.fillDisplay(nthOf(this.#fills, act.back), act.text);
      case "age":
        return model.age(act.reservationId);
      case "lose":
        for (const what of act.what) model.lose(what);
        return undefined;
    }
  }

  async #onStore(act: StockAct): Promise<unknown> {
    const store = this.#store;
    switch (act.act) {
      case "look":
        return this.#numbered(await store.look());
      case "hold":
        return this.#numbered(await store.hold(act.holds));
      case "load":
        return store.load(tokenOf(this.#loads, act.back), act.rows);
      case "settle":
        return store.settle(act.ended, act.rows);
      case "drop":
        await store.drop(act.shownOnly);
        return null;
      case "readDisplay":
        return this.#numberedFill(await store.readDisplay());
      case "fillDisplay":
        return store.fillDisplay(tokenOf(this.#fills, act.back), act.text);
      case "age":
        return this.#age(act.reservationId);
      case "lose":
        for (const what of act.what) await this.#redis.del(this.#keyOf(what));
        return undefined;
    }
  }

  #numbered<Value>(answer: StockAnswer<Value>): ModelAnswer<Value> {
    return answer.ok ? answer : { ok: false, load: numberOf(answer.load, this.#loads) };
  }

  #numberedFill(answer: DisplayAnswer): ModelDisplay {
    return "fill" in answer ? { fill: numberOf(answer.fill, this.#fills) } : answer;
  }

  /** Writes it as the script did, so much earlier. */
  async #age(reservationId: string): Promise<boolean> {
    const pending = this.#keys.stockPending;
    const there = await this.#redis.hget(pending, reservationId);
    if (there === null) return false;
    const [ms = "", lines = ""] = there.split("|");
    await this.#redis.hset(pending, reservationId, `${Number(ms) - STOCK_PENDING_MS}|${lines}`);
    return true;
  }

  #keyOf(what: keyof StockState): string {
    const { stockLevels, stockPending, display, filling } = this.#keys;
    return { levels: stockLevels, pending: stockPending, display, filling }[what];
  }

  async #peek(): Promise<StockState> {
    const { stockLevels, stockPending, display, filling } = this.#keys;
    const peeked = await this.#redis.eval(PEEK, 4, stockLevels, stockPending, display, filling);
    const [levels, pending, shown, token, ...ttls] = peeked as Peeked; // as PEEK answers
    // -2: there is no such key. Whatever nobody asks for any more must go by itself.
    if (ttls.some((ttl) => ttl === -1)) throw new Difference(`a key that stays for ever: ${ttls.join()}`);
    const fields = Object.fromEntries(pairsOf(levels));
    const { ".": state, ...rows } = fields;
    return {
      levels:
        levels.length === 0
          ? null
          : {
              load: state === "loaded" ? state : numberOf(state ?? "", this.#loads),
              rows: Object.fromEntries(Object.entries(rows).map(([id, row]) => [id, rowOf(id, row)])),
            },
      pending: Object.fromEntries(pairsOf(pending).map(([id, text]) => [id, linesOf(text)])),
      display: shown,
      filling: token === null ? null : numberOf(token, this.#fills),
    };
  }
}

/** What must hold after any act, whatever the model says. */
function judge(act: StockAct, answer: unknown, before: StockState, after: StockState): void {
  // While a mirror stands its rows only become newer.
  for (const [locationId, { rev }] of Object.entries(before.levels?.rows ?? {})) {
    const now = after.levels?.rows[locationId];
    if (after.levels && act.act !== "lose" && (now === undefined || now.rev < rev)) {
      throw new Difference(`${locationId} fell back from revision ${rev}`);
    }
  }
  if (act.act !== "hold" || !(answer as StockAnswer<unknown>).ok) return;
  const { value: outcomes } = answer as { ok: true; value: StockHoldOutcome[] }; // of a hold that was not told to load
  for (const [nth, { reservationId, lines }] of act.holds.entries()) {
    if (act.holds.slice(nth + 1).some((later) => later.reservationId === reservationId)) continue;
    const held = after.pending[reservationId];
    if (!outcomes[nth]?.ok) {
      if (held) throw new Difference(`${reservationId} was refused and holds a part`);
      continue;
    }
    mustBe(`what ${reservationId} holds`, held, lines);
    for (const { locationId } of lines) {
      const row = after.levels?.rows[locationId];
      const pending = Object.values(after.pending).reduce((sum, all) => sum + quantityAt(all, locationId), 0);
      if (!row?.sellable || pending > availableOf(row)) {
        throw new Difference(`${pending} are pending at ${locationId}, which has ${JSON.stringify(row)}`);
      }
    }
  }
}

/** Of lists of locations the order says nothing. */
function mustBe(what: string, is: unknown, shouldBe: unknown): void {
  const [one, other] = [JSON.stringify(sorted(is)), JSON.stringify(sorted(shouldBe))];
  if (one !== other) throw new Difference(`${what}\n  should be ${other}\n  but was   ${one}`);
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) {
    const all = value.map(sorted);
    const named = all.every((one) => typeof one === "object" && one !== null && "locationId" in one);
    return named ? all.toSorted((one, other) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1)) : all;
  }
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([name, inner]): [string, unknown] => [name, sorted(inner)]);
  return Object.fromEntries(entries.toSorted(([one], [other]) => (one < other ? -1 : 1)));
}

function outcomeOf(expected: unknown): string {
  if (typeof expected !== "object" || expected === null) return String(expected);
  if ("load" in expected) return "load";
  const value = "value" in expected ? (expected.value as (StockHoldOutcome | StockLook)[]) : [];
  if (value.some((one) => "ok" in one)) {
    const outcomes = value.map((one) => ("ok" in one && one.ok ? "held" : "short"));
    return outcomes.includes("short") ? "short" : "held";
  }
  return Object.keys(expected)[0] ?? "";
}

/** The number of a token; one that was not told before is the next. */
function numberOf(token: string, known: string[]): number {
  if (!known.includes(token)) known.push(token);
  return known.indexOf(token);
}

function nthOf(known: readonly string[], back: number): number | null {
  return back < known.length ? known.length - 1 - back : null;
}

function tokenOf(known: readonly string[], back: number): string {
  return known.at(-1 - back) ?? "0.0";
}

function pairsOf(flat: readonly string[]): [string, string][] {
  return flat.flatMap((name, at) => (at % 2 === 0 ? [[name, flat[at + 1] ?? ""] as [string, string]] : []));
}

function rowOf(locationId: string, packed: string): StockRow {
  const numbers = packed.split("|").map(Number);
  const [rev = 0, onHand = 0, allocated = 0, reserved = 0, safetyStock = 0, sellable = 0] = numbers;
  return { locationId, rev, onHand, allocated, reserved, safetyStock, sellable: sellable === 1 };
}

function linesOf(packed: string): StockLine[] {
  const lines = packed.slice(packed.indexOf("|") + 1).split(",");
  return lines.map((line) => {
    const [locationId = "", quantity = ""] = line.split("=");
    return { locationId, quantity: Number(quantity) };
  });
}
