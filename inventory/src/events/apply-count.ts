// A count of a shelf that an operator has approved: against what we had at its moment, by all that we know by now of what
// happened before it.
import type { Refusal } from "@dropgate/contracts/refusals";
import type { Statements } from "@dropgate/sql";
import { lockLevel } from "@dropgate/sql/levels/lock-levels";
import { readCounts, readMovedAfter } from "@dropgate/sql/wms/read-world";
import { writeCounts } from "@dropgate/sql/wms/write-effects";
import { actOnLevelsIn } from "../levels/act.ts";
import type { LevelChange } from "../levels/judge.ts";
import type { AppliedCount } from "./effects.ts";

/** Within the caller's transaction. @returns why the level cannot become so; null: it did */
export async function applyCountIn(
  tx: Statements,
  count: AppliedCount,
  actor: string,
): Promise<Refusal | null> {
  const { sku, locationId, countedAt, actual, eventId } = count;
  const level = await lockLevel(tx, count);
  const [since = 0] = await readMovedAfter(tx, [{ sku, locationId, at: countedAt }]);
  const expected = (level?.onHand ?? 0) - since;
  const delta = actual - expected;
  const later = (await readCounts(tx, [count])).find((each) => each.countedAt >= countedAt);
  if (delta !== 0) {
    const change: LevelChange = {
      sku,
      locationId,
      deltas: { onHand: delta },
      type: "event.counted",
      reference: { type: "event", id: eventId },
      actor,
      effectiveAt: countedAt,
      data: { actual, expected },
      groupId: eventId,
    };
    const back: LevelChange | null = later
      ? {
          ...change,
          deltas: { onHand: -delta },
          effectiveAt: later.countedAt,
          data: { counted: later.eventId },
        }
      : null;
    const changes = back === null ? [change] : delta < 0 ? [back, change] : [change, back];
    const refused = (await actOnLevelsIn(tx, changes)).find((outcome) => !outcome.ok);
    if (refused?.ok === false) return refused;
  }
  await writeCounts(tx, [count]);
  return null;
}
