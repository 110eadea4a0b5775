// `npx pnpm start`: all of Dropgate on this machine, until Ctrl-C.
import { resolve } from "node:path";
import { createInterface } from "node:readline/promises";
import { readSettings } from "@dropgate/contracts/settings";
import { StoreUnavailable } from "../stores/store-process.ts";
import { callUndertaker } from "../stores/undertaker.ts";
import { bringUp, CannotStart } from "./bring-up.ts";
import { type DataDirectory, emptyDataDirectory, endLeftovers, openDataDirectory } from "./data-directory.ts";
import { type Flags, helpText, parseFlags } from "./flags.ts";
import { openHouse } from "./house.ts";
import { watchLaunchers } from "./launchers.ts";
import { nodeTrouble, portTrouble, raiseOpenFiles } from "./machine.ts";
import { openRoster } from "./roster.ts";
import { openScreen } from "./screen.ts";
import { onWish } from "./signals.ts";

const ROOT = resolve(import.meta.dirname, "../../..");
/** Whoever still uses the stores after we were killed may finish first. */
const UNDERTAKER_WAITS_SECONDS = 3;
/** All is gone within 10 s of the wish to stop, by force if need be. */
const GONE_WITHIN_MS = 9_300;

async function main(): Promise<number> {
  const screen = openScreen(process.stdout, process.stderr);
  const parsed = parseFlags(process.argv.slice(2), process.env);
  if (!parsed.ok) {
    screen.note(parsed.sentence);
    return 1;
  }
  const { flags } = parsed;
  if (parsed.help) {
    process.stdout.write(helpText());
    return 0;
  }
  const files = await raiseOpenFiles();
  const trouble =
    nodeTrouble(process.versions) ??
    (files.stop ? files.trouble : undefined) ??
    settingsTrouble(process.env, flags.host);
  if (trouble !== undefined) {
    screen.note(trouble);
    return 1;
  }
  if (files.trouble !== undefined) screen.note(files.trouble);

  const opened = await openDataDirectory(flags.dataDir);
  if (!opened.ok) {
    screen.note(opened.sentence);
    return 1;
  }
  const { directory } = opened;
  try {
    return await runOn(directory, flags, screen);
  } finally {
    await directory.release();
  }
}

async function runOn(
  directory: DataDirectory,
  flags: Flags,
  screen: ReturnType<typeof openScreen>,
): Promise<number> {
  const stopping = new AbortController();
  const house = openHouse();
  const wish = onWish({
    stop(why) {
      screen.note(why === "launcher" ? "Whoever started this is gone: stopping …" : "Stopping …");
      stopping.abort(new Error("asked to stop"));
    },
    endAtOnce() {
      screen.note("Ending at once.");
      const exit = (): never => process.exit(130);
      void house.kill().then(exit, exit);
    },
  });
  watchLaunchers(() => wish("launcher"));

  await endLeftovers(directory);
  if (flags.fresh && !(await mayEmpty(directory, flags, screen, stopping.signal))) return 1;
  if (flags.fresh) await emptyDataDirectory(directory);
  const inUse = await portTrouble(flags.host, flags.port);
  if (inUse !== undefined) {
    screen.note(inUse);
    return 1;
  }
  const roster = openRoster(directory.roster);
  const undertaker = callUndertaker(UNDERTAKER_WAITS_SECONDS);
  const site = {
    root: ROOT,
    env: process.env,
    signal: stopping.signal,
    flags,
    directory,
    roster,
    house,
    screen,
    undertaker,
  };
  let code = 0;
  try {
    screen.ready(await bringUp(site));
    await aborted(stopping.signal);
  } catch (error) {
    if (!stopping.signal.aborted) {
      code = 1;
      const known = error instanceof CannotStart || error instanceof StoreUnavailable;
      screen.note(known ? error.message : `This is a bug in Dropgate's start: ${describe(error)}`);
    }
  }
  const late = setTimeout(() => void house.kill(), GONE_WITHIN_MS);
  await house.stop();
  clearTimeout(late);
  undertaker.dismiss();
  openRoster(directory.roster);
  return code;
}

/** Settings that our processes would refuse stop the start before anything runs. */
function settingsTrouble(env: Record<string, string | undefined>, host: string): string | undefined {
  // What we make ourselves when it is not given.
  const made = {
    REDIS_URL: "redis://made",
    DATABASE_URL: "postgres://made",
    DROPGATE_SECRET: "made".repeat(8),
    // Listening everywhere, each visitor calls us by another name, and nobody but the operator knows the right one.
    ...(host !== "0.0.0.0" && host !== "::" && { PUBLIC_URL: "http://made" }),
  };
  // PORT and HOST were read with the flags, which override them.
  const given = Object.entries(env).filter(([name, value]) => value && name !== "PORT" && name !== "HOST");
  const read = readSettings({ ...made, ...Object.fromEntries(given) });
  return read.ok ? undefined : read.sentences.join("\n");
}

async function mayEmpty(
  directory: DataDirectory,
  flags: Flags,
  screen: ReturnType<typeof openScreen>,
  signal: AbortSignal,
): Promise<boolean> {
  if (flags.yes) return true;
  if (!process.stdin.isTTY || !process.stdout.isTTY) {
    screen.note("--fresh empties the data directory and nobody is here to be asked. Add --yes to answer it.");
    return false;
  }
  const prompt = createInterface({ input: process.stdin, output: process.stdout });
  try {
    const question = `Remove all sales, orders and keys kept in ${directory.path}? Type yes: `;
    const answer = await prompt.question(question, { signal });
    if (answer.trim().toLowerCase() === "yes") return true;
    screen.note("Nothing was removed. Start without --fresh to go on with what is there.");
    return false;
  } catch {
    // Ctrl-C at the question.
    return false;
  } finally {
    prompt.close();
  }
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  // An abort alone does not keep this process awake; its children do while there are any.
  const awake = setInterval(() => {}, 60_000);
  await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
  clearInterval(awake);
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`This is a bug in Dropgate's start: ${describe(error)}\n`);
    process.exit(1);
  },
);
