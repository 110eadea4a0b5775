// Where the hot store shows other figures than PostgreSQL has. It mirrors what was committed a moment ago or is about to
// be told, so what differs is looked at twice; only what differs both times, in the same way, counts.
import { HotStoreAway } from "@dropgate/lua/away";
import type { StockLook } from "@dropgate/lua/stock-store";
import type { Statements } from "@dropgate/sql";
import type { LevelRow } from "@dropgate/sql/levels/level-row";
import { readLevelsOf } from "@dropgate/sql/levels/levels-of-skus";
import type { NewDifference } from "@dropgate/sql/reconciling/difference-row";
import type { HotStock } from "../hot/hot-stock.ts";
import { nameOf } from "../levels/judge.ts";

/** Longer than the follower takes for what nobody told. */
const SECOND_LOOK_MS = 500;
const MIRRORED = ["onHand", "allocated", "reserved", "safetyStock"] as const;

/** Of one SKU, by its truth; nothing of a SKU that is not mirrored just now. Pure. */
export function hotDifferencesOf(
  sku: string,
  hot: readonly StockLook[],
  truth: readonly LevelRow[],
): NewDifference[] {
  const rows = new Map(truth.map((level) => [level.locationId, level]));
  const seen = new Map(hot.map((level) => [level.locationId, level]));
  return [...new Set([...rows.keys(), ...seen.keys()])].flatMap((locationId): NewDifference[] => {
    const [found, proposed] = [figuresOf(seen.get(locationId)), figuresOf(rows.get(locationId))];
    if (JSON.stringify(found) === JSON.stringify(proposed)) return [];
    return [{ kind: "hot_differs_from_truth", sku, locationId, found, proposed }];
  });
}

function figuresOf(level: StockLook | LevelRow | undefined): Record<string, number> {
  if (level === undefined) return {};
  const figures = MIRRORED.map((name) => [name, level[name]] as const);
  return Object.fromEntries([...figures, ["sellable", Number(level.sellable)]]);
}

/** @returns what differs of these SKUs both times; nothing while the hot store is away */
export async function findHotDifferences(
  tx: Statements,
  stock: HotStock,
  skus: readonly string[],
): Promise<NewDifference[]> {
  const first = await look(tx, stock, skus);
  if (first.size === 0) return [];
  await new Promise((resolve) => setTimeout(resolve, SECOND_LOOK_MS));
  const again = await look(tx, stock, [...new Set([...first.values()].map(({ sku }) => sku))]);
  return [...again].flatMap(([name, difference]) => {
    const before = first.get(name);
    const isTheSame =
      before !== undefined && JSON.stringify(before.found) === JSON.stringify(difference.found);
    return isTheSame ? [difference] : [];
  });
}

async function look(
  tx: Statements,
  stock: HotStock,
  skus: readonly string[],
): Promise<Map<string, NewDifference>> {
  const mirrored = new Map<string, readonly StockLook[]>();
  try {
    for (const sku of skus) {
      const answer = await (await stock.store(sku)).look();
      if (answer.ok) mirrored.set(sku, answer.value);
    }
  } catch (error) {
    if (error instanceof HotStoreAway) return new Map();
    throw error;
  }
  const truth = await readLevelsOf(tx, [...mirrored.keys()]);
  const found = [...mirrored].flatMap(([sku, hot]) =>
    hotDifferencesOf(
      sku,
      hot,
      truth.filter((level) => level.sku === sku),
    ),
  );
  return new Map(found.map((difference) => [nameOf(difference), difference]));
}
