// One lane of one sale in one epoch, as a caller sees it: a method for each script. Every answer is either
// the script's or FENCED; a broken connection or a missing answer throws HotStoreAway.
import type { HoldId, ShopperKey } from "@dropgate/contracts/ids";
import { type Card, packCard } from "./card.ts";
import type { ArgumentValues } from "./header.ts";
import { LAYOUT, laneKeys } from "./keys.ts";
import {
  type Arrival,
  type Attempt,
  type AttemptOutcome,
  type CardOutcome,
  type CardWrite,
  type CloseOutcome,
  type FlipState,
  type JoinOffer,
  type JoinOutcome,
  type LaneAddress,
  type LaneAnswer,
  type LeaveOutcome,
  type LeaveRequest,
  PENDING_MAX,
  type PhaseCopy,
  type Pulse,
  type TicketWrite,
  type UnitHolder,
  type UnitMark,
  type UnitRecord,
} from "./lane-answers.ts";
import {
  type Reply,
  readArrival,
  readAttemptOutcome,
  readCard,
  readCardOutcome,
  readCloseOutcome,
  readFlags,
  readJoinOutcome,
  readLeaveOutcome,
  readList,
  readNumber,
  readPulse,
  readUnitRecord,
} from "./lane-replies.ts";
import type { CallScript } from "./script-call.ts";
import type { ScriptArguments, ScriptName } from "./scripts.generated.ts";

export class LaneStore {
  readonly address: LaneAddress;
  readonly #call: CallScript;
  readonly #keys: ReturnType<typeof laneKeys>;
  readonly #callMsMax: number | undefined;

  /** @param callMsMax instead of the store's own, for callers on a budget (SCRIPT_MS_MAX) */
  constructor(call: CallScript, address: LaneAddress, callMsMax?: number) {
    this.#call = call;
    this.address = address;
    this.#keys = laneKeys(address);
    this.#callMsMax = callMsMax;
  }

  /**
   * Takes joins (at most JOIN_BATCH_MAX), one outcome each, in order. Offering one again changes nothing.
   * @param acknowledged these have receipts (a journal's, after a new epoch): the phase is not asked
   */
  join(joins: readonly JoinOffer[], acknowledged = false): Promise<LaneAnswer<JoinOutcome[]>> {
    return this.#run("join", { fixed: { acknowledged }, each: joins }, (reply) => reply.map(readJoinOutcome));
  }

  /** Takes leaves of waiting and missed entries, one outcome each, in order. */
  leave(leaves: readonly LeaveRequest[]): Promise<LaneAnswer<LeaveOutcome[]>> {
    return this.#run("leave", { fixed: null, each: leaves }, (reply) => reply.map(readLeaveOutcome));
  }

  /**
   * Begins tries of a rush's shoppers (at most ATTEMPT_BATCH_MAX), one outcome each, in order.
   * @param staleMs how old a try is when its gateway is taken for dead
   */
  attempt(tries: readonly Attempt[], staleMs: number): Promise<LaneAnswer<AttemptOutcome[]>> {
    return this.#run("attempt", { fixed: { staleMs }, each: tries }, (reply) =>
      reply.map(readAttemptOutcome),
    );
  }

  /** Ends tries, whatever came of them. @returns whether each was the one under way */
  endAttempt(tries: readonly Attempt[]): Promise<LaneAnswer<boolean[]>> {
    return this.#run("end-attempt", { fixed: null, each: tries }, readFlags);
  }

  /** Reads cards (at most CARD_BATCH_MAX), in order of the keys; null where there is none. */
  look(keys: readonly ShopperKey[]): Promise<LaneAnswer<(Card | null)[]>> {
    const each = keys.map((key) => ({ key }));
    return this.#run("look", { fixed: null, each }, (reply) => reply.map(readCard));
  }

  /** Closes the bucket if it is the open one, with a marker among the arrivals, and opens the next. */
  close(bucket: number): Promise<LaneAnswer<CloseOutcome>> {
    return this.#run("close", { fixed: { bucket }, each: [] }, readCloseOutcome);
  }

  /** Reads arrivals after `afterSeq`, in order, at most `count`. */
  arrivals(afterSeq: number, count: number): Promise<LaneAnswer<Arrival[]>> {
    return this.#run("arrivals", { fixed: { after: afterSeq, count }, each: [] }, ([records]) =>
      readList(records).map(readArrival),
    );
  }

  /** PostgreSQL has stored up to `seq`: trims the arrivals, tells the gateways. @returns up to where it has */
  stored(seq: number): Promise<LaneAnswer<number>> {
    return this.#run("stored", { fixed: { seq }, each: [] }, ([stored]) => readNumber(stored));
  }

  /**
   * Writes cards newer than those there (at most CARD_BATCH_MAX), one outcome each, in order.
   * @param publish whether one message to the gateways names those written
   */
  cards(writes: readonly CardWrite[], publish: boolean): Promise<LaneAnswer<CardOutcome[]>> {
    const each = writes.map(({ key, card }) => ({ key, card: packCard(card) }));
    return this.#run("cards", { fixed: { publish }, each }, (reply) => reply.map(readCardOutcome));
  }

  /**
   * Sets tickets where that attempt's card has none; then says that the bucket is drawn.
   * @param bucket null while batches of the bucket are still to come
   * @returns how many cards were set
   */
  tickets(writes: readonly TicketWrite[], bucket: number | null): Promise<LaneAnswer<number>> {
    const drawn = bucket === null ? "" : String(bucket);
    return this.#run("tickets", { fixed: { drawn }, each: writes }, ([count]) => readNumber(count));
  }

  /** Takes the lowest free units, one for each hold in order, as far as they go. @returns the units */
  take(holdIds: readonly HoldId[]): Promise<LaneAnswer<number[]>> {
    const each = holdIds.map((holdId) => ({ holdId }));
    return this.#run("take", { fixed: null, each }, (reply) => reply.map(readNumber));
  }

  /** Frees units that are taken by exactly that holder. @returns whether each was */
  give(gifts: readonly UnitHolder[]): Promise<LaneAnswer<boolean[]>> {
    return this.#run("give", { fixed: null, each: gifts }, readFlags);
  }

  /** Takes whose fate is decided stop being pending. @returns whether each was pending for that hold */
  settle(takes: readonly { unit: number; holdId: HoldId }[]): Promise<LaneAnswer<boolean[]>> {
    return this.#run("settle", { fixed: null, each: takes }, readFlags);
  }

  /**
   * Compare-and-set of units' records, for repairs, withdrawals and moves: FREE, ABSENT or a holder.
   * @returns whether each was as `seen`
   */
  mark(marks: readonly UnitMark[]): Promise<LaneAnswer<boolean[]>> {
    return this.#run("mark", { fixed: null, each: marks }, readFlags);
  }

  /**
   * Brings the lane's copy of the phase up to date and reads its small state.
   * @param publish whether the newest message's number is repeated to the gateways
   */
  pulse(copy: PhaseCopy, publish: boolean): Promise<LaneAnswer<Pulse>> {
    const fixed = {
      phase: copy.phase,
      version: copy.version,
      limit: copy.limitPerShopper,
      publish,
      pendingMax: PENDING_MAX,
    };
    return this.#run("pulse", { fixed, each: [] }, readPulse);
  }

  /** Free units above `afterUnit`, in order, at most `count`; and how many are free and taken in all. */
  pool(
    afterUnit: number,
    count: number,
  ): Promise<LaneAnswer<{ units: number[]; free: number; taken: number }>> {
    const fixed = { after: afterUnit, count };
    return this.#run("pool", { fixed, each: [] }, ([free, taken, units]) => ({
      units: readList(units).map(readNumber),
      free: readNumber(free),
      taken: readNumber(taken),
    }));
  }

  /** What the lane records of these units, in order. */
  records(units: readonly number[]): Promise<LaneAnswer<UnitRecord[]>> {
    const each = units.map((unit) => ({ unit }));
    return this.#run("records", { fixed: null, each }, (reply) => reply.map(readUnitRecord));
  }

  /** Writes cards under this address' epoch while the lane's pointer shows a lower one, or none. */
  loadCards(writes: readonly CardWrite[]): Promise<LaneAnswer<null>> {
    const each = writes.map(({ key, card }) => ({ key, card: packCard(card) }));
    return this.#run("load-cards", { fixed: null, each }, () => null);
  }

  /** The same for units' records; the holder FREE puts a unit into the pool. */
  loadUnits(units: readonly UnitHolder[]): Promise<LaneAnswer<null>> {
    return this.#run("load-units", { fixed: null, each: units }, () => null);
  }

  /** Makes this address' epoch the lane's; FENCED unless it is higher than the one there. */
  flip(state: FlipState): Promise<LaneAnswer<null>> {
    const fixed = {
      phase: state.phase,
      version: state.version,
      limit: state.limitPerShopper,
      bucket: state.bucket,
      begun: state.bucketHasArrivals,
      seq: state.seq,
      waiting: state.waiting,
      settleMs: state.settleMs,
    };
    return this.#run("flip", { fixed, each: [] }, () => null);
  }

  async #run<Name extends ScriptName, Value>(
    name: Name,
    args: {
      fixed: ScriptArguments[Name]["fixed"];
      each: readonly (ScriptArguments[Name]["each"] & ArgumentValues)[];
    },
    read: (reply: readonly Reply[]) => Value,
  ): Promise<LaneAnswer<Value>> {
    const { epoch, runId } = this.address;
    const reply = await this.#call(name, {
      keys: this.#keys,
      fixed: { epoch, layout: LAYOUT, ...args.fixed },
      each: args.each,
      server: { runId },
      callMsMax: this.#callMsMax,
    });
    return readAnswer(reply, read);
  }
}

/** Splits FENCED from the script's own answer. */
export function readAnswer<Value>(
  reply: readonly Reply[],
  read: (reply: readonly Reply[]) => Value,
): LaneAnswer<Value> {
  const [word, ...rest] = reply;
  if (word === "OK") return { ok: true, value: read(rest) };
  if (word !== "FENCED") throw new Error(`neither OK nor FENCED: ${JSON.stringify(word)}`);
  const epoch = rest[0];
  return epoch === "" || epoch === undefined
    ? { ok: false, fenced: true }
    : { ok: false, fenced: true, epoch: readNumber(epoch) };
}
