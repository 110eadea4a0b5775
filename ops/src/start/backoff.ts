// How long to wait before a process that ended is started again.

/** The first wait. Short: a process that was killed once is back before anyone reloads a page. */
const FIRST_MS = 100;
/** The longest wait, so that what was mended is noticed soon. */
const LONGEST_MS = 5_000;
/** A process that ran so long was healthy: its next end is a new story. */
const HEALTHY_MS = 10_000;

/**
 * How many ends there have been in a row.
 * @param before the count before the run that just ended
 * @param ranMs how long that run lasted
 */
export function failuresInARow(before: number, ranMs: number): number {
  return ranMs >= HEALTHY_MS ? 1 : before + 1;
}

/** The wait in milliseconds after so many ends in a row (1 or more). */
export function waitAfterMs(failures: number): number {
  return Math.min(FIRST_MS * 2 ** (failures - 1), LONGEST_MS);
}
