// The sale's own slot: what its gateways were told last, so that one which has just come need not wait for
// the next change.
import type { SaleId } from "@dropgate/contracts/ids";
import type { Phase } from "@dropgate/contracts/states/phase";
import { saleKeys } from "./keys.ts";
import { type Reply, readList, readNumber, readPhase, readText } from "./lane-replies.ts";
import type { CallScript } from "./script-call.ts";

export interface SaleCopy {
  phase: Phase;
  version: number;
  serving: number;
  waiting: number;
  ratePerSecond: number;
}

/** `atMs`: when it was told, by Redis' clock. */
export interface SaleTold extends SaleCopy {
  atMs: number;
}

/** `same`: nothing differs. `old`: a later version or serving was told already; nothing was changed. */
export type ToldOutcome = "told" | "same" | "old";

export class SaleStore {
  readonly saleId: SaleId;
  readonly #call: CallScript;
  readonly #keys: ReturnType<typeof saleKeys>;

  constructor(call: CallScript, saleId: SaleId) {
    this.#call = call;
    this.saleId = saleId;
    this.#keys = saleKeys(saleId);
  }

  /** Publishes the sale's copy when it differs from what was told, or when `force`. */
  async told(copy: SaleCopy, force = false): Promise<ToldOutcome> {
    const [, outcome] = await this.#call("told", {
      keys: this.#keys,
      fixed: {
        phase: copy.phase,
        version: copy.version,
        serving: copy.serving,
        waiting: copy.waiting,
        rate: String(copy.ratePerSecond),
        force,
      },
      each: [],
    });
    if (outcome === "told" || outcome === "same" || outcome === "old") return outcome;
    throw new Error(`not an outcome: ${JSON.stringify(outcome)}`);
  }

  /**
   * Takes tokens of a rush's bucket.
   * @param unspent taken before for tries that came to nothing: they go back first
   * @returns how many of `wanted` were granted, and in how many ms the next one comes
   */
  async tokens(
    bucket: { ratePerSecond: number; burst: number },
    wanted: number,
    unspent: number,
  ): Promise<{ granted: number; waitMs: number }> {
    const [, granted, waitMs] = await this.#call("tokens", {
      keys: this.#keys,
      fixed: { rate: String(bucket.ratePerSecond), burst: bucket.burst, wanted, unspent },
      each: [],
    });
    return { granted: readNumber(granted), waitMs: readNumber(waitMs) };
  }

  /** What was told last; null when nothing was, or Redis has lost it. */
  async read(): Promise<SaleTold | null> {
    const [, fields] = await this.#call("told-last", { keys: this.#keys, fixed: {}, each: [] });
    return readTold(fields ?? null);
  }
}

function readTold(reply: Reply): SaleTold | null {
  if (reply === null) return null;
  const [phase, version, serving, waiting, rate, at] = readList(reply);
  return {
    phase: readPhase(phase),
    version: readNumber(version),
    serving: readNumber(serving),
    waiting: readNumber(waiting),
    ratePerSecond: Number(readText(rate)),
    atMs: readNumber(at),
  };
}
