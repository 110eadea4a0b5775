// What `npx pnpm loadtest` may be told, and what it says when that is not right.
import { parseArgs } from "node:util";
import { LOAD_TESTS } from "@dropgate/loadtest/runs/all";
import { type LoadTest, PLACE_VARIABLES } from "@dropgate/loadtest/runs/load-test";

export interface LoadTestFlags {
  test: LoadTest;
  engine: "k6" | "node" | undefined;
  /** One that runs; else the Node engine starts its own. */
  url: string | undefined;
  apiKey: string | undefined;
  drivers: number;
  gateways: number;
  workers: number;
  /** NAME=VALUE words, over what the environment says. */
  variables: Record<string, string>;
}

export type ReadFlags =
  | { ok: true; flags: LoadTestFlags }
  | { ok: true; help: string }
  | { ok: false; sentence: string };

export const USAGE = `Load tests: crowds of shoppers against a Dropgate, with thresholds that fail the run.

  npx pnpm loadtest <name> [NAME=VALUE …] [--engine k6|node] [--url … --api-key …]
                    [--drivers N] [--gateways 2] [--workers 2]

${LOAD_TESTS.map(({ name, shows }) => `  ${name.padEnd(17)}${shows}`).join("\n")}

  --engine   k6 when it is on the PATH; node runs the same shoppers with our own driver
  --url      a gateway that runs, with --api-key; without it the Node engine starts a Dropgate of its own
  --drivers  processes (k6: VUs) that carry the crowd; each may open as many sockets as the system lets it
  --help     with a name: what that test may be told

Ends with 0 when all thresholds held, 1 when one did not, 2 when it could not begin.
`;

/** How many sockets a driver process is trusted with when nothing is said: systems allow fewer files than one thinks. */
const SHOPPERS_PER_DRIVER = 10_000;

export function usageOf(test: LoadTest): string {
  const row = (name: string, says: string): string => `  ${name.padEnd(16)}${says}`;
  return [
    `${test.name}: ${test.shows}.`,
    "",
    ...Object.entries(test.knobs).map(([name, { otherwise, says }]) => row(name, `${says} (${otherwise})`)),
    ...Object.entries(PLACE_VARIABLES).map(([name, says]) => row(name, says)),
    "",
  ].join("\n");
}

export function readFlags(args: string[]): ReadFlags {
  let parsed;
  try {
    parsed = parseArgs({
      args,
      allowPositionals: true,
      options: {
        engine: { type: "string" },
        url: { type: "string" },
        "api-key": { type: "string" },
        drivers: { type: "string" },
        gateways: { type: "string", default: "2" },
        workers: { type: "string", default: "2" },
        help: { type: "boolean", default: false },
      },
    });
  } catch (error) {
    return { ok: false, sentence: error instanceof Error ? error.message : String(error) };
  }
  const { values, positionals } = parsed;
  const [name, ...words] = positionals;
  const test = LOAD_TESTS.find((one) => one.name === name);
  if (test === undefined) {
    if (values.help || name === undefined) return { ok: true, help: USAGE };
    return { ok: false, sentence: `There is no load test ${name}.` };
  }
  if (values.help) return { ok: true, help: usageOf(test) };
  const { engine } = values;
  if (engine !== undefined && engine !== "k6" && engine !== "node") {
    return { ok: false, sentence: `--engine is "${engine}": k6 or node.` };
  }
  const variables: Record<string, string> = {};
  for (const word of words) {
    const [, key, value] = /^([A-Z][A-Z0-9_]*)=(.*)$/.exec(word) ?? [];
    if (key === undefined || value === undefined || !(key in test.knobs || key in PLACE_VARIABLES)) {
      return { ok: false, sentence: `${test.name} knows no ${word}; --help tells what it may be told.` };
    }
    variables[key] = value;
  }
  const shoppers = Number(variables["SHOPPERS"] ?? test.knobs["SHOPPERS"]?.otherwise ?? 0);
  const drivers = values.drivers ?? String(Math.max(1, Math.ceil(shoppers / SHOPPERS_PER_DRIVER)));
  const counts = { drivers, gateways: values.gateways, workers: values.workers };
  for (const [flag, text] of Object.entries(counts)) {
    if (!/^[1-9]\d{0,2}$/.test(text))
      return { ok: false, sentence: `--${flag} is "${text}": a number from 1.` };
  }
  return {
    ok: true,
    flags: {
      test,
      engine,
      url: values.url,
      apiKey: values["api-key"],
      drivers: Number(counts.drivers),
      gateways: Number(counts.gateways),
      workers: Number(counts.workers),
      variables,
    },
  };
}
