// What the person at the terminal sees: a line for each step, the box when all is ready, trouble later on.
// A program that started us gets one JSON line on standard output and nothing else there.
import type { Writable } from "node:stream";
import type { FirstAdmin } from "./first-admin.ts";
import { countRepeats } from "./repeats.ts";

export type ReadyFacts = {
  url: string;
  /** Null without the demo. */
  shopUrl: string | null;
  saleId: string | null;
  /** Where the API key is kept; null when the environment gave it. */
  apiKeyFile: string | null;
  /** Where this start has made one: its password is shown here and nowhere else. */
  firstAdmin: FirstAdmin | null;
  dataDir: string;
  shoppers: number;
  processes: { name: string; pid: number }[];
};

export type Screen = {
  /** A step that begins. */
  step: (line: string) => void;
  /** Something a person should know, at any time. */
  note: (line: string) => void;
  /** A warning or error of one of our processes: shown to people; a program finds it in the logs. */
  trouble: (line: string) => void;
  ready: (facts: ReadyFacts) => void;
};

/** @param out standard output; everything but the ready line goes to `err` unless `out` is a terminal */
export function openScreen(out: Writable & { isTTY?: boolean }, err: Writable): Screen {
  const terminal = out.isTTY === true;
  const lines = terminal ? out : err;
  const repeats = countRepeats();
  // The terminal may be closed while we run; that is no reason to fall over.
  for (const stream of [out, err]) stream.on("error", () => {});
  return {
    step: (line) => lines.write(`  ${line}\n`),
    note: (line) => lines.write(`${line}\n`),
    trouble(line) {
      const text = terminal ? repeats(line, performance.now()) : undefined;
      if (text !== undefined) out.write(`${text}\n`);
    },
    ready: (facts) => out.write(terminal ? `\n${readyBox(facts)}\n` : `${readyLine(facts)}\n`),
  };
}

/** For programs. */
export function readyLine(facts: ReadyFacts): string {
  const { url, shopUrl, saleId, apiKeyFile, firstAdmin, dataDir } = facts;
  return JSON.stringify({
    ready: true,
    url,
    shop: shopUrl,
    sale: saleId === null ? null : { id: saleId, url: `${url}/s/${saleId}` },
    console: `${url}/console`,
    docs: `${url}/docs`,
    metrics: `${url}/metrics`,
    apiKeyFile,
    firstAdmin:
      firstAdmin === null || firstAdmin.password === null
        ? null
        : { email: firstAdmin.email, password: firstAdmin.password },
    // Till when the password above opens the console; alone: it is over, and nobody came.
    firstAdminUntil: firstAdmin?.until ?? null,
    dataDir,
  });
}

/** For people. */
export function readyBox(facts: ReadyFacts): string {
  const { url, shopUrl, saleId, apiKeyFile, firstAdmin, shoppers } = facts;
  const lines: string[] = ["Dropgate is ready.", ""];
  const fact = (name: string, text: string): void => void lines.push(`${name.padEnd(15)}${text}`);
  if (shopUrl !== null) fact("Shop", `${shopUrl}/`);
  if (saleId !== null) fact("Waiting room", `${url}/s/${saleId}`);
  fact("Console", `${url}/console`);
  if (firstAdmin !== null) {
    fact("First admin", firstAdmin.email);
    if (firstAdmin.password === null) {
      fact("", "Nobody came before its first password lapsed. This makes a new one:");
      fact("", `npx pnpm operator reset-password --email ${firstAdmin.email}`);
    } else {
      const until = firstAdmin.until === null ? "" : ` until ${new Date(firstAdmin.until).toUTCString()}`;
      fact("", `${firstAdmin.password}  (shown only now)`);
      fact("", `good${until} or the first sign-in, which asks for another one`);
    }
  }
  fact("API reference", `${url}/docs`);
  fact("Metrics", `${url}/metrics`);
  fact("API key", apiKeyFile === null ? "the one in BOOTSTRAP_API_KEY" : `in ${apiKeyFile}`);
  lines.push("");
  for (const { name, pid } of facts.processes) lines.push(`● ${name.padEnd(13)}running, process ${pid}`);
  if (shoppers > 0) lines.push("", `${shoppers} simulated shoppers are on their way.`);
  lines.push("", "Ctrl-C stops all of this and nothing else.");
  const width = Math.max(...lines.map((line) => line.length));
  const rule = "─".repeat(width + 2);
  return [`╭${rule}╮`, ...lines.map((line) => `│ ${line.padEnd(width)} │`), `╰${rule}╯`].join("\n");
}

/** A line of a process's log in words, if it is a warning or worse; undefined otherwise. */
export function troubleIn(name: string, line: string): string | undefined {
  let record: unknown;
  try {
    record = JSON.parse(line);
  } catch {
    // What is not one of our log lines was not meant for a log: a stack of a process that fell over, say.
    return line.trim() === "" ? undefined : `${name}: ${line}`;
  }
  if (typeof record !== "object" || record === null || !("level" in record)) return undefined;
  // pino writes numbers; the demo shop, which is not ours to its readers, writes words.
  const level = typeof record.level === "string" ? (LEVELS[record.level] ?? 0) : Number(record.level);
  if (!(level >= WARN)) return undefined;
  const message = "msg" in record ? String(record.msg) : line;
  return `${name}: ${level >= ERROR ? "error" : "warning"}: ${message}`;
}

// pino's levels.
const WARN = 40;
const ERROR = 50;
const LEVELS: Record<string, number> = { warn: WARN, error: ERROR, fatal: ERROR };
