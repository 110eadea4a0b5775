// A loop that never dies: runs its step, waits its interval (or a wake-up), runs it again. A step that
// throws is reported and tried again later, later each time up to a bound: the state it reads says what is
// still to be done, so nothing is lost by a step that failed.
import { setTimeout as sleep } from "node:timers/promises";

const BACK_OFF_MS_MAX = 2_000;

export interface LoopOptions {
  name: string;
  /** Between the end of one step and the start of the next; asked after each step. */
  intervalMs: () => number;
  /** True asks for the next step at once. */
  step: () => Promise<boolean>;
  onError: (error: unknown, loop: string) => void;
  onStep?: ((loop: string, seconds: number, failed: boolean) => void) | undefined;
}

export class Loop {
  readonly #options: LoopOptions;
  readonly #ended: Promise<void>;
  #stopping = false;
  #wake = new AbortController();
  #failures = 0;

  constructor(options: LoopOptions) {
    this.#options = options;
    this.#ended = this.#run();
  }

  /** The next step begins now, or right after the one that runs. */
  wake(): void {
    this.#wake.abort();
  }

  /** Resolves when the step that runs has ended. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.wake();
    await this.#ended;
  }

  async #run(): Promise<void> {
    while (!this.#stopping) {
      let again = false;
      const began = performance.now();
      try {
        again = await this.#options.step();
        this.#failures = 0;
      } catch (error) {
        this.#failures++;
        this.#options.onError(error, this.#options.name);
      }
      const seconds = (performance.now() - began) / 1_000;
      this.#options.onStep?.(this.#options.name, seconds, this.#failures > 0);
      if (again || this.#stopping) continue;
      await this.#rest();
    }
  }

  async #rest(): Promise<void> {
    const backOffMs =
      this.#failures === 0
        ? 0
        : Math.min(BACK_OFF_MS_MAX, 50 * 2 ** Math.min(this.#failures, 8)) * (0.5 + Math.random());
    try {
      await sleep(this.#options.intervalMs() + backOffMs, undefined, { signal: this.#wake.signal });
    } catch {
      // Woken: that is what the signal is for.
    }
    if (this.#wake.signal.aborted) this.#wake = new AbortController();
  }
}
