// What a journey needs of the world, in plain WHATWG shapes, so that the same code runs in k6 and under Node: neither
// has all of the globals, and tests bring a clock and a dice of their own.

/** The part of a fetch answer that is read. */
export interface Answer {
  status: number;
  headers: { get(name: string): string | null };
  text(): Promise<string>;
}

/** The part of `fetch` that is used; the global one fits. */
export type Fetch = (
  url: string,
  init: { method: string; headers: Record<string, string>; body?: string },
) => Promise<Answer>;

/** The part of a WHATWG WebSocket that is used. `close` comes once, also when it never opened. */
export interface SocketLike {
  addEventListener(type: "message", listener: (event: { data: unknown }) => void): void;
  addEventListener(type: "close" | "error", listener: () => void): void;
  send(text: string): void;
  close(): void;
}

export interface Surroundings {
  fetch: Fetch;
  openSocket: (url: string) => SocketLike;
  /** Milliseconds of one clock; only differences count. */
  now: () => number;
  /** From 0 up to 1. */
  random: () => number;
  /** Calls `act` once after `ms`; the answer calls it off. */
  after: (ms: number, act: () => void) => () => void;
}

/** Resolves after `ms`. */
export function pause(surroundings: Surroundings, ms: number): Promise<void> {
  return new Promise((resolve) => void surroundings.after(ms, resolve));
}

/**
 * How long to wait before a try is repeated, in ms: what the server asked for (a quarter more at most, so that a crowd
 * stays spread), else doubling from half a second up to ten, anywhere in the upper half.
 */
export function retryDelayMs(tries: number, askedMs: number | undefined, random: number): number {
  if (askedMs !== undefined) return askedMs * (1 + random / 4);
  return Math.min(10_000, 500 * 2 ** Math.min(tries, 10)) * (0.5 + random / 2);
}

/**
 * Over how long a crowd comes back whose gateway died without a word, in ms: as the page does it, which the contract
 * says (coming-back.ts; k6 can't follow it there).
 */
export function comingBackMs(waiting: number): number {
  return Math.min(15_000, Math.ceil(waiting / 4));
}
