// The library as a developer has it: built, packed, and installed from the archive into an empty project that knows
// nothing of this repository. What it depends on comes from here, so that no registry is asked.
import { type ChildProcess, execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const CLIENT = join(ROOT, "client");
const run = promisify(execFile);

export interface PackedClient {
  /** Its files, as the archive has them. */
  files: string[];
  manifest: Record<string, unknown>;
  /** What the compiler says of a program that uses it, as line numbers with what is wrong in them. */
  typeErrors(program: string, how: "bundler" | "nodenext"): Promise<string[]>;
  /** Starts one of the library's examples; answers what it will have said, and the process. */
  start(
    example: string,
    env: Record<string, string>,
  ): Promise<{ ended: Promise<{ stdout: string }>; child: ChildProcess }>;
  /** A page's program as one script, made by a bundler. */
  bundle(program: string): Promise<string>;
  close(): Promise<void>;
}

/** @throws with what the build, the packing or the installing said */
export async function packClient(): Promise<PackedClient> {
  const folder = await mkdtemp(join(tmpdir(), "dropgate-client-"));
  const built = join(folder, "built");
  const project = join(folder, "shop");
  await run(process.execPath, ["--import", "tsx", "build-package.ts", built], { cwd: CLIENT });
  await mkdir(project);
  await run("npm", ["pack", built, "--pack-destination", folder, "--silent"], { cwd: folder });
  const archive = (await readdir(folder)).find((name) => name.endsWith(".tgz"));
  if (archive === undefined) throw new Error("nothing was packed");
  const manifest = JSON.parse(await readFile(join(built, "package.json"), "utf8")) as Record<string, unknown>;
  const needed = Object.keys(manifest["dependencies"] as object);
  const dependencies = {
    "@dropgate/client": `file:../${archive}`,
    ...Object.fromEntries(needed.map((name) => [name, `file:${folderOf(name)}`])),
  };
  await writeFile(
    join(project, "package.json"),
    JSON.stringify({ name: "shop", private: true, type: "module", dependencies }),
  );
  await run("npm", ["install", "--offline", "--no-audit", "--no-fund"], { cwd: project });
  const installed = join(project, "node_modules/@dropgate/client");

  return {
    files: (await readdir(installed, { recursive: true, withFileTypes: true }))
      .filter((each) => each.isFile())
      .map((each) => join(each.parentPath, each.name).slice(installed.length + 1)),
    manifest,
    async typeErrors(program, how) {
      await writeFile(join(project, "shop.ts"), program);
      const compilerOptions = {
        strict: true,
        noEmit: true,
        target: "es2022",
        // A page has the browser's own types, a server has Node's.
        lib: how === "bundler" ? ["es2023", "dom"] : ["es2023"],
        module: how === "bundler" ? "esnext" : "nodenext",
        moduleResolution: how,
        types: how === "bundler" ? [] : ["node"],
        typeRoots: [join(ROOT, "node_modules/@types")],
      };
      const config = join(project, "tsconfig.json");
      await writeFile(config, JSON.stringify({ compilerOptions, files: ["shop.ts"] }));
      const tsc = join(ROOT, "node_modules/typescript/bin/tsc");
      // Not without the library's own declarations: what is wrong in them is found here.
      const said = await run(process.execPath, [tsc, "--project", config, "--pretty", "false"], {
        cwd: project,
      }).then(
        () => "",
        (error: { stdout: string }) => error.stdout,
      );
      return said.split("\n").filter((line) => /\(\d+,\d+\): error /.test(line));
    },
    async start(example, env) {
      await cp(join(CLIENT, "examples", example), join(project, example));
      const ended = run(process.execPath, [example], { cwd: project, env: { ...process.env, ...env } });
      return { ended, child: ended.child };
    },
    async bundle(program) {
      await writeFile(join(project, "page.js"), program);
      await writeFile(join(project, "index.html"), '<script type="module" src="./page.js"></script>');
      const vite = join(CLIENT, "node_modules/vite/bin/vite.js");
      await run(process.execPath, [vite, "build", "--logLevel", "warn"], { cwd: project });
      const assets = join(project, "dist/assets");
      const [script = "", ...more] = await readdir(assets);
      if (more.length > 0) throw new Error(`more than one file: ${more.join(", ")}`);
      return readFile(join(assets, script), "utf8");
    },
    close: () => rm(folder, { recursive: true, force: true }),
  };
}

function folderOf(name: string): string {
  return dirname(createRequire(join(CLIENT, "package.json")).resolve(`${name}/package.json`));
}
