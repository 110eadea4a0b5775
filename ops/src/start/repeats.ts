// Keeps a fault from filling the screen: while a store is away, several processes say so many times a second.

/** The same words again within this time are counted, not shown; each is in its log. */
const QUIET_MS = 10_000;
/** So many different lines are remembered; more means that they differ in details and are shown. */
const REMEMBERED_MAX = 500;

/** Answers what to show for a line at `now` (ms): the line, with how often it was left out; or nothing. */
export type Repeats = (line: string, now: number) => string | undefined;

export function countRepeats(): Repeats {
  const seen = new Map<string, { shownAt: number; leftOut: number }>();
  return (line, now) => {
    const before = seen.get(line);
    if (before !== undefined && now - before.shownAt < QUIET_MS) {
      before.leftOut += 1;
      return undefined;
    }
    if (seen.size >= REMEMBERED_MAX) seen.clear();
    seen.set(line, { shownAt: now, leftOut: 0 });
    const leftOut = before?.leftOut ?? 0;
    return leftOut === 0 ? line : `${line} (and ${leftOut} times before)`;
  };
}
