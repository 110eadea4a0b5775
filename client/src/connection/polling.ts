// Asking instead of listening, for places where WebSockets are blocked: every few seconds, never all at once, and
// slower when nobody answers or the server says when to come back.

export interface Polling {
  /** Begins, or goes on. */
  start(): void;
  stop(): void;
  /** Asks now instead of at its time. */
  hurry(): void;
}

/** What one round found: it went well, or how long to wait before the next (null: the server did not say). */
export type PollOutcome = { ok: true } | { ok: false; retryAfterMs: number | null };

const POLL_MS = 4_000;
const POLL_MS_MAX = 30_000;

/**
 * When to ask again.
 * @param failures rounds without an answer since the last good one
 * @param random 0…1, so that a crowd spreads
 * @returns ms
 */
export function pollDelay(failures: number, retryAfterMs: number | null, random: number): number {
  const pace = Math.min(POLL_MS * 2 ** failures, POLL_MS_MAX) * (0.75 + random / 2);
  return Math.max(pace, retryAfterMs ?? 0);
}

export function openPolling(round: () => Promise<PollOutcome>): Polling {
  let isOn = false;
  let failures = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  async function ask(): Promise<void> {
    const outcome = await round();
    failures = outcome.ok ? 0 : failures + 1;
    if (isOn) plan(pollDelay(failures, outcome.ok ? null : outcome.retryAfterMs, Math.random()));
  }
  function plan(afterMs: number): void {
    clearTimeout(timer);
    timer = setTimeout(() => void ask(), afterMs);
  }

  return {
    start() {
      if (isOn) return;
      isOn = true;
      plan(0);
    },
    stop() {
      isOn = false;
      clearTimeout(timer);
    },
    hurry() {
      if (isOn) plan(0);
    },
  };
}
