// Makes sure of what the tests need and npm does not carry: a Redis server, a Chromium, the built page.
// Runs before the tests; says what it does, and the exact command when it cannot.
import { execFile, spawn } from "node:child_process";
import { constants } from "node:fs";
import { access, readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { findPostgresPrograms } from "./stores/postgres-programs.ts";
import { findRedisServer } from "./stores/redis-server.ts";
import { StoreUnavailable } from "./stores/store-process.ts";
import { buildWeb } from "./web-build.ts";

const ROOT = resolve(import.meta.dirname, "../..");
const DEBIAN_CHROMIUM = "/usr/bin/chromium";
const INSTALL_CHROMIUM = "apt-get update && apt-get install -y --no-install-recommends chromium";

/** What is missing, in a sentence; undefined when all is there. */
async function trouble(): Promise<string | undefined> {
  try {
    await findRedisServer(join(ROOT, ".cache"), { say: console.log });
    await findPostgresPrograms();
  } catch (error) {
    if (error instanceof StoreUnavailable) return error.message;
    throw error;
  }
  const chromium = await chromiumTrouble();
  if (chromium !== undefined) return chromium;
  try {
    await buildWeb(ROOT, console.log);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return undefined;
}

async function chromiumTrouble(): Promise<string | undefined> {
  const given = process.env["CHROMIUM_PATH"];
  if (given) {
    return (await runs(given)) ? undefined : `CHROMIUM_PATH is ${given}, but no Chromium runs from there.`;
  }
  if (await runs(DEBIAN_CHROMIUM)) return undefined;
  const debian = /^ID(_LIKE)?=.*\b(debian|ubuntu)\b/m.test(
    await readFile("/etc/os-release", "utf8").catch(() => ""),
  );
  if (debian && process.getuid?.() === 0) {
    console.log(`No Chromium at ${DEBIAN_CHROMIUM}: ${INSTALL_CHROMIUM}`);
    if ((await shell(INSTALL_CHROMIUM)) && (await runs(DEBIAN_CHROMIUM))) return undefined;
  }
  const how = debian ? `Install it with \`sudo sh -c '${INSTALL_CHROMIUM}'\`,` : "Install Chromium";
  return `The tests drive a real Chromium, and there is none at ${DEBIAN_CHROMIUM}. ${how} or set CHROMIUM_PATH to one.`;
}

async function runs(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    // On some systems the command is there and only says that the program is not.
    const { stdout } = await promisify(execFile)(path, ["--version", "--no-sandbox"]);
    return /chrom/i.test(stdout);
  } catch {
    return false;
  }
}

/** Runs it with its output visible; true when it went well. */
async function shell(command: string): Promise<boolean> {
  return await new Promise((done) => {
    const child = spawn("sh", ["-c", command], {
      stdio: ["ignore", "inherit", "inherit"],
      env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
    });
    child.once("error", () => done(false));
    child.once("exit", (code) => done(code === 0));
  });
}

const missing = await trouble();
if (missing !== undefined) {
  console.error(missing);
  process.exit(1);
}
