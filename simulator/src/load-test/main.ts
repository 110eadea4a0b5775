// `npx pnpm loadtest <name>`: with k6 where it is installed, else with our own driver, against a Dropgate that runs or
// one of its own.
import { spawn, spawnSync } from "node:child_process";
import { resolve } from "node:path";
import { figureTable } from "@dropgate/loadtest/runs/figures";
import { readEnvironment } from "@dropgate/loadtest/runs/load-test";
import { type NodeRun, runInNode } from "@dropgate/loadtest/runs/node-run";
import { reportLines } from "@dropgate/loadtest/runs/office";
import { House } from "../house.ts";
import { type LoadTestFlags, readFlags, USAGE } from "./flags.ts";
import { cpuSeconds, gatewayMemory, killGateway, memoryLine } from "./strike.ts";

const ROOT = resolve(import.meta.dirname, "../../..");
const WITHOUT_K6 = `k6 is not on the PATH. It is one program: https://grafana.com/docs/k6/latest/set-up/install-k6/ tells how to get it
(version 1.0 or later, which reads TypeScript). \`--engine node\` runs the same shoppers with our own driver.
`;

const say = (text: string): void => void process.stdout.write(`${text}\n`);
const complain = (text: string): void => void process.stderr.write(`${text}\n`);

async function main(): Promise<number> {
  const read = readFlags(process.argv.slice(2));
  if (!read.ok) {
    complain(`${read.sentence}\n\n${USAGE}`);
    return 2;
  }
  if ("help" in read) {
    say(read.help);
    return 0;
  }
  const { flags } = read;
  if (flags.engine === "node") return runNode(flags);
  if (spawnSync("k6", ["version"], { stdio: "ignore" }).status === 0) return runK6(flags);
  complain(WITHOUT_K6);
  return 2;
}

function environmentOf({ variables, url, apiKey }: LoadTestFlags): Record<string, string | undefined> {
  return {
    ...process.env,
    ...(url !== undefined && { GATEWAY_URL: url }),
    ...(apiKey !== undefined && { API_KEY: apiKey }),
    ...variables,
  };
}

/** k6 judges and reports by itself; its exit code is ours. */
function runK6(flags: LoadTestFlags): Promise<number> {
  const env = environmentOf(flags);
  const read = readEnvironment(flags.test, env);
  if (!read.ok) {
    complain(read.sentences.join("\n"));
    return Promise.resolve(2);
  }
  const script = resolve(ROOT, "loadtest", `${flags.test.name}.ts`);
  const child = spawn("k6", ["run", script], {
    stdio: "inherit",
    env: { ...env, VUS: env["VUS"] ?? String(Math.max(20, flags.drivers)) },
  });
  return new Promise((ended) => {
    child.once("error", (error) => {
      complain(error.message);
      ended(2);
    });
    child.once("exit", (code) => ended(code ?? 1));
  });
}

async function runNode(flags: LoadTestFlags): Promise<number> {
  const { test, gateways, workers } = flags;
  const given = environmentOf(flags);
  const isOwn = given["GATEWAY_URL"] === undefined;
  if (isOwn) say(`starting a Dropgate with ${gateways} gateways and ${workers} workers…`);
  const house = isOwn ? await House.open({ gateways, workers }) : null;
  try {
    const read = readEnvironment(
      test,
      house === null ? given : { ...given, GATEWAY_URL: house.url, API_KEY: house.apiKey },
    );
    if (!read.ok) {
      complain(read.sentences.join("\n"));
      return 2;
    }
    const { numbers, place } = read;
    const before = house === null ? null : await gatewayMemory(house);
    const cpuBefore = house === null ? {} : await cpuSeconds(house);
    const run = await runInNode({
      test,
      numbers,
      place,
      drivers: flags.drivers,
      say: (text) => say(`  ${text}`),
      onMoment: (moment) => {
        if (house === null) return;
        if (moment === "strike") void killGateway(house).then((text) => say(`  ${text}`));
        else void tellMemory(house, before, numbers["SHOPPERS"] ?? 0);
      },
    });
    tell(run);
    if (house !== null) tellCpu(cpuBefore, await cpuSeconds(house), run.cpuSeconds);
    return run.ok ? 0 : 1;
  } finally {
    await house?.close();
  }
}

async function tellMemory(
  house: House,
  before: Record<string, number> | null,
  shoppers: number,
): Promise<void> {
  const after = await gatewayMemory(house);
  if (before !== null && after !== null) say(`  ${memoryLine(before, after, shoppers)}`);
}

/** On a machine that others use too, this says more than the times do. */
function tellCpu(before: Record<string, number>, after: Record<string, number>, drivers: number[]): void {
  const spent = Object.entries(after)
    .filter(([name]) => /^(gateway|worker|redis)/.test(name))
    .map(([name, seconds]) => `${name} ${Math.max(0, seconds - (before[name] ?? 0)).toFixed(1)}`);
  say(
    `CPU seconds: ${[...spent, ...drivers.map((seconds, i) => `driver ${i + 1} ${seconds.toFixed(1)}`)].join(", ")}`,
  );
}

function tell({ figures, judged, report, ok }: NodeRun): void {
  say(figureTable(figures));
  for (const line of reportLines(report)) say(line);
  for (const { metric, threshold, value, holds } of judged) {
    say(`${holds ? "✓" : "✗"} ${metric} ${threshold}${holds ? "" : `, and is ${value.toFixed(2)}`}`);
  }
  say(ok ? "All thresholds held." : "Thresholds did not hold.");
}

process.exitCode = await main();
