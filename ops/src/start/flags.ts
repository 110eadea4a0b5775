// What the one command understands: its flags, and the text that explains them.
import { parseArgs } from "node:util";
import { settingsSchema } from "@dropgate/contracts/settings";

export type Flags = {
  /** 0 means any free one. */
  port: number;
  host: string;
  dataDir: string;
  gateways: number;
  workers: number;
  /** Whether Redis is a cluster of three masters, each with a replica. */
  cluster: boolean;
  /** How many simulated shoppers are sent. */
  demoShoppers: number;
  /** Whether there is a demo sale and shop. */
  demo: boolean;
  fresh: boolean;
  /** The question before emptying is answered. */
  yes: boolean;
};

export type ParsedFlags =
  | { ok: true; help: boolean; flags: Flags }
  /** What is wrong, in a sentence for the person who typed it. */
  | { ok: false; sentence: string };

/** More processes than this on one machine is a slip of the finger. */
const PROCESSES_MAX = 64;
const SHOPPERS_MAX = 1_000_000;

/**
 * Reads the command line.
 * @param args what stands after the program's name
 * @param env for PORT and HOST, which flags override
 */
export function parseFlags(args: string[], env: Record<string, string | undefined>): ParsedFlags {
  // `pnpm start -- --port 1` hands the separator on.
  const own = args[0] === "--" ? args.slice(1) : args;
  let values: ReturnType<typeof read>;
  try {
    values = read(own);
  } catch (error) {
    const text = error instanceof Error ? error.message.split(". ")[0] : String(error);
    return { ok: false, sentence: `${text}. \`npx pnpm start --help\` lists all flags.` };
  }
  const wrong: string[] = [];
  const count = (name: string, text: string, lowest: number, highest: number): number => {
    const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= lowest && value <= highest) return value;
    wrong.push(
      `${name} is ${JSON.stringify(text)}; a whole number from ${lowest} to ${highest} is expected.`,
    );
    return lowest;
  };
  const flags: Flags = {
    port: count("--port", values.port ?? filled(env["PORT"]) ?? "8080", 0, 65_535),
    host: values.host ?? filled(env["HOST"]) ?? "127.0.0.1",
    dataDir: values["data-dir"],
    gateways: count("--gateways", values.gateways, 1, PROCESSES_MAX),
    workers: count("--workers", values.workers, 1, PROCESSES_MAX),
    cluster: values.cluster,
    demoShoppers: values.demo === undefined ? 0 : count("--demo", values.demo, 1, SHOPPERS_MAX),
    demo: !values["no-demo"],
    fresh: values.fresh,
    yes: values.yes,
  };
  if (values["no-demo"] && values.demo !== undefined) {
    wrong.push("--demo and --no-demo exclude each other: simulated shoppers need the demo sale.");
  }
  if (flags.cluster && filled(env["REDIS_URL"]) !== undefined) {
    wrong.push(
      "--cluster starts a cluster of its own, and REDIS_URL names a Redis that runs: leave one of them out.",
    );
  }
  if (flags.dataDir.trim() === "") wrong.push("--data-dir is empty; a folder is expected.");
  if (wrong.length > 0) return { ok: false, sentence: wrong.join("\n") };
  return { ok: true, help: values.help, flags };
}

// The return type is what parseArgs makes of this very configuration.
// oxlint cannot know it, TypeScript does.
function read(args: string[]) {
  return parseArgs({
    args,
    strict: true,
    allowPositionals: false,
    options: {
      port: { type: "string" },
      host: { type: "string" },
      "data-dir": { type: "string", default: ".dropgate" },
      gateways: { type: "string", default: "1" },
      workers: { type: "string", default: "1" },
      cluster: { type: "boolean", default: false },
      demo: { type: "string" },
      "no-demo": { type: "boolean", default: false },
      fresh: { type: "boolean", default: false },
      yes: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  }).values;
}

function filled(text: string | undefined): string | undefined {
  return text === undefined || text.trim() === "" ? undefined : text;
}

/** All of `--help`; the environment variables come from the schema that the processes check. */
export function helpText(): string {
  const variables = Object.entries(settingsSchema.shape)
    // Set for each process by the start itself.
    .filter(([name]) => name !== "PROCESS_NAME")
    .map(([name, schema]) => `  ${name.padEnd(35)}${START_SAYS[name] ?? schema.description ?? ""}`);
  return `Starts all of Dropgate on this machine and stops it again with Ctrl-C.

  npx pnpm start [flags]

  --port 8080            where the gateway listens; 0 takes any free port
  --host 127.0.0.1       the address it listens on; 0.0.0.0 lets other machines in
  --data-dir .dropgate   what is kept for the next start: both stores, secrets, logs
  --gateways 1           how many gateway processes share the port
  --workers 1            how many queue workers run
  --cluster              three Redis masters with a replica each instead of one Redis
  --demo N               sends N simulated shoppers to the demo sale
  --no-demo              no demo sale, shop, simulated warehouse or shoppers
  --fresh                empties the data directory first, after asking
  --yes                  answers that question, for scripts
  --help                 this text

Environment
${variables.join("\n")}

Files in the data directory
  processes.json         what runs now: name, process id, url
  api-key                an API key with every scope, made at the first start
  wms-secret             signs messages to and from warehouses, made at the first start
  logs/                  one log for each process, JSON lines
`;
}

/** Where the start adds to what the schema says. */
const START_SAYS: Record<string, string> = {
  REDIS_URL:
    "redis://… of a Redis 7.0 or later, of a cluster some by comma; without it one is started in the data directory",
  DATABASE_URL: "postgres://… of a PostgreSQL 16 or later; without it one is started in the data directory",
  DROPGATE_SECRET: "signs cookies and tokens, 32 or more characters; without it one is made and kept",
  WMS_URL: "where warehouses are asked; without it, and with the demo, the simulated one is",
  WMS_SECRET: "signs messages to and from warehouses, 16 or more characters; without it one is made and kept",
  BOOTSTRAP_API_KEY: "an API key with every scope, 16 or more characters; without it one is made and kept",
};
