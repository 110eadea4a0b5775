// Acts on holds, many in one transaction: what comes while a group commits is the next group. An answer is
// given after its commit, and after Redis was told, so that whoever asks next sees it.
import {
  HOLD_APPLY_WAIT_MS,
  HOLD_BATCH_MAX,
  HOLD_GROUPS_MAX,
  HOLD_QUEUE_MAX,
} from "@dropgate/contracts/limits";
import { refuse } from "@dropgate/contracts/refusals";
import { applyHolds } from "@dropgate/inventory/applying";
import { actOnHoldsIn, type HoldAsk } from "@dropgate/inventory/holds/act";
import type { HoldOutcome } from "@dropgate/inventory/holds/decide";
import type { HotStore } from "@dropgate/lua";
import type { LaneAddress } from "@dropgate/lua/lane-answers";
import { type Statements, sqlState, type Truth } from "@dropgate/sql";
import type { KnownSale } from "../sales/known-sale.ts";

interface Waiting {
  ask: HoldAsk;
  keeper: OutcomeKeeper | null;
  resolve: (outcome: HoldOutcome) => void;
  reject: (error: unknown) => void;
}

/** Writes kept answers (idempotency) in the group's transaction. */
export interface OutcomeKeeper {
  /** What is to be kept of this outcome; null: it is not final. */
  answerOf: (outcome: HoldOutcome) => KeptByRun | null;
}
export interface KeptByRun {
  run: string;
  status: number;
  body: Uint8Array;
  scope: { apiKeyId: string; method: string; path: string; key: string };
}

export interface HoldDeskParts {
  truth: Truth;
  hotStore: HotStore;
  findSale: (saleId: string) => KnownSale | null | Promise<KnownSale | null>;
  keepAnswers: (tx: Statements, answers: readonly KeptByRun[]) => Promise<Set<string>>;
  onError: (error: unknown) => void;
}

/** Another run has taken over an Idempotency-Key while this group ran: nothing of it was committed. */
class KeyLost extends Error {
  readonly runs: ReadonlySet<string>;
  constructor(runs: ReadonlySet<string>) {
    super("an Idempotency-Key was taken over");
    this.runs = runs;
  }
}

export class HoldDesk {
  readonly #parts: HoldDeskParts;
  #waiting: Waiting[] = [];
  #groups = 0;
  #scheduled = false;

  constructor(parts: HoldDeskParts) {
    this.#parts = parts;
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  /** @throws when PostgreSQL is away: whether it happened may be unknown; asking again is safe */
  act(ask: HoldAsk, keeper: OutcomeKeeper | null = null): Promise<HoldOutcome> {
    if (this.#waiting.length >= HOLD_QUEUE_MAX) return Promise.resolve(refuse("BUSY"));
    return new Promise((resolve, reject) => {
      this.#waiting.push({ ask, keeper, resolve, reject });
      this.#schedule();
    });
  }

  #schedule(): void {
    if (this.#scheduled || this.#groups >= HOLD_GROUPS_MAX || this.#waiting.length === 0) return;
    this.#scheduled = true;
    // After everything that this turn of the event loop reads from its sockets: it belongs to one group.
    setImmediate(() => {
      this.#scheduled = false;
      const group = this.#waiting.splice(0, HOLD_BATCH_MAX);
      if (group.length === 0) return;
      this.#groups++;
      void this.#run(group).finally(() => {
        this.#groups--;
        this.#schedule();
      });
      this.#schedule();
    });
  }

  async #run(group: readonly Waiting[]): Promise<void> {
    let outcomes: HoldOutcome[];
    try {
      outcomes = await this.#commit(group);
    } catch (error) {
      await this.#runApart(group, error);
      return;
    }
    // The next group need not wait for Redis.
    void this.#applyAndAnswer(group, outcomes);
  }

  #commit(group: readonly Waiting[]): Promise<HoldOutcome[]> {
    return this.#parts.truth.transaction(async (tx) => {
      const outcomes = await actOnHoldsIn(
        tx,
        group.map((waiting) => waiting.ask),
      );
      const answers = group.flatMap((waiting, i) => {
        const kept = waiting.keeper?.answerOf(outcomes[i] as HoldOutcome) ?? null; // one each, in order
        return kept === null ? [] : [kept];
      });
      if (answers.length > 0) {
        const kept = await this.#parts.keepAnswers(tx, answers);
        const lost = answers.filter((answer) => !kept.has(answer.run)).map((answer) => answer.run);
        if (lost.length > 0) throw new KeyLost(new Set(lost));
      }
      return outcomes;
    });
  }

  /** One bad ask must not fail the others: each by itself, once. */
  async #runApart(group: readonly Waiting[], error: unknown): Promise<void> {
    if (error instanceof KeyLost && group.length === 1) {
      group[0]?.resolve(refuse("IDEMPOTENCY_IN_PROGRESS"));
      return;
    }
    // A statement that PostgreSQL refused is somebody's; a broken connection is everybody's.
    if (group.length === 1 || (sqlState(error) === undefined && !(error instanceof KeyLost))) {
      for (const waiting of group) waiting.reject(error);
      return;
    }
    this.#parts.onError(error);
    for (const waiting of group) await this.#run([waiting]);
  }

  async #applyAndAnswer(group: readonly Waiting[], outcomes: readonly HoldOutcome[]): Promise<void> {
    const bySale = new Map<string, string[]>();
    for (const outcome of outcomes) {
      if (!outcome.ok) continue;
      const { saleId, holdId } = outcome.value;
      const holdIds = bySale.get(saleId);
      if (holdIds) holdIds.push(holdId);
      else bySale.set(saleId, [holdId]);
    }
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, HOLD_APPLY_WAIT_MS);
    });
    // What is not applied now, the tick applies; its commit stands.
    const applied = Promise.all([...bySale].map(([saleId, holdIds]) => this.#apply(saleId, holdIds)));
    await Promise.race([applied.catch(this.#parts.onError), late]);
    clearTimeout(timer);
    for (const [i, waiting] of group.entries()) waiting.resolve(outcomes[i] as HoldOutcome); // one each, in order
  }

  async #apply(saleId: string, holdIds: readonly string[]): Promise<void> {
    const { truth, hotStore, findSale } = this.#parts;
    if (!hotStore.ready) return;
    const sale = await findSale(saleId);
    if (sale === null) return;
    const lanes = new Map<number, LaneAddress>();
    for (const { lane, address } of sale.lanes) if (address !== null) lanes.set(lane, address);
    await applyHolds(truth, hotStore, saleId, lanes, [...new Set(holdIds)]);
  }
}
