// The page as it is shipped, built again only when its sources are newer: a test of yesterday's page proves nothing.
import { execFile } from "node:child_process";
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const web = fileURLToPath(new URL("../../../web/", import.meta.url));
const client = fileURLToPath(new URL("../../../client/src/", import.meta.url));
const contracts = fileURLToPath(new URL("../../../contracts/src/", import.meta.url));
const draw = fileURLToPath(new URL("../../../draw/src/", import.meta.url));

export interface BuiltPage {
  /** `index.html`, to be filled. */
  template: string;
  /** What lies at each path under `/assets/`: read once, for another build may replace the files meanwhile. */
  assets: ReadonlyMap<string, Buffer>;
}

export async function builtPage(): Promise<BuiltPage> {
  const sources = [
    join(web, "src"),
    client,
    contracts,
    draw,
    join(web, "index.html"),
    join(web, "vite.config.ts"),
  ];
  const changed = Math.max(...(await Promise.all(sources.map(newestChange))));
  const built = await newestChange(join(web, "dist", "index.html"));
  if (built < changed) {
    const vite = join(web, "node_modules", "vite", "bin", "vite.js");
    // The console too: the first empties the folder of both.
    for (const config of ["vite.config.ts", "vite.console.config.ts"]) {
      await promisify(execFile)(process.execPath, [vite, "build", "--config", config], {
        cwd: web,
        // Not a test's: that would build the libraries' debugging halves in.
        env: { ...process.env, NODE_ENV: "production" },
      });
    }
  }
  const assets = new Map<string, Buffer>();
  for (const name of await readdir(join(web, "dist", "assets"))) {
    assets.set(`/assets/${name}`, await readFile(join(web, "dist", "assets", name)));
  }
  return { template: await readFile(join(web, "dist", "index.html"), "utf8"), assets };
}

/** The latest change in a file or folder, in ms since 1970; 0 when there is none. */
async function newestChange(path: string): Promise<number> {
  const found = await stat(path).catch(() => null);
  if (found === null) return 0;
  if (!found.isDirectory()) return found.mtimeMs;
  const names = await readdir(path, { recursive: true });
  const times = await Promise.all(names.map(async (name) => (await stat(join(path, name))).mtimeMs));
  return Math.max(found.mtimeMs, ...times);
}
