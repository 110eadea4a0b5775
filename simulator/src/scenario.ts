// `npx pnpm scenario`: 10,000 shoppers over real sockets want 100 units. Some dawdle, some give back, some
// are declined, some leave. At the end exactly as many are sold as there were, and everything adds up.
import { parseArgs } from "node:util";
import { House } from "./house.ts";
import { type RushResult, runRush } from "./rush-run.ts";
import { runSale, type SaleRunResult } from "./sale-run.ts";

const HELP = `Runs a whole sale with a crowd over real sockets and checks what must be true at its end.

  npx pnpm scenario [--shoppers 10000] [--units 100] [--rate 20] [--joins 500]
                    [--gateways 2] [--workers 2] [--cluster] [--seed N]
  npx pnpm scenario --rush [--pools 10] …the same: a rush, without a line or a draw

With --cluster Redis is a cluster of three masters.

Exits 0 when all held, 1 when something did not.
`;

export function figures(result: SaleRunResult): string {
  const { latencies } = result.tally;
  const row = (name: string, of: keyof typeof latencies): string => {
    const { count, p50, p95, p99, max } = latencies[of];
    const ms = (value: number): string => value.toFixed(0).padStart(7);
    return `  ${name.padEnd(26)}${String(count).padStart(7)}${ms(p50)}${ms(p95)}${ms(p99)}${ms(max)}`;
  };
  const { seconds } = result;
  return [
    `  ${"ms".padEnd(26)}${"count".padStart(7)}${"p50".padStart(7)}${"p95".padStart(7)}${"p99".padStart(7)}${"max".padStart(7)}`,
    row("join", "join"),
    row("socket to namespace", "connect"),
    row("claim acknowledged", "claim"),
    row("payment and confirm", "checkout"),
    `  all joined after ${seconds.joined.toFixed(1)} s · first offer ${seconds.drawToFirstOffer.toFixed(2)} s after the draw's time · sold out ${seconds.drawToSoldOut.toFixed(1)} s after it · all told ${seconds.toldOutcome.toFixed(1)} s after the close`,
    `  checkouts ${JSON.stringify(result.tally.checkouts)} · refusals ${JSON.stringify(result.tally.refusals)} · reconnects ${result.tally.reconnects}`,
    `  units ${result.report.units}: sold ${result.report.sold}, returned ${result.report.returned}, held ${result.report.held}, free ${result.report.free}`,
    ...result.report.checks.map((check) => `  ${check.ok ? "✓" : "✗"} ${check.name}: ${check.detail}`),
  ].join("\n");
}

function rushFigures({ attempts, answers, secondsToSoldOut, report }: RushResult): string {
  const { count, p50, p95, p99, max } = attempts;
  const ms = [p50, p95, p99, max].map((value) => value.toFixed(0)).join(" / ");
  return [
    `  ${count} tries, p50 / p95 / p99 / max: ${ms} ms · sold out after ${secondsToSoldOut.toFixed(1)} s`,
    `  answers ${JSON.stringify(answers)}`,
    ...report.checks.map((check) => `  ${check.ok ? "✓" : "✗"} ${check.name}: ${check.detail}`),
  ].join("\n");
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      shoppers: { type: "string", default: "10000" },
      units: { type: "string", default: "100" },
      rate: { type: "string", default: "20" },
      joins: { type: "string", default: "500" },
      gateways: { type: "string", default: "2" },
      workers: { type: "string", default: "2" },
      cluster: { type: "boolean", default: false },
      seed: { type: "string", default: String(Date.now() % 1_000_000) },
      rush: { type: "boolean", default: false },
      pools: { type: "string", default: "10" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const say = (text: string): void => void process.stdout.write(`${text}\n`);
  const seed = Number(values.seed);
  say(`seed ${seed}: ${values.shoppers} shoppers, ${values.units} units`);
  const house = await House.open({
    gateways: Number(values.gateways),
    workers: Number(values.workers),
    cluster: values.cluster,
  });
  try {
    if (values.rush) {
      const rush = await runRush(house, {
        shoppers: Number(values.shoppers),
        units: Number(values.units),
        pools: Number(values.pools),
        ratePerSecond: Number(values.rate),
        shoppersPerSecond: Number(values.joins),
        seed,
        onProgress: (text) => say(`  ${text}`),
      });
      say(rushFigures(rush));
      for (const failure of rush.failures) say(`FAILED: ${failure}`);
      if (rush.failures.length === 0) say(`All held: ${rush.report.sold} of ${rush.report.units} sold.`);
      return rush.failures.length === 0 ? 0 : 1;
    }
    const result = await runSale(house, {
      shoppers: Number(values.shoppers),
      units: Number(values.units),
      ratePerSecond: Number(values.rate),
      joinsPerSecond: Number(values.joins),
      claimWindowSeconds: 5,
      seed,
      onProgress: (text) => say(`  ${text}`),
    });
    say(figures(result));
    for (const failure of result.failures) say(`FAILED: ${failure}`);
    if (result.failures.length === 0) say(`All held: ${result.report.sold} of ${result.report.units} sold.`);
    return result.failures.length === 0 ? 0 : 1;
  } finally {
    await house.close();
  }
}

if (process.argv[1] === import.meta.filename) process.exit(await main());
