// Many asks in one transaction: what comes while a group commits is the next group. An Idempotency-Key's answer is
// written in its group's transaction; one ask that breaks a group is found by running each by itself.
import { type Outcome, type Refusal, refuse } from "@dropgate/contracts/refusals";
import { type Statements, sqlState, type Truth } from "@dropgate/sql";
import { type KeptAnswer, keepAnswers } from "@dropgate/sql/idempotency/keys";
import type { Answer, Reply } from "../edge/reply.ts";
import type { Idempotency, IdempotentRequest } from "./once.ts";

/** What is to be kept of an outcome; null: it is not final. */
export type KeepAnswer<Value> = (outcome: Outcome<Value>) => KeptAnswer | null;

interface Waiting<Ask, Value> {
  ask: Ask;
  keep: KeepAnswer<Value> | null;
  resolve: (outcome: Outcome<Value>) => void;
  reject: (error: unknown) => void;
}

export interface GroupedParts<Ask, Value, Committed> {
  truth: Truth;
  /** Decides and writes; one outcome for each ask, in order, and what is to be done once it is committed. */
  work: (
    tx: Statements,
    asks: readonly Ask[],
  ) => Promise<{ outcomes: Outcome<Value>[]; committed: Committed }>;
  /** Tried first where no answer is to be kept, in a transaction of its own; null: it did nothing, do as always. */
  quick?: (asks: readonly Ask[]) => Promise<{ outcomes: Outcome<Value>[]; committed: Committed } | null>;
  /** After the commit and before the answers. */
  after: (committed: Committed, asks: readonly Ask[]) => Promise<void>;
  /** Two asks of one name are never in the same group. */
  nameOf: (ask: Ask) => string;
  /** What an ask counts for; a group's sum is at most `sizeMax`, unless one alone is more. */
  sizeOf: (ask: Ask) => number;
  limits: { batchMax: number; sizeMax: number; groupsMax: number; queueMax: number };
  onError: (error: unknown) => void;
}

/** Another run has taken over an Idempotency-Key while this group ran: nothing of it was committed. */
class KeyLost extends Error {}

export class Grouped<Ask, Value, Committed = void> {
  readonly #parts: GroupedParts<Ask, Value, Committed>;
  #waiting: Waiting<Ask, Value>[] = [];
  #groups = 0;
  #scheduled = false;

  constructor(parts: GroupedParts<Ask, Value, Committed>) {
    this.#parts = parts;
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  /** @throws when PostgreSQL is away: whether it happened may be unknown; asking again is safe */
  ask(ask: Ask, keep: KeepAnswer<Value> | null = null): Promise<Outcome<Value>> {
    if (this.#waiting.length >= this.#parts.limits.queueMax) return Promise.resolve(refuse("BUSY"));
    return new Promise((resolve, reject) => {
      this.#waiting.push({ ask, keep, resolve, reject });
      this.#schedule();
    });
  }

  #schedule(): void {
    if (this.#scheduled || this.#groups >= this.#parts.limits.groupsMax || this.#waiting.length === 0) return;
    this.#scheduled = true;
    // After everything that this turn of the event loop reads from its sockets: it belongs to one group.
    setImmediate(() => {
      this.#scheduled = false;
      const group = this.#take();
      if (group.length === 0) return;
      this.#groups++;
      void this.#run(group).finally(() => {
        this.#groups--;
        this.#schedule();
      });
      this.#schedule();
    });
  }

  /** The longest waiting, as many as a group takes. */
  #take(): Waiting<Ask, Value>[] {
    const { nameOf, sizeOf, limits } = this.#parts;
    const group: Waiting<Ask, Value>[] = [];
    const left: Waiting<Ask, Value>[] = [];
    const names = new Set<string>();
    let size = 0;
    for (const waiting of this.#waiting) {
      const name = nameOf(waiting.ask);
      const next = size + sizeOf(waiting.ask);
      const fits = group.length === 0 || (group.length < limits.batchMax && next <= limits.sizeMax);
      if (!fits || names.has(name)) {
        left.push(waiting);
        continue;
      }
      names.add(name);
      size = next;
      group.push(waiting);
    }
    this.#waiting = left;
    return group;
  }

  async #run(group: readonly Waiting<Ask, Value>[]): Promise<void> {
    let done: { outcomes: Outcome<Value>[]; committed: Committed };
    try {
      done = await this.#commit(group);
    } catch (error) {
      await this.#runApart(group, error);
      return;
    }
    // The next group need not wait for what follows the commit.
    void this.#answer(group, done);
  }

  async #answer(
    group: readonly Waiting<Ask, Value>[],
    { outcomes, committed }: { outcomes: Outcome<Value>[]; committed: Committed },
  ): Promise<void> {
    try {
      await this.#parts.after(
        committed,
        group.map(({ ask }) => ask),
      );
    } catch (error) {
      this.#parts.onError(error);
    }
    for (const [i, waiting] of group.entries()) waiting.resolve(outcomes[i] as Outcome<Value>); // one each, in order
  }

  async #commit(
    group: readonly Waiting<Ask, Value>[],
  ): Promise<{ outcomes: Outcome<Value>[]; committed: Committed }> {
    const asks = group.map(({ ask }) => ask);
    const isKept = group.some(({ keep }) => keep !== null);
    const quick = isKept ? null : await this.#parts.quick?.(asks);
    if (quick) return quick;
    return this.#parts.truth.transaction(async (tx) => {
      const done = await this.#parts.work(tx, asks);
      const answers = group.flatMap(({ keep }, i) => keep?.(done.outcomes[i] as Outcome<Value>) ?? []); // one each
      if (answers.length > 0) {
        const kept = await keepAnswers(tx, answers);
        if (answers.some(({ run }) => !kept.has(run))) throw new KeyLost("an Idempotency-Key was taken over");
      }
      return done;
    });
  }

  /** One bad ask must not fail the others: each by itself, once. */
  async #runApart(group: readonly Waiting<Ask, Value>[], error: unknown): Promise<void> {
    if (error instanceof KeyLost && group.length === 1) {
      group[0]?.resolve(refuse("IDEMPOTENCY_IN_PROGRESS"));
      return;
    }
    // What somebody's ask breaks is somebody's; a broken connection is everybody's.
    const isConnection = sqlState(error) === undefined && !(error instanceof KeyLost);
    if (group.length === 1 || isConnection) {
      for (const waiting of group) waiting.reject(error);
      return;
    }
    this.#parts.onError(error);
    for (const waiting of group) await this.#run([waiting]);
  }
}

/**
 * Runs a group's ask under an Idempotency-Key. What the group did not keep, because it was refused before it came to
 * one, is kept here.
 * @param run with what keeps its answer in the group's transaction; null without a key
 */
export async function askOnce<Value>(
  { idempotency, truth }: { idempotency: Idempotency; truth: Truth },
  request: IdempotentRequest | null,
  show: (outcome: Outcome<Value>) => Answer | Refusal,
  run: (keep: KeepAnswer<Value> | null) => Promise<Outcome<Value>>,
): Promise<Reply> {
  if (request === null) return show(await run(null));
  return idempotency.begin(request, async () => {
    let isKept = false;
    const outcome = await run((done) => {
      const answer = idempotency.answerToKeep(request, show(done));
      isKept = answer !== null;
      return answer;
    });
    const reply = show(outcome);
    const left = isKept ? null : idempotency.answerToKeep(request, reply);
    if (left !== null && (await keepAnswers(truth, [left])).size === 0)
      return refuse("IDEMPOTENCY_IN_PROGRESS");
    return reply;
  });
}
