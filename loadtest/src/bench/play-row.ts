// Plays a row: a warm-up of each variant, then rounds in which all variants take turns, so that whatever else the
// machine does meets them alike.
import { Bench } from "./bench.ts";
import type { Figures, Role, Rounds, Row } from "./row.ts";
import { figuresOf, type Spread, spreadsOf } from "./spread.ts";
import { isMet } from "./targets.ts";

export interface RowResult {
  name: string;
  measures: string;
  unit: string;
  quick: boolean;
  rounds: number;
  /** How long the row took in all, setting the stage included. */
  tookSeconds: number;
  variants: { key: string; role: Role; label: string; figures: Record<string, Spread> }[];
  shown: readonly string[];
  units: Readonly<Record<string, string>>;
  targets: { says: string; value: number | null; atLeast?: number; atMost?: number; met: boolean }[];
}

export interface PlayOptions {
  quick: boolean;
  say: (line: string) => void;
  /** Where CPU profiles of the processes under test go; none are taken without. */
  profiles?: string | undefined;
}

/** @throws what the row throws, after its stage is cleared */
export async function playRow(row: Row, options: PlayOptions): Promise<RowResult> {
  const { quick, say } = options;
  const beganMs = performance.now();
  const bench = new Bench(options);
  const count = quick ? row.rounds.quick : row.rounds.full;
  const rounds = new Map<string, Figures[]>(row.variants.map(({ key }) => [key, []]));
  // Also a process that stands still ends with us.
  const abandon = (): void => void bench.end().finally(() => process.exit(130));
  process.once("SIGINT", abandon).once("SIGTERM", abandon);
  try {
    const stage = await row.open(bench);
    try {
      for (const { key } of row.variants) await stage.round(key, { warmUp: true, round: 0 });
      for (let round = 0; round < count; round++) {
        for (const { key } of inTurn(row.variants, round)) {
          const figures = figuresOf(await stage.round(key, { warmUp: false, round }));
          rounds.get(key)?.push(figures);
          say(`  ${row.name} ${round + 1}/${count} ${key}: ${told(row, figures)}`);
        }
      }
    } finally {
      await stage.close();
    }
  } finally {
    process.off("SIGINT", abandon).off("SIGTERM", abandon);
    await bench.end();
  }
  return resultOf(row, { quick, count, rounds, tookSeconds: (performance.now() - beganMs) / 1_000 });
}

/** Each round begins with another variant: none is always the one that runs after the dearest. */
export function inTurn<Item>(items: readonly Item[], round: number): Item[] {
  const from = items.length === 0 ? 0 : round % items.length;
  return [...items.slice(from), ...items.slice(0, from)];
}

function told(row: Row, figures: Figures): string {
  return row.shown
    .flatMap((name) =>
      figures[name] === undefined ? [] : [`${name} ${Number(figures[name].toPrecision(4))}`],
    )
    .join(", ");
}

function resultOf(
  row: Row,
  played: { quick: boolean; count: number; rounds: Rounds; tookSeconds: number },
): RowResult {
  return {
    name: row.name,
    measures: row.measures,
    unit: row.unit,
    quick: played.quick,
    rounds: played.count,
    tookSeconds: Math.round(played.tookSeconds * 10) / 10,
    variants: row.variants.map(({ key, role, label }) => ({
      key,
      role,
      label,
      figures: spreadsOf(played.rounds.get(key) ?? []),
    })),
    shown: row.shown,
    units: row.units ?? {},
    targets: row.targets.map((target) => {
      const value = target.of(played.rounds);
      const { says, atLeast, atMost } = target;
      return {
        says,
        value,
        ...(atLeast !== undefined && { atLeast }),
        ...(atMost !== undefined && { atMost }),
        met: isMet(target, value),
      };
    }),
  };
}
