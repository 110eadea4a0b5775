// `npx pnpm capacity`: what a crowd needs, from the costs that the benchmarks measured last.
import { readFile, writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { ROOT } from "../child.ts";
import { keptResults } from "../results.ts";
import { CAPACITY_ROWS, capacityTable, costsTable } from "./capacity-table.ts";
import { measuredCosts, SOURCES } from "./measured-costs.ts";
import { type Costs, planCapacity } from "./plan-capacity.ts";

const HELP = `Says what a crowd needs in gateways, Redis, PostgreSQL and network, from what npx pnpm bench measured.

  npx pnpm capacity [--waiting 100000] [--join-seconds 60] [--rate 100]
  npx pnpm capacity --write     writes the tables of docs/capacity.md anew

  --waiting       people in the lobby and the line
  --join-seconds  over how long they come
  --rate          offers a second
`;
const PAGE = resolve(ROOT, "docs/capacity.md");
const BEGIN = "<!-- figures: written by npx pnpm capacity --write -->";
const END = "<!-- /figures -->";
/** The crowds of the page, with offers a second such as their sales would have. */
const CROWDS = [
  ["10,000", { waiting: 10_000, joinSeconds: 10, ratePerSecond: 20 }],
  ["100,000", { waiting: 100_000, joinSeconds: 60, ratePerSecond: 50 }],
  ["1 million", { waiting: 1_000_000, joinSeconds: 300, ratePerSecond: 100 }],
  ["10 million", { waiting: 10_000_000, joinSeconds: 900, ratePerSecond: 500 }],
] as const;

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      waiting: { type: "string", default: "100000" },
      "join-seconds": { type: "string", default: "60" },
      rate: { type: "string", default: "100" },
      write: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const crowd = {
    waiting: Number(values.waiting),
    joinSeconds: Number(values["join-seconds"]),
    ratePerSecond: Number(values.rate),
  };
  if (Object.values(crowd).some((value) => !(value > 0 && Number.isFinite(value)))) {
    process.stderr.write(`Each of --waiting, --join-seconds and --rate is a number above 0.\n\n${HELP}`);
    return 2;
  }
  let costs: Costs;
  try {
    costs = measuredCosts(await keptResults([...new Set(Object.values(SOURCES).map(({ row }) => row))]));
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  }
  if (values.write) await write(costs);
  const plan = planCapacity(crowd, costs);
  const { waiting, joinSeconds, ratePerSecond } = crowd;
  process.stdout.write(
    `${waiting} people who come within ${joinSeconds} s; ${ratePerSecond} offers a second:\n`,
  );
  for (const [name, tell] of CAPACITY_ROWS) process.stdout.write(`  ${name.padEnd(58)} ${tell(plan)}\n`);
  return 0;
}

async function write(costs: Costs): Promise<void> {
  const page = await readFile(PAGE, "utf8");
  const from = page.indexOf(BEGIN);
  const to = page.indexOf(END);
  if (from === -1 || to < from) throw new Error(`docs/capacity.md has no ${BEGIN} … ${END}`);
  const columns = CROWDS.map(
    ([name, crowd]) =>
      [`${name} in ${crowd.joinSeconds} s, ${crowd.ratePerSecond}/s`, planCapacity(crowd, costs)] as const,
  );
  const text = `${costsTable(costs)}\n\n${capacityTable(columns)}`;
  await writeFile(PAGE, `${page.slice(0, from)}${BEGIN}\n\n${text}\n\n${page.slice(to)}`);
}

process.exit(await main());
