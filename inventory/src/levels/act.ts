// Changes levels, many changes at once: locks the levels in the one order, judges each change by itself (judge.ts),
// writes each level once and the ledger. Whatever moves stock goes this way. One refused change never fails others.
import { LEVEL_CHANGES_MAX } from "@dropgate/contracts/limits";
import type { Outcome } from "@dropgate/contracts/refusals";
import type { Statements } from "@dropgate/sql";
import type { LevelKey, LevelRow } from "@dropgate/sql/levels/level-row";
import { lockLevels, removeUnwritten } from "@dropgate/sql/levels/lock-levels";
import { writeLevelChanges } from "@dropgate/sql/levels/write-level-changes";
import { type Judged, judgeChanges, type LevelChange, nameOf } from "./judge.ts";

/** Levels that are locked and changes that are judged, of which nothing is written yet. */
export interface Acting extends Judged {
  /** Levels that were made for it. */
  born: readonly LevelKey[];
}

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
  const acting = await judgeOnLevelsIn(tx, changes);
  await writeActingIn(tx, acting);
  return acting.outcomes;
}

/** The first half of `actOnLevelsIn`, for those who write more together with the second. */
export async function judgeOnLevelsIn(tx: Statements, changes: readonly LevelChange[]): Promise<Acting> {
  if (changes.length === 0) return { outcomes: [], moves: [], transactions: [], born: [] };
  if (changes.length > LEVEL_CHANGES_MAX) throw new RangeError(`${changes.length} changes at once`);
  if (changes.some(({ deltas }) => Object.values(deltas).every((delta) => delta === 0))) {
    throw new RangeError("a change that changes nothing is a note");
  }
  const keys = [...new Map(changes.map((change) => [nameOf(change), change])).values()];
  const { levels, born, impossible } = await lockLevels(tx, keys);
  return { ...judgeChanges(levels, impossible, changes), born };
}

/** The second half: what was judged is written, and levels that nothing was written to are not made after all. */
export async function writeActingIn(tx: Statements, { moves, transactions, born }: Acting): Promise<void> {
  await writeLevelChanges(tx, moves, transactions);
  if (born.length === 0) return;
  const written = new Set(moves.map(({ level }) => nameOf(level)));
  await removeUnwritten(
    tx,
    born.filter((key) => !written.has(nameOf(key))),
  );
}
