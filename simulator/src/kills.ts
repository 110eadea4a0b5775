// `npx pnpm kills`: the scenario at 1,000 shoppers, again and again, with `kill -9` in its middle: each of
// gateway, worker, Redis and PostgreSQL at five moments, and Redis emptied once. Each run must end as if
// nothing had happened, and prove that something did.
import { parseArgs } from "node:util";
import { House } from "./house.ts";
import { runSale, type SaleRunResult } from "./sale-run.ts";
import { ALL_STRIKES, CLUSTER_STRIKES, type Strike, type StrikeProof, strike } from "./strikes.ts";

const HELP = `Runs a sale with a crowd and kills a process in its middle, once for each moment and process.

  npx pnpm kills [--shoppers 1000] [--units 50] [--only "sealing/worker"] [--cluster] [--seed N]

With --cluster Redis is a cluster of three masters: one is killed, and one hangs until its replica takes over.

Exits 0 when every run held and every strike fell while work was under way, 1 otherwise.
`;

export interface KillOptions {
  shoppers: number;
  units: number;
  seed: number;
  /** Whether Redis is a cluster. */
  cluster?: boolean | undefined;
  onProgress?: (text: string) => void;
}

/** What came of one strike: `failures` is empty when nobody lost anything and it did fall. */
export interface StrikeRun {
  result: SaleRunResult;
  proof: StrikeProof;
  failures: string[];
}

/** One sale, one strike, a house of its own. */
async function runStrike(what: Strike, options: KillOptions): Promise<StrikeRun> {
  const house = await House.open({ gateways: 2, workers: 2, cluster: options.cluster });
  try {
    return await runStrikeIn(house, what, options);
  } finally {
    await house.close();
  }
}

/** One more sale in a house that runs, and one strike in its middle. */
export async function runStrikeIn(
  house: House,
  what: Strike,
  options: Omit<KillOptions, "cluster">,
): Promise<StrikeRun> {
  const striking = strike(house, options.shoppers, what).catch(
    (error: unknown): StrikeProof => ({
      doing: { phase: "?", entries: 0, told: 0, offered: 0, live: 0, sold: 0, units: 0 },
      struck: false,
      text: error instanceof Error ? error.message : String(error),
    }),
  );
  const result = await runSale(house, {
    shoppers: options.shoppers,
    units: options.units,
    ratePerSecond: Math.max(5, options.units / 5),
    joinsPerSecond: options.shoppers / 4,
    claimWindowSeconds: 6,
    seed: options.seed,
    ...(options.onProgress && { onProgress: options.onProgress }),
  });
  const proof = await striking;
  const failures = [...result.failures];
  if (!proof.struck) failures.push(`the strike did not fall: ${proof.text}`);
  return { result, proof, failures };
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      shoppers: { type: "string", default: "1000" },
      units: { type: "string", default: "50" },
      only: { type: "string" },
      cluster: { type: "boolean", default: false },
      seed: { type: "string", default: String(Date.now() % 1_000_000) },
      verbose: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  const say = (text: string): void => void process.stdout.write(`${text}\n`);
  if (values.help) {
    say(HELP);
    return 0;
  }
  const chosen = (values.cluster ? CLUSTER_STRIKES : ALL_STRIKES).filter(
    ({ moment, victim }) => values.only === undefined || `${moment}/${victim}`.includes(values.only),
  );
  say(`seed ${values.seed}: ${chosen.length} runs of ${values.shoppers} shoppers and ${values.units} units`);
  let failed = 0;
  for (const [i, what] of chosen.entries()) {
    const begunAt = Date.now();
    const { result, proof, failures } = await runStrike(what, {
      shoppers: Number(values.shoppers),
      units: Number(values.units),
      seed: Number(values.seed) + i,
      cluster: values.cluster,
      ...(values.verbose && { onProgress: (text: string) => say(`    ${text}`) }),
    });
    if (failures.length > 0) failed++;
    const seconds = ((Date.now() - begunAt) / 1000).toFixed(0);
    say(
      `${failures.length === 0 ? "✓" : "✗"} ${what.moment} / ${what.victim} (${seconds} s): ${proof.text}, while ${JSON.stringify(proof.doing)}; ${result.report.sold} of ${result.report.units} sold, ${result.tally.reconnects} reconnects`,
    );
    for (const failure of failures) say(`    FAILED: ${failure}`);
  }
  say(failed === 0 ? `All ${chosen.length} runs held.` : `${failed} of ${chosen.length} runs failed.`);
  return failed === 0 ? 0 : 1;
}

if (process.argv[1] === import.meta.filename) process.exit(await main());
