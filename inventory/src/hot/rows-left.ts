// What a batch of changes leaves of each level, as the hot store is to mirror it.
import type { Outcome } from "@dropgate/contracts/refusals";
import type { LevelRow } from "@dropgate/sql/levels/level-row";

/**
 * The rows that `actOnLevelsIn` wrote, from its outcomes: of each level the last, under the revision that the write
 * gave it (outcomes carry the one from before, and a level is written once however many changes it had).
 */
export function rowsLeft(outcomes: readonly Outcome<LevelRow>[]): LevelRow[] {
  const left = new Map<string, LevelRow>();
  for (const outcome of outcomes) {
    if (!outcome.ok) continue;
    const { value } = outcome;
    left.set(JSON.stringify([value.sku, value.locationId]), { ...value, rev: value.rev + 1 });
  }
  return [...left.values()];
}
