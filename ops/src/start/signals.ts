// What a signal asks for. One Ctrl-C may arrive several times: from the terminal to the whole group, and
// again from npx and pnpm, who pass on what they got.

/** Signals within this time of the first are the same wish. */
const SAME_WISH_MS = 1_000;

export type Wish = "stop" | "same wish" | "end at once";

/**
 * What a signal means.
 * @param firstAt when the first one came (ms), undefined if this is the first
 * @param now ms of the same clock
 */
export function wishOf(firstAt: number | undefined, now: number): Wish {
  if (firstAt === undefined) return "stop";
  return now - firstAt <= SAME_WISH_MS ? "same wish" : "end at once";
}

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Calls `stop` for the first wish and `endAtOnce` for a later one, as long as this process lives. */
export function onWish(actions: {
  stop: (why: string) => void;
  endAtOnce: () => void;
}): (why: string) => void {
  let firstAt: number | undefined;
  const hear = (why: string): void => {
    // Not Date.now(): a clock that is set must not turn one wish into two.
    const now = performance.now();
    const wish = wishOf(firstAt, now);
    if (wish === "stop") {
      firstAt = now;
      actions.stop(why);
    } else if (wish === "end at once") actions.endAtOnce();
  };
  for (const signal of SIGNALS) process.on(signal, () => hear(signal));
  return hear;
}
