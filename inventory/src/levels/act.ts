// Changes levels, many changes at once: locks the levels in the one order, judges each change by itself (judge.ts),
// writes each level once and the ledger. Whatever moves stock goes this way. One refused change never fails others.
import { LEVEL_CHANGES_MAX } from "@dropgate/contracts/limits";
import type { Outcome } from "@dropgate/contracts/refusals";
import type { Statements } from "@dropgate/sql";
import type { LevelRow } from "@dropgate/sql/levels/level-row";
import { type LockedLevels, lockLevels, removeUnwritten } from "@dropgate/sql/levels/lock-levels";
import { writeLevelChanges } from "@dropgate/sql/levels/write-level-changes";
import { judgeChanges, type LevelChange, nameOf } from "./judge.ts";

/**
 * Within a transaction that the caller commits; once a transaction, or two that lock levels twice may wait for each
 * other in a circle.
 * @returns for each change, in order: its level with the quantities that it leaves (revision and times are those from
 *   before), or why it was refused (and left no trace)
 * @throws RangeError when there are more than LEVEL_CHANGES_MAX, or one that changes nothing
 */
export async function actOnLevelsIn(
  tx: Statements,
  changes: readonly LevelChange[],
): Promise<Outcome<LevelRow>[]> {
  return changes.length === 0 ? [] : actOnLockedIn(tx, await lockLevelsFor(tx, changes), changes);
}

/** Locks what `actOnLockedIn` is to change; the changes may become fewer until then. */
export async function lockLevelsFor(tx: Statements, changes: readonly LevelChange[]): Promise<LockedLevels> {
  if (changes.length > LEVEL_CHANGES_MAX) throw new RangeError(`${changes.length} changes at once`);
  if (changes.some(({ deltas }) => Object.values(deltas).every((delta) => delta === 0))) {
    throw new RangeError("a change that changes nothing is a note");
  }
  const keys = [...new Map(changes.map((change) => [nameOf(change), change])).values()];
  return lockLevels(tx, keys);
}

/** The second half of `actOnLevelsIn`. */
export async function actOnLockedIn(
  tx: Statements,
  { levels, born, impossible }: LockedLevels,
  changes: readonly LevelChange[],
): Promise<Outcome<LevelRow>[]> {
  const { outcomes, moves, transactions } = judgeChanges(levels, impossible, changes);
  await writeLevelChanges(tx, moves, transactions);
  if (born.length > 0) {
    const written = new Set(moves.map(({ level }) => nameOf(level)));
    await removeUnwritten(
      tx,
      born.filter((key) => !written.has(nameOf(key))),
    );
  }
  return outcomes;
}
