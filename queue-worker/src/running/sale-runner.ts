// All that one sale needs, on one worker: its lanes rebuilt, its arrivals stored, its buckets sealed, its
// offers made, its ends applied, its numbers told. Other workers do the same beside it; PostgreSQL's locks
// decide who does what.

import type { SaleId } from "@dropgate/contracts/ids";
import {
  APPLY_BATCH_MAX,
  TICK_INTERVAL_MS,
  TICK_INTERVAL_MS_MIN,
  TICK_OFFERS_MAX,
} from "@dropgate/contracts/limits";
import { applyHolds, tellCards } from "@dropgate/inventory/applying";
import { addressesOf, unlessAway } from "@dropgate/inventory/lanes";
import { rebuildLane } from "@dropgate/inventory/rebuilding";
import { tellRestored } from "@dropgate/inventory/support/tell-restored";
import { restOfTick } from "@dropgate/inventory/tokens";
import { HotStoreAway } from "@dropgate/lua/away";
import type { LaneAddress, Pulse } from "@dropgate/lua/lane-answers";
import type { OpenSale } from "@dropgate/sql/admission/open-sales";
import { readOpenSale } from "@dropgate/sql/admission/open-sales";
import type { TickSale } from "@dropgate/sql/admission/tick-sale";
import { readEntries } from "@dropgate/sql/entries/entry-row";
import { type LaneRow, readLanes } from "@dropgate/sql/lanes/lane-row";
import { OffersRefused, offerTick } from "../admission/offer-tick.ts";
import { stepLedger, stepPhase } from "../admission/phase-step.ts";
import { intakeLane, restOfIntake } from "../intake/intake-lane.ts";
import { PoolReconciler } from "../reconciling.ts";
import { voidOldTakes } from "../rush/void-old-takes.ts";
import { closeNextBucket, sealBuckets } from "../sealing/seal.ts";
import type { WorkerContext } from "./context.ts";
import { Loop } from "./loop.ts";

/** How often a lane's newest message number is repeated, so that a gateway sees a gap. */
const HEARTBEAT_EVERY_MS = 1_000;
/** Before every tick each lane is asked how it is; a server that hangs must not hold up the lanes of the others. */
const PULSE_MS_MAX = 500;
const SEAL_INTERVAL_MS = 100;
const LEDGER_EVERY_MS = 2_000;
const TICK_BOUNDS = { leastMs: TICK_INTERVAL_MS_MIN, mostMs: TICK_INTERVAL_MS };
const RECONCILE_EVERY_MS = 5_000;
/** A gateway tells of places given back itself; this is for when it died before. */
const RESTORED_EVERY_MS = 1_000;

export class SaleRunner {
  readonly saleId: string;
  readonly #context: WorkerContext;
  readonly #loops: Loop[];
  readonly #tick: Loop;
  readonly #seal: Loop;
  readonly #reconciler = new PoolReconciler();
  #sale: OpenSale;
  #toldAt = 0;
  #beatAt = 0;
  #ledgerAt = 0;
  #restoredAt = 0;
  #reconciledAt = 0;
  #refusedTicks = 0;
  /** Offers still to be made one at a time, after ticks that were refused. */
  #oneByOne = 0;
  #tickRestMs = TICK_INTERVAL_MS;
  #intakeRestMs = restOfIntake(0, 0);
  /** How many waited in each lane when it last answered: one that is away has not lost them. */
  readonly #waiting = new Map<number, number>();
  /** Entries that PostgreSQL refuses an offer for, even alone. */
  readonly #setAside = new Set<string>();

  constructor(context: WorkerContext, sale: OpenSale, onError: (error: unknown, loop: string) => void) {
    this.#context = context;
    this.#sale = sale;
    this.saleId = sale.saleId;
    const loop = (name: string, intervalMs: () => number, step: () => Promise<boolean>): Loop =>
      new Loop({ name: `${name} ${sale.saleId}`, intervalMs, step, onError, onStep: context.watch?.stepped });
    this.#tick = loop(
      "tick",
      () => this.#tickRestMs,
      () => this.#stepTick(),
    );
    this.#seal = loop(
      "seal",
      () => SEAL_INTERVAL_MS,
      () => this.#stepSeal(),
    );
    const intake = loop(
      "intake",
      () => this.#intakeRestMs,
      () => this.#stepIntake(),
    );
    this.#loops = [this.#tick, this.#seal, intake];
  }

  /** Something may be due now: all loops look at once. */
  wake(): void {
    for (const loop of this.#loops) loop.wake();
  }

  async stop(): Promise<void> {
    await Promise.all(this.#loops.map((loop) => loop.stop()));
  }

  async #stepIntake(): Promise<boolean> {
    if (this.#sale.kind === "rush") return false; // nobody joins it: no arrivals, no draw
    const beganMs = performance.now();
    const { reachable, away } = this.#reach(await readLanes(this.#context.truth, [this.saleId]));
    const outcomes = await Promise.all(
      reachable.map(({ row }) => unlessAway(away, row.lane, () => intakeLane(this.#context, row))),
    );
    const stored = outcomes.reduce((sum, outcome) => sum + (outcome?.stored ?? 0), 0);
    this.#intakeRestMs = restOfIntake(stored, performance.now() - beganMs);
    return outcomes.some((outcome) => outcome?.more);
  }

  /** The lanes whose servers are connected, with the run_id of each. @throws HotStoreAway when there is none */
  #reach(rows: readonly LaneRow[]): { reachable: { row: LaneRow; runId: string }[]; away: Set<number> } {
    const away = new Set<number>();
    const reachable = rows.flatMap((row) => {
      const runId = this.#context.hotStore.runIdOf({ saleId: this.saleId as SaleId, lane: row.lane });
      if (runId !== null) return [{ row, runId }];
      away.add(row.lane);
      return [];
    });
    if (rows.length > 0 && reachable.length === 0) {
      throw new HotStoreAway(`no server of the sale ${this.saleId} is connected`, "nothing");
    }
    return { reachable, away };
  }

  async #stepSeal(): Promise<boolean> {
    const sale = await readOpenSale(this.#context.truth, this.saleId);
    if (sale === null) return false;
    this.#sale = sale;
    if (sale.kind === "rush") return false;
    const lanes = addressesOf(await readLanes(this.#context.truth, [this.saleId]));
    const pulses = await this.#pulses(sale, lanes, false, new Set());
    if (
      await closeNextBucket(
        this.#context,
        sale,
        lanes,
        pulses.map(([, pulse]) => pulse),
      )
    ) {
      await this.#stepIntake();
    }
    return sealBuckets(this.#context, sale, lanes);
  }

  async #stepTick(): Promise<boolean> {
    const now = performance.now();
    this.#tickRestMs = TICK_INTERVAL_MS;
    const rows = await readLanes(this.#context.truth, [this.saleId]);
    const { reachable, away } = this.#reach(rows);
    const broken = reachable.filter(({ row, runId }) => row.state !== "ready" || row.runId !== runId);
    if (broken.length > 0) {
      await this.#rebuild(broken.map(({ row }) => row));
      return true;
    }
    const lanes = addressesOf(reachable.map(({ row }) => row));
    const step = await stepPhase(this.#context, this.saleId, lanes);
    const beat = now - this.#beatAt > HEARTBEAT_EVERY_MS;
    if (beat) this.#beatAt = now;
    const sale = step?.sale ?? this.#sale;
    const pulses = await this.#pulses(sale, lanes, beat, away);
    const answered = new Set(pulses.map(([lane]) => lane));
    for (const lane of away) lanes.delete(lane);
    const fenced = new Set([...lanes.keys()].filter((lane) => !answered.has(lane)));
    if (sale.kind === "rush") await voidOldTakes(this.#context, this.saleId, lanes, pulses);
    else if (sale.phase === "live" && answered.size > 0) await this.#offer(lanes, fenced, away);
    const applied = await applyHolds(this.#context.truth, this.#context.hotStore, this.saleId, lanes, null);
    if (applied.applied > 0) this.#context.happened("hold.applied", applied.applied);
    for (const lane of applied.fenced) if (lanes.has(lane)) fenced.add(lane);
    if (fenced.size > 0) await this.#rebuild(rows.filter((row) => fenced.has(row.lane)));
    if (step !== null) await this.#tell(step.changed, now);
    await this.#nowAndThen(now, lanes);
    return applied.more || applied.applied >= APPLY_BATCH_MAX;
  }

  async #offer(
    lanes: ReadonlyMap<number, LaneAddress>,
    fenced: Set<number>,
    away: Set<number>,
  ): Promise<void> {
    try {
      const outcome = await offerTick(this.#context, this.saleId, lanes, {
        offersMax: this.#oneByOne > 0 ? 1 : TICK_OFFERS_MAX,
        setAside: [...this.#setAside],
      });
      if (outcome === null) return;
      this.#refusedTicks = 0;
      if (outcome.holdIds.length > 0) this.#tickRestMs = restOfTick(outcome.bucket, TICK_BOUNDS);
      this.#oneByOne = Math.max(0, this.#oneByOne - outcome.holdIds.length);
      for (const lane of outcome.fenced) fenced.add(lane);
      if (outcome.endedEntryIds.length > 0) {
        const entries = await readEntries(this.#context.truth, outcome.endedEntryIds);
        await tellCards(this.#context.hotStore, lanes, entries, fenced, away);
      }
    } catch (error) {
      if (!(error instanceof OffersRefused)) throw error;
      const [alone] = error.entryIds;
      if (error.entryIds.length > 1 || alone === undefined) {
        // Once may be chance; twice, and its winners are run one by one to find the bad one.
        this.#refusedTicks++;
        if (this.#refusedTicks >= 2) this.#oneByOne = error.entryIds.length;
        throw error;
      }
      this.#oneByOne = Math.max(0, this.#oneByOne - 1);
      this.#setAside.add(alone);
      this.#context.happened("offers.setAside");
      this.#context.log.error(
        { err: error, sale: this.saleId, entry: alone },
        "an entry cannot be offered a unit and was set aside; the line goes on",
      );
    }
  }

  async #pulses(
    sale: Pick<OpenSale, "phase" | "version" | "limitPerShopper"> | TickSale,
    lanes: ReadonlyMap<number, LaneAddress>,
    publish: boolean,
    away: Set<number>,
  ): Promise<[number, Pulse][]> {
    const copy = { phase: sale.phase, version: sale.version, limitPerShopper: sale.limitPerShopper };
    const answers = await Promise.all(
      [...lanes].map(async ([lane, address]): Promise<[number, Pulse] | null> => {
        const store = this.#context.hotStore.lane(address, { callMsMax: PULSE_MS_MAX });
        const answer = await unlessAway(away, lane, () => store.pulse(copy, publish));
        if (!answer?.ok) return null;
        this.#waiting.set(lane, answer.value.waiting);
        return [lane, answer.value];
      }),
    );
    return answers.filter((answer) => answer !== null);
  }

  async #rebuild(rows: readonly LaneRow[]): Promise<void> {
    for (const row of rows) {
      // A lane seen half-way may be whole by now; only one that refused us has to be filled anew.
      const wanting = row.state === "ready" ? row.epoch : row.epoch - 1;
      const outcome = await rebuildLane(
        this.#context.truth,
        this.#context.hotStore,
        this.saleId,
        row.lane,
        wanting,
      );
      if (outcome === "rebuilt") {
        this.#context.happened("lane.rebuilt");
        this.#context.log.info({ sale: this.saleId, lane: row.lane }, "a lane was filled from PostgreSQL");
      } else if (outcome === "overtaken") {
        this.#context.happened("lane.overtaken");
      }
    }
  }

  /** What the sale's own slot says: published when it changed, and repeated now and then. */
  async #tell(force: boolean, now: number): Promise<void> {
    const sale = await readOpenSale(this.#context.truth, this.saleId);
    if (sale === null) return;
    const again = now - this.#toldAt > HEARTBEAT_EVERY_MS * 5;
    const waiting = [...this.#waiting.values()].reduce((sum, count) => sum + count, 0);
    const { phase, version, serving, ratePerSecond } = sale;
    const store = this.#context.hotStore.sale(this.saleId as SaleId);
    try {
      await store.told({ phase, version, serving, waiting, ratePerSecond }, again || force);
      if (again || force) this.#toldAt = now;
    } catch (error) {
      // The sale's own slot is on one server; what the lanes on the others need is not held up by it. What
      // was to be told differs from what was told until it is.
      if (!(error instanceof HotStoreAway)) throw error;
      this.#toldAt = 0;
    }
  }

  async #nowAndThen(now: number, lanes: ReadonlyMap<number, LaneAddress>): Promise<void> {
    if (now - this.#ledgerAt > LEDGER_EVERY_MS) {
      this.#ledgerAt = now;
      await stepLedger(this.#context, this.saleId);
    }
    if (now - this.#restoredAt > RESTORED_EVERY_MS) {
      this.#restoredAt = now;
      const { truth, hotStore } = this.#context;
      this.#context.happened("restore.told", await tellRestored(truth, hotStore, this.saleId, lanes));
    }
    if (now - this.#reconciledAt > RECONCILE_EVERY_MS) {
      this.#reconciledAt = now;
      for (const [lane, address] of lanes) {
        if (lane < this.#sale.poolCount) {
          await this.#reconciler.look(this.#context, address, this.#sale.kind === "rush");
        }
      }
    }
  }
}
