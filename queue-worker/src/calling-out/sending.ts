// Sends what an outbox holds: claims what is due, sends it side by side, and asks for more of each target when what it
// was sent has ended. One that hangs holds up only itself.
import type { WorkerLog } from "../running/context.ts";

export interface SendingParts<Claimed> {
  log: WorkerLog;
  /** What is due now, but of these targets. */
  claim: (busyTargets: readonly string[]) => Promise<Claimed[]>;
  targetOf: (claimed: Claimed) => string;
  /** Sends one and writes down how it went. @throws when that could not be written: its claim runs out */
  send: (claimed: Claimed) => Promise<void>;
}

export class Sending<Claimed> {
  readonly #parts: SendingParts<Claimed>;
  /** By target, how many are under way. */
  readonly #underWay = new Map<string, number>();
  readonly #sends = new Set<Promise<void>>();

  constructor(parts: SendingParts<Claimed>) {
    this.#parts = parts;
  }

  /** Begins to send what is due. @returns false: what is due next is looked for after the interval */
  async step(): Promise<boolean> {
    const claimed = await this.#parts.claim([...this.#underWay.keys()]);
    for (const each of claimed) {
      const target = this.#parts.targetOf(each);
      this.#underWay.set(target, (this.#underWay.get(target) ?? 0) + 1);
      const send = this.#send(each).finally(() => this.#ended(target, send));
      this.#sends.add(send);
    }
    return false;
  }

  /** Resolves when what is under way has ended. */
  async ended(): Promise<void> {
    await Promise.all(this.#sends);
  }

  #ended(target: string, send: Promise<void>): void {
    this.#sends.delete(send);
    const left = (this.#underWay.get(target) ?? 1) - 1;
    if (left === 0) this.#underWay.delete(target);
    else this.#underWay.set(target, left);
  }

  async #send(claimed: Claimed): Promise<void> {
    try {
      await this.#parts.send(claimed);
    } catch (error) {
      // PostgreSQL is away: the claim runs out, and it is sent again.
      this.#parts.log.error(
        { err: error, target: this.#parts.targetOf(claimed) },
        "how it went could not be written down",
      );
    }
  }
}
