// Builds the page when its sources are not those it was built from. Compared by content: a fresh clone, a
// checkout of another branch and a touched file all have misleading times.
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { promisify } from "node:util";
import { errorCode, readIfPresent } from "./stores/kept-file.ts";

export type WebBuild = "fresh" | "built" | "no sources";

/** What the page is made of: its own folder, and those whose code it takes in. */
const SOURCES = ["web", "contracts/src", "draw/src", "pnpm-lock.yaml"];
const NOT_SOURCES = new Set(["node_modules", "dist", "test-results"]);
/** In this order: the first empties the folder. */
const CONFIGS = ["vite.config.ts", "vite.console.config.ts"];
const VITE = "node_modules/vite/bin/vite.js";

/**
 * @param root the checkout
 * @param say gets a line before something takes long
 * @throws with the build's own output when it fails
 */
export async function buildWeb(root: string, say: (line: string) => void): Promise<WebBuild> {
  const web = join(root, "web");
  if ((await readIfPresent(join(web, "package.json"))) === undefined || !(await exists(join(web, "src")))) {
    return "no sources";
  }
  if ((await readdir(join(web, "src"))).length === 0) return "no sources";
  const hash = await hashOf(root, SOURCES);
  const mark = join(web, "dist", ".sources");
  if ((await readIfPresent(mark)) === hash) return "fresh";
  say("Building the page …");
  try {
    await rm(mark, { force: true });
    for (const config of CONFIGS) {
      await promisify(execFile)(process.execPath, [VITE, "build", "--logLevel", "warn", "--config", config], {
        cwd: web,
        env: { ...process.env, NODE_ENV: "production" },
      });
    }
  } catch (error) {
    const output = [field(error, "stdout"), field(error, "stderr")].join("\n").trim();
    throw new Error(`The page could not be built:\n${output || String(error)}`, { cause: error });
  }
  await writeFile(mark, hash);
  return "built";
}

/** SHA-256 over the paths and contents of all files below `sources`, in order of path. */
export async function hashOf(root: string, sources: string[]): Promise<string> {
  const files: string[] = [];
  for (const source of sources) await collect(join(root, source), files);
  const hash = createHash("sha256");
  for (const file of files.toSorted()) {
    const content = await readFile(file);
    hash.update(`${relative(root, file)}\0${content.length}\0`).update(content);
  }
  return hash.digest("hex");
}

async function collect(path: string, into: string[]): Promise<void> {
  let entries: import("node:fs").Dirent[];
  try {
    entries = await readdir(path, { withFileTypes: true });
  } catch (error) {
    if (errorCode(error) === "ENOTDIR") into.push(path);
    else if (errorCode(error) !== "ENOENT") throw error;
    return;
  }
  for (const entry of entries) {
    if (NOT_SOURCES.has(entry.name)) continue;
    // Tests beside the sources are not in the page.
    if (entry.isDirectory()) await collect(join(path, entry.name), into);
    else if (entry.isFile() && !/\.test\.tsx?$/.test(entry.name)) into.push(join(path, entry.name));
  }
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined;
}

function field(error: unknown, name: "stdout" | "stderr"): string {
  if (typeof error !== "object" || error === null || !(name in error)) return "";
  return String(Object.entries(error).find(([key]) => key === name)?.[1] ?? "");
}
