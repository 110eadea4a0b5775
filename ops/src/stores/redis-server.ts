// Finds a Redis server program, because nothing on npm carries one that runs on Debian 12's C library:
// from the PATH, else fetched from the system's own package archive into the project's cache, else the
// reader is told the command that installs one.
import { execFile } from "node:child_process";
import { constants } from "node:fs";
import { access, mkdir, mkdtemp, readdir, readFile, rename, rm } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { StoreUnavailable } from "./store-process.ts";

const run = promisify(execFile);

/** A server program that was seen to run, and the environment it needs. */
export type RedisServer = { path: string; version: string; env: NodeJS.ProcessEnv };

const PROGRAMS = ["redis-server", "valkey-server"];
const LOWEST_MAJOR = 7;
/** What Debian and Ubuntu put into separate packages; the C library, OpenSSL and systemd are everywhere. */
const DEBIAN_PACKAGES = ["redis-server", "redis-tools", "libjemalloc2", "liblzf1", "libatomic1"];

export type SearchOptions = {
  /** The PATH that is searched; ours by default. */
  searchPath?: string;
  /** false: none is downloaded. */
  mayFetch?: boolean;
  /** Gets a line before something takes long. */
  say?: (line: string) => void;
};

/**
 * A server of Redis 7.0 or later, or Valkey.
 * @param cacheDir where a fetched one is kept
 * @throws StoreUnavailable with the command that mends it
 */
export async function findRedisServer(cacheDir: string, options: SearchOptions = {}): Promise<RedisServer> {
  const { searchPath = process.env["PATH"] ?? "", mayFetch = true, say = () => {} } = options;
  let tooOld: RedisServer | undefined;
  for (const directory of searchPath.split(delimiter).filter((entry) => entry !== "")) {
    for (const program of PROGRAMS) {
      const found = await tryServer(join(directory, program), {});
      if (found === undefined) continue;
      if (majorVersion(found.version) >= LOWEST_MAJOR) return found;
      tooOld ??= found;
    }
  }
  const cached = await fetchedServer(cacheDir);
  if (cached !== undefined) return cached;
  const fetched = mayFetch ? await fetchForDebian(cacheDir, say) : undefined;
  if (fetched !== undefined) return fetched;
  const found =
    tooOld === undefined
      ? "No Redis server was found on the PATH."
      : `The Redis server at ${tooOld.path} is version ${tooOld.version}; Dropgate needs 7.0 or later.`;
  throw new StoreUnavailable(`${found} ${await howToInstall()}, or set REDIS_URL to a server that runs.`);
}

/** The leading number of "7.0.15"; NaN becomes 0. */
export function majorVersion(version: string): number {
  return Number.parseInt(version, 10) || 0;
}

async function tryServer(path: string, env: NodeJS.ProcessEnv): Promise<RedisServer | undefined> {
  try {
    await access(path, constants.X_OK);
    const { stdout } = await run(path, ["--version"], { env: { ...process.env, ...env } });
    const version = /v=(\d+\.\d+\.\d+)/.exec(stdout)?.[1];
    if (version === undefined) return undefined;
    // Valkey counts on from Redis 7.2, so one rule fits both.
    return { path, version, env };
  } catch {
    return undefined;
  }
}

async function fetchedServer(cacheDir: string): Promise<RedisServer | undefined> {
  const root = join(cacheDir, "redis-server");
  let triplets: string[];
  try {
    triplets = await readdir(join(root, "usr/lib"));
  } catch {
    return undefined;
  }
  const libraries = triplets
    .filter((name) => name.includes("linux-gnu"))
    .map((name) => join(root, "usr/lib", name));
  return await tryServer(join(root, "usr/bin/redis-server"), { LD_LIBRARY_PATH: libraries.join(delimiter) });
}

/** Downloads and unpacks Debian's own packages without installing them; needs no root, about 1.4 MB. */
async function fetchForDebian(
  cacheDir: string,
  say: (line: string) => void,
): Promise<RedisServer | undefined> {
  if (!(await isDebianLike())) return undefined;
  await mkdir(cacheDir, { recursive: true });
  const work = await mkdtemp(join(cacheDir, "redis-fetch-"));
  try {
    say("Fetching a Redis server from the system's package archive (1.4 MB) …");
    const lists = join(work, "lists");
    await mkdir(join(lists, "partial"), { recursive: true });
    const download = (options: string[]): Promise<unknown> =>
      run("apt-get", [...options, "download", ...DEBIAN_PACKAGES], { cwd: work });
    try {
      await download([]);
    } catch {
      // Fresh images carry no package lists; lists of our own can be fetched by anyone.
      const own = [
        "-o",
        `Dir::State::Lists=${lists}`,
        "-o",
        `Dir::Cache=${work}`,
        "-o",
        "APT::Sandbox::User=",
      ];
      await run("apt-get", [...own, "update"], { cwd: work });
      await download(own);
    }
    const root = join(work, "root");
    for (const file of (await readdir(work)).filter((name) => name.endsWith(".deb"))) {
      await run("dpkg", ["-x", join(work, file), root]);
    }
    await rm(join(cacheDir, "redis-server"), { recursive: true, force: true });
    await rename(root, join(cacheDir, "redis-server"));
  } catch (error) {
    say(`That failed: ${error instanceof Error ? error.message.split("\n")[0] : String(error)}`);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  return await fetchedServer(cacheDir);
}

async function osRelease(): Promise<string> {
  try {
    return await readFile("/etc/os-release", "utf8");
  } catch {
    return "";
  }
}

async function isDebianLike(): Promise<boolean> {
  return /^ID(_LIKE)?=.*\b(debian|ubuntu)\b/m.test(await osRelease());
}

async function howToInstall(): Promise<string> {
  const release = await osRelease();
  if (process.platform === "darwin") return "Install one with `brew install redis`";
  if (/\b(debian|ubuntu)\b/.test(release)) {
    return "Install one with `sudo apt-get update && sudo apt-get install -y redis-server`";
  }
  if (/\b(fedora|rhel|centos)\b/.test(release)) return "Install one with `sudo dnf install -y valkey`";
  if (/\balpine\b/.test(release)) return "Install one with `apk add redis`";
  if (/\barch\b/.test(release)) return "Install one with `sudo pacman -S valkey`";
  return "Install Redis 7.0 or later, or Valkey";
}
