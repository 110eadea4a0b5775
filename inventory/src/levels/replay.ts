// All levels built anew from the ledger, one transaction after another, and compared with what stands there. Told apart
// from the report's check, which lets PostgreSQL add up: here each row is played in its order, so that a quantity that
// was ever below zero is found too.
import { QUANTITIES, type Quantities } from "@dropgate/contracts/inventory";
import type { Truth } from "@dropgate/sql";
import { type LedgerStep, readLedgerSteps, readLevelQuantities } from "@dropgate/sql/levels/replay-pages";

export interface LevelDifference {
  sku: string;
  locationId: string;
  /** Null: there is no such level. */
  is: Quantities | null;
  ledger: Quantities;
}

export interface Replay {
  levels: number;
  transactions: number;
  differences: LevelDifference[];
  /** Levels of which a quantity was below zero after some transaction, with its id. */
  negative: { sku: string; locationId: string; transaction: number }[];
}

interface Level {
  sku: string;
  locationId: string;
  quantities: Quantities;
}

const NOTHING: Quantities = {
  onHand: 0,
  allocated: 0,
  reserved: 0,
  damaged: 0,
  inTransitIn: 0,
  inTransitOut: 0,
};
/** So many are named; the rest is counted by whoever asks again after the repair. */
const NAMED_MAX = 1_000;

/**
 * In one snapshot, so that stock may move meanwhile. Both are read in the order of SKU and location and walked side by
 * side: however many levels there are, one is in memory.
 */
export function replayLedger(truth: Truth, onProgress: (levels: number) => void = () => {}): Promise<Replay> {
  return truth.transaction(async (tx) => {
    await tx.query("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY");
    const replay: Replay = { levels: 0, transactions: 0, differences: [], negative: [] };
    const built = buildLevels(readLedgerSteps(tx), replay);
    const stored = readLevelQuantities(tx);
    let [one, other] = [await built.next(), await stored.next()];
    while (!one.done || !other.done) {
      const order = one.done ? 1 : other.done ? -1 : compareKeys(one.value, other.value);
      const at = (order <= 0 ? one.value : other.value) as Level; // one of them is not done
      const is = order >= 0 ? (other.value as Level).quantities : null;
      const ledger = order <= 0 ? (one.value as Level).quantities : NOTHING;
      if (!isSame(is, ledger) && replay.differences.length < NAMED_MAX) {
        replay.differences.push({ sku: at.sku, locationId: at.locationId, is, ledger });
      }
      replay.levels++;
      if (replay.levels % 10_000 === 0) onProgress(replay.levels);
      if (order <= 0) one = await built.next();
      if (order >= 0) other = await stored.next();
    }
    return replay;
  });
}

function isSame(is: Quantities | null, ledger: Quantities): boolean {
  return is !== null && QUANTITIES.every((name) => is[name] === ledger[name]);
}

/** Byte by byte, as PostgreSQL sorts them. */
function compareKeys(a: Level, b: Level): number {
  return (
    Buffer.compare(Buffer.from(a.sku), Buffer.from(b.sku)) ||
    Buffer.compare(Buffer.from(a.locationId), Buffer.from(b.locationId))
  );
}

/** Plays the steps of one level after the other. */
async function* buildLevels(
  steps: AsyncIterable<LedgerStep>,
  replay: Replay,
): AsyncGenerator<Level, undefined> {
  let level: Level | null = null;
  let wasNegative = false;
  for await (const step of steps) {
    replay.transactions++;
    if (level === null || level.sku !== step.sku || level.locationId !== step.locationId) {
      if (level !== null) yield level;
      level = { sku: step.sku, locationId: step.locationId, quantities: { ...NOTHING } };
      wasNegative = false;
    }
    for (const name of QUANTITIES) level.quantities[name] += step[name];
    if (!wasNegative && QUANTITIES.some((name) => (level as Level).quantities[name] < 0)) {
      wasNegative = true;
      const { sku, locationId } = level;
      if (replay.negative.length < NAMED_MAX) replay.negative.push({ sku, locationId, transaction: step.id });
    }
  }
  if (level !== null) yield level;
  return undefined;
}
