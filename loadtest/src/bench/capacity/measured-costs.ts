// The costs that the benchmarks measured last, each with the row and figure it comes from.
import type { KeptResult } from "../results.ts";
import type { Costs } from "./plan-capacity.ts";

interface Source {
  row: string;
  variant: string;
  figure: string;
}

export const SOURCES: Readonly<Record<keyof Costs, Source>> = {
  joinGatewayCpu: { row: "join", variant: "ours", figure: "cpu.server" },
  joinRedisCpu: { row: "join", variant: "ours", figure: "cpu.redis" },
  connectGatewayCpu: { row: "connect", variant: "ours", figure: "cpu.server" },
  deliveryGatewayCpu: { row: "fan-out", variant: "ours", figure: "cpu.server" },
  socketBytes: { row: "memory", variant: "ours", figure: "bytesPerConnection" },
  storeWorkerCpu: { row: "intake", variant: "ours", figure: "cpu.worker" },
  storePostgresCpu: { row: "intake", variant: "ours", figure: "cpu.postgres" },
  shopperRedisBytes: { row: "footprint", variant: "ours", figure: "redisBytes" },
  shopperPostgresBytes: { row: "footprint", variant: "ours", figure: "postgresBytes" },
  joinRequestBytes: { row: "footprint", variant: "ours", figure: "requestBytes" },
  joinAnswerBytes: { row: "footprint", variant: "ours", figure: "answerBytes" },
};

/** @throws Error naming every row that was not measured yet, and the command that measures it */
export function measuredCosts(results: readonly KeptResult[]): Costs {
  const missing = new Set<string>();
  const read = ({ row, variant, figure }: Source): number => {
    const kept = results.find((result) => result.name === row);
    const value = kept?.variants.find(({ key }) => key === variant)?.figures[figure]?.median;
    if (value === undefined) missing.add(row);
    return value ?? Number.NaN;
  };
  const costs = Object.fromEntries(Object.entries(SOURCES).map(([name, source]) => [name, read(source)]));
  if (missing.size > 0) {
    const rows = [...missing].join(" ");
    throw new Error(`Not measured yet: ${rows}. Run: npx pnpm bench ${rows}`);
  }
  return costs as unknown as Costs; // every name of SOURCES, which are those of Costs
}
