// Makes the package that is published, in `client/dist`: plain modules for Node and for bundlers, types without a
// schema library, and a manifest that knows nothing of this repository. `npx pnpm build` runs it; another folder may
// be named. The sources stay what everything in this repository runs from.
//
// Types: declarations would bring the contract's schemas along, and with them a library whose types alone are larger
// than all of ours. So each of the contract's types that ours name is written out by the compiler as what it comes to.
import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, parse, posix, relative, resolve } from "node:path";
import { promisify } from "node:util";
import { build } from "vite";

const CLIENT = import.meta.dirname;
const ROOT = resolve(CLIENT, "..");
/** What is exported; the last is types alone. */
const ENTRIES = ["queue", "server", "element"];
const SOURCE = posix.join("client", "src");
const CONTRACTS = /^@dropgate\/contracts\/(.+)$/;
const FROM = /\b(from|import\()\s*"([^"]+)"/g;

interface Manifest {
  name: string;
  version: string;
  license: string;
  dependencies: Record<string, string>;
}

const folder = resolve(process.argv[2] ?? join(CLIENT, "dist"));
await rm(folder, { recursive: true, force: true });
await mkdir(folder, { recursive: true });
const manifest: Manifest = JSON.parse(await readFile(join(CLIENT, "package.json"), "utf8"));
/** What is this repository's own comes into the modules; the rest is installed beside them. */
const external = Object.keys(manifest.dependencies).filter((name) => !name.startsWith("@dropgate/"));
await buildModules();
await writeTypes();
await writeFile(join(folder, "package.json"), `${JSON.stringify(await published(manifest), null, 2)}\n`);
await cp(join(CLIENT, "README.md"), join(folder, "README.md"));
await cp(join(ROOT, "LICENSE"), join(folder, "LICENSE"));

/** Once for Node and once for pages, which differ in where a socket comes from. */
async function buildModules(): Promise<void> {
  const modules = (entries: Record<string, string>, socket: string) =>
    build({
      configFile: false,
      root: CLIENT,
      logLevel: "warn",
      resolve: { alias: { "#web-socket": join(CLIENT, "src/connection", `web-socket-${socket}.ts`) } },
      build: {
        outDir: folder,
        emptyOutDir: false,
        target: "es2022",
        // Whoever bundles it minifies it; whoever looks for a fault can read it.
        minify: false,
        reportCompressedSize: false,
        lib: { entry: entries, formats: ["es"], fileName: (_format, name) => `${name}.js` },
        rolldownOptions: { external },
      },
    });
  const source = (name: string): string => join(CLIENT, "src", `${name}.ts`);
  await modules({ queue: source("queue"), server: source("server") }, "node");
  await modules({ "queue.browser": source("queue") }, "page");
  await writeFile(join(folder, "element.js"), "export {};\n");
}

/** What npm and whoever installs it read. */
async function published({ name, version, license }: Manifest): Promise<object> {
  const workspace = await readFile(join(ROOT, "pnpm-workspace.yaml"), "utf8");
  const ranges = external.map((each) => {
    const exact = new RegExp(`^ {2}"?${each}"?: (\\S+)$`, "m").exec(workspace)?.[1];
    if (exact === undefined) throw new Error(`${each} is not in the catalog`);
    return [each, `^${exact}`] as const;
  });
  return {
    name,
    version,
    description: "A shopper's place in a Dropgate sale, for pages and Node; and what a shop's server asks.",
    license,
    type: "module",
    sideEffects: false,
    engines: { node: ">=20.19" },
    exports: {
      ".": { types: "./types/queue.d.ts", browser: "./queue.browser.js", default: "./queue.js" },
      "./server": { types: "./types/server.d.ts", default: "./server.js" },
      "./element": { types: "./types/element.d.ts", default: "./element.js" },
      "./package.json": "./package.json",
    },
    files: ["*.js", "types"],
    dependencies: Object.fromEntries(ranges),
    publishConfig: { access: "public" },
  };
}

async function writeTypes(): Promise<void> {
  const workshop = await mkdtemp(join(tmpdir(), "dropgate-types-"));
  try {
    const ours = await declarationsOf(
      workshop,
      ENTRIES.map((name) => join(CLIENT, "src", `${name}.ts`)),
    );
    const files = await reached(ours);
    const wanted = namesOfContract([...files.values()]);
    const asks = join(workshop, "contracts.ts");
    await writeFile(asks, questionsFor(wanted));
    const answers = await declarationsOf(workshop, [asks]);
    const told = (await readFile(answers(asks.replace(/\.ts$/, ".d.ts")), "utf8"))
      .replaceAll(/^export declare const (\w+): /gm, "export type $1 = ")
      .replaceAll(/^(declare function|import) [^;]*;\n/gm, "");
    await write("contracts.d.ts", told);
    for (const [path, text] of files) await write(path, atHome(path, text));
  } finally {
    await rm(workshop, { recursive: true, force: true });
  }
}

/** The compiler's declarations of these sources. @returns where that of a path lies */
async function declarationsOf(workshop: string, sources: string[]): Promise<(path: string) => string> {
  const outDir = join(workshop, "out");
  const config = join(workshop, "tsconfig.json");
  const compilerOptions = {
    noEmit: false,
    declaration: true,
    emitDeclarationOnly: true,
    rootDir: parse(ROOT).root,
    outDir,
    typeRoots: [join(ROOT, "node_modules/@types")],
    paths: { "@dropgate/contracts/*": [join(ROOT, "contracts/src/*.ts")] },
  };
  await writeFile(
    config,
    JSON.stringify({ extends: join(ROOT, "tsconfig.json"), compilerOptions, files: sources, include: [] }),
  );
  const tsc = join(ROOT, "node_modules/typescript/bin/tsc");
  await promisify(execFile)(process.execPath, [tsc, "--project", config], { cwd: CLIENT }).catch(
    (error: { stdout?: string }) => {
      throw new Error(`The types could not be made:\n${error.stdout}`, { cause: error });
    },
  );
  return (path) => join(outDir, relative(parse(path).root, path));
}

/** The declarations that the entries lead to, by their path in `client/src`. */
async function reached(declared: (path: string) => string): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  const waiting = ENTRIES.map((name) => `${name}.d.ts`);
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (files.has(path)) continue;
    const text = await readFile(declared(join(ROOT, SOURCE, path)), "utf8");
    files.set(path, text);
    for (const [, , specifier = ""] of text.matchAll(FROM)) {
      if (!specifier.startsWith(".")) continue;
      waiting.push(posix.join(posix.dirname(path), specifier.replace(/\.ts$/, ".d.ts")));
    }
  }
  return files;
}

/** Which types of which of the contract's files they name. */
function namesOfContract(texts: readonly string[]): Map<string, string> {
  const wanted = new Map<string, string>();
  for (const text of texts) {
    for (const [, names = "", specifier = ""] of text.matchAll(/\{([^{}]*)\} from "([^"]+)"/g)) {
      const file = CONTRACTS.exec(specifier)?.[1];
      if (file === undefined) continue;
      for (const name of names.split(",").map((each) => each.replace(/\btype\b/, "").trim())) {
        if (!/^\w+$/.test(name)) throw new Error(`${specifier}: "${name}" is not a plain name`);
        if ((wanted.get(name) ?? file) !== file) throw new Error(`two of the contract's types are ${name}`);
        wanted.set(name, file);
      }
    }
  }
  return wanted;
}

/** A type that passes through a mapped one is no longer a name: the compiler writes out what it is. */
function questionsFor(wanted: ReadonlyMap<string, string>): string {
  const names = [...wanted].toSorted(([one], [other]) => (one < other ? -1 : 1));
  return [
    ...names.map(
      ([name, file]) => `import type { ${name} as ${name}Told } from "@dropgate/contracts/${file}";`,
    ),
    "declare function written<Type>(): { [Key in keyof Type]: Type[Key] };",
    ...names.map(([name]) => `export const ${name} = written<${name}Told>();`),
    "",
  ].join("\n");
}

/** With paths as they are in the package. */
function atHome(path: string, text: string): string {
  return text.replaceAll(FROM, (_all, how: string, specifier: string) => {
    const contracts = posix.relative(posix.dirname(path), "contracts.js");
    const target = CONTRACTS.test(specifier)
      ? contracts.startsWith(".")
        ? contracts
        : `./${contracts}`
      : specifier.replace(/^(\..*)\.ts$/, "$1.js");
    return `${how}${how === "from" ? " " : ""}"${target}"`;
  });
}

/** @throws where a type of somebody else's would have to be installed with it */
async function write(path: string, text: string): Promise<void> {
  const foreign = [...text.matchAll(FROM)]
    .map(([, , from = ""]) => from)
    .filter((from) => !from.startsWith("."));
  if (foreign.length > 0) throw new Error(`types/${path} needs ${foreign.join(", ")}`);
  const target = join(folder, "types", path);
  await mkdir(dirname(target), { recursive: true });
  await writeFile(target, text);
}
