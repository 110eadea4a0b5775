// A worker that dies at a chosen step: its n-th call to a store is done, but it never hears of it, and what it
// would do next reaches nobody. (Before a step is after the one before.) For the tests of what others then find.
import type { LaneAddress } from "@dropgate/lua/lane-answers";
import type { Statements } from "@dropgate/sql";
import type { WorkerContext } from "../running/context.ts";

export class Died extends Error {}

export class DyingWorker {
  readonly context: WorkerContext;
  readonly #at: number;
  #calls = 0;

  /** @param at the call that is its last, from 1 */
  constructor(living: WorkerContext, name: string, at: number) {
    this.#at = at;
    this.context = {
      ...living,
      name,
      truth: this.#mortal(living.truth, {
        transaction: (work: (tx: Statements) => Promise<unknown>) =>
          living.truth.transaction((tx) => work(this.#mortal(tx, {}))),
      }),
      hotStore: this.#mortal(living.hotStore, {
        lane: (address: LaneAddress) => this.#mortal(living.hotStore.lane(address), {}),
      }),
    };
  }

  get dead(): boolean {
    return this.#calls >= this.#at;
  }

  /** The same object, every method of which is a call that may be the last, but for those that are told. */
  #mortal<Store extends object>(store: Store, told: Partial<Record<string, unknown>>): Store {
    return new Proxy(store, {
      get: (target, name) => {
        if (typeof name === "string" && name in told) return told[name];
        const method: unknown = Reflect.get(target, name, target);
        if (typeof method !== "function") return method;
        return async (...args: unknown[]): Promise<unknown> => this.#call(() => method.apply(target, args));
      },
    });
  }

  async #call(run: () => unknown): Promise<unknown> {
    if (this.dead) throw new Died("it is dead already");
    this.#calls++;
    const answer = await run();
    if (this.dead) throw new Died(`after call ${this.#calls}`);
    return answer;
  }
}
