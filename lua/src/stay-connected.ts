// Keeps one connection alive by opening another when it ends, after a pause drawn at random so that a
// hundred processes whose server came back do not all knock at once.

/** Pauses grow from the first to the last: a restart takes Redis a fraction of a second, a failover longer. */
const PAUSE_MS_FIRST = 50;
const PAUSE_MS_MAX = 2_000;

/** What ends by itself or by `drop`. */
export interface Ending {
  readonly ended: Promise<void>;
  drop(): void;
}

/** @param random in [0, 1) */
export function pauseMs(failures: number, random: number): number {
  const most = Math.min(PAUSE_MS_MAX, PAUSE_MS_FIRST * 2 ** Math.min(failures, 16));
  return Math.ceil(most * (0.1 + 0.9 * random));
}

export class StayConnected<Link extends Ending> {
  /** The connection there is now; null while there is none. */
  current: Link | null = null;
  readonly #open: () => Promise<Link>;
  readonly #onReady: (link: Link) => void;
  readonly #onError: (error: Error) => void;
  readonly #finished: Promise<void>;
  #closed = false;
  #wake: () => void = () => {};

  constructor(open: () => Promise<Link>, onReady: (link: Link) => void, onError: (error: Error) => void) {
    this.#open = open;
    this.#onReady = onReady;
    this.#onError = onError;
    this.#finished = this.#loop();
  }

  /** Ends the connection, and opens no other. */
  async close(): Promise<void> {
    this.#closed = true;
    this.current?.drop();
    this.#wake();
    await this.#finished;
  }

  async #loop(): Promise<void> {
    // Bounded by `close`: a process without Redis has nothing better to do than to try again.
    for (let failures = 0; !this.#closed; failures += 1) {
      const link = await this.#try();
      if (link) {
        failures = 0;
        await link.ended;
        this.current = null;
      }
      if (!this.#closed) await this.#pause(pauseMs(failures, Math.random()));
    }
  }

  async #try(): Promise<Link | null> {
    let link: Link;
    try {
      link = await this.#open();
    } catch (error) {
      if (!this.#closed) this.#onError(error instanceof Error ? error : new Error(String(error)));
      return null;
    }
    if (this.#closed) link.drop();
    this.current = link;
    if (!this.#closed) this.#onReady(link);
    return link;
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
