// An operator's change to a level's thresholds and flags.
import type { LevelPatch } from "@dropgate/contracts/inventory";
import { type Outcome, refuse } from "@dropgate/contracts/refusals";
import type { Statements } from "@dropgate/sql";
import type { LevelRow, LevelSettings } from "@dropgate/sql/levels/level-row";
import { lockLevel } from "@dropgate/sql/levels/lock-levels";
import { insertNote } from "@dropgate/sql/levels/transactions";
import { writeLevelSettings } from "@dropgate/sql/levels/write-settings";
import { differences, patched } from "../patching.ts";

/** Within the caller's transaction. */
export async function patchLevelIn(
  tx: Statements,
  patch: LevelPatch,
  actor: string,
): Promise<Outcome<LevelRow>> {
  const level = await lockLevel(tx, patch);
  if (level === null) return refuse("LEVEL_NOT_FOUND");
  const { reorderPoint, safetyStock, maxStock, sellable, receivingBlocked } = level;
  const there: LevelSettings = { reorderPoint, safetyStock, maxStock, sellable, receivingBlocked };
  const { sku, locationId, ...asked } = patch;
  const to = patched(there, asked);
  const data = differences(there, to);
  if (data === null) return { ok: true, value: level };
  await insertNote(tx, { type: "level.changed", sku, locationId, reference: null, actor, data });
  return { ok: true, value: await writeLevelSettings(tx, level, to) };
}
