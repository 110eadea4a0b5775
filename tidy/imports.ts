// Who may know whom. The table stands in docs/architecture.md and is read from there, so that what is drawn
// and what holds can't come apart.
import { builtinModules } from "node:module";
import { posix } from "node:path";
import { type Fault, folderOf, isCode, isTest, isTidy, type Rule, type SourceFile } from "./source-files.ts";

interface Import {
  line: number;
  specifier: string;
  /** Gone after compilation: only types come over. */
  typeOnly: boolean;
}

const IMPORT =
  /^[ \t]*(?:import|export)(?<type>\s+type)?\s+(?:(?<names>[^;'"]*?)\s+from\s+)?["'](?<from>[^"'\n]+)["']|\bimport\(\s*["'](?<dynamic>[^"'\n]+)["']\s*\)/gm;

export function importsOf({ text }: SourceFile): Import[] {
  return [...text.matchAll(IMPORT)].flatMap((match) => {
    const { type, names, from, dynamic } = match.groups ?? {};
    const specifier = from ?? dynamic;
    if (specifier === undefined) return [];
    return [
      {
        line: text.slice(0, match.index).split("\n").length + (match[0].startsWith("\n") ? 1 : 0),
        specifier,
        typeOnly: type !== undefined || (names !== undefined && bringsTypesOnly(names)),
      },
    ];
  });
}

function bringsTypesOnly(names: string): boolean {
  const list = /^\{(?<list>[^}]*)\}$/.exec(names.trim())?.groups?.["list"];
  if (list === undefined) return false;
  const parts = list
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
  return parts.length > 0 && parts.every((name) => name.startsWith("type "));
}

/** The files whose imports are judged; these rules' own bad examples are not imports. */
function importers(files: readonly SourceFile[]): SourceFile[] {
  return files.filter((file) => isCode(file) && !isTidy(file));
}

const OURS = /^@dropgate\/(?<folder>[a-z0-9-]+)(?:\/(?<file>.+))?$/;

/** The table under "Folders": for each folder, those that it may import. */
export function readArrows(files: readonly SourceFile[]): Map<string, Set<string>> {
  const text = files.find(({ path }) => path === "docs/architecture.md")?.text ?? "";
  const section = /^## Folders$(?<table>[\s\S]*?)^Sources run/m.exec(text)?.groups?.["table"] ?? "";
  const rows = [...section.matchAll(/^\| (?<folders>`[^|]+) \| [^|]+ \| (?<may>[^|]+) \|$/gm)].map((row) => ({
    folders: [...(row.groups?.["folders"] ?? "").matchAll(/`([a-z0-9-]+)`/g)].map((name) => name[1] ?? ""),
    may: row.groups?.["may"] ?? "",
  }));
  const all = rows.flatMap(({ folders }) => folders);
  return new Map(
    rows.flatMap(({ folders, may }) => {
      const words = new Set(may.match(/[a-z0-9-]+/g));
      const allowed = all.filter((name) => words.has(name) || may.trim() === "anything");
      return folders.map((folder) => [folder, new Set(allowed)] as const);
    }),
  );
}

/** Arrows between folders go one way, in code and in the dependencies of each package.json. */
export const arrowsGoOneWay: Rule = (files) => {
  const arrows = readArrows(files);
  const isAllowed = (from: string, to: string): boolean =>
    from === to || from === "" || (arrows.get(from)?.has(to) ?? false);
  const inCode = importers(files).flatMap((file) =>
    importsOf(file).flatMap(({ specifier, line }) => {
      const to = OURS.exec(specifier)?.groups?.["folder"];
      const from = folderOf(file.path);
      if (to === undefined || isAllowed(from, to)) return [];
      return [{ path: file.path, line, says: `${from} may not know ${to} (docs/architecture.md, Folders)` }];
    }),
  );
  const inManifests = files.flatMap((file) => {
    if (!/^[a-z0-9-]+\/package\.json$/.test(file.path)) return [];
    const from = folderOf(file.path);
    const named = [...file.text.matchAll(/"@dropgate\/(?<folder>[a-z0-9-]+)"\s*:/g)];
    return named
      .map((match) => match.groups?.["folder"] ?? "")
      .filter((to) => !isAllowed(from, to))
      .map((to) => ({ path: file.path, line: 0, says: `${from} may not depend on ${to}` }));
  });
  return [...inCode, ...inManifests];
};

/** The shopper's journey runs under k6 too and is imported by the demo: only the benchmarks beside it know our parts. */
export const journeyKnowsContractsOnly: Rule = (files) =>
  importers(files)
    .filter(({ path }) => path.startsWith("loadtest/src/") && !path.startsWith("loadtest/src/bench/"))
    .flatMap((file) =>
      importsOf(file).flatMap(({ specifier, line }) => {
        const to = OURS.exec(specifier)?.groups?.["folder"];
        const isKnown = to === "contracts" || (to === undefined && !specifier.includes("/bench/"));
        return isKnown ? [] : [{ path: file.path, line, says: `only the benchmarks may know ${specifier}` }];
      }),
    );

/** Another package is reached by its name: its `exports` say what may be known of it. */
export const noPathsAcrossPackages: Rule = (files) =>
  importers(files).flatMap((file) =>
    importsOf(file).flatMap(({ specifier, line }) => {
      if (!specifier.startsWith(".") || folderOf(file.path) === "") return [];
      const target = posix.join(posix.dirname(file.path), specifier);
      if (folderOf(target) === folderOf(file.path)) return [];
      return [{ path: file.path, line, says: `${specifier} leaves the package; import @dropgate/… by name` }];
    }),
  );

/** A package names what it imports: what happens to be installed beside it may be gone tomorrow. */
export const importsAreDeclared: Rule = (files) => {
  const packagesOf = (path: string): Set<string> =>
    new Set(
      [...(files.find((file) => file.path === path)?.text ?? "").matchAll(/"([@#]?[\w./-]+)"\s*:/g)].map(
        (match) => match[1] ?? "",
      ),
    );
  const atRoot = packagesOf("package.json");
  return importers(files).flatMap((file) => {
    const folder = folderOf(file.path);
    const declared = packagesOf(`${folder}/package.json`);
    // Tests and settings of tools run from the root, with what stands there.
    const mayUseRoot = folder === "" || folder === "tidy" || isTest(file) || declared.size === 0;
    return importsOf(file).flatMap(({ specifier, line, typeOnly }) => {
      const name = packageOf(specifier);
      if (name === null || declared.has(name) || name === `@dropgate/${folder}`) return [];
      // k6 brings its modules itself; only their types are a package.
      if (name === "k6" && declared.has("@types/k6")) return [];
      if (atRoot.has(name) && (mayUseRoot || usesVitest(file) || typeOnly)) return [];
      const says = builtinModules.includes(name)
        ? `write node:${name}, so that nobody takes it for a package`
        : `${name} is not in ${folder}/package.json`;
      return [{ path: file.path, line, says }];
    });
  });
};

/** A stage that tests play on. */
function usesVitest({ text }: SourceFile): boolean {
  return /from "(vitest|fast-check|@playwright\/test)"/.test(text);
}

function packageOf(specifier: string): string | null {
  if (/^(\.|\/|node:|virtual:)/.test(specifier)) return null;
  return /^(@[^/]+\/[^/]+|[^/]+)/.exec(specifier)?.[1] ?? null;
}

/** Files that only pass on what others have hide where a thing lives, and load all for one. */
export const noBarrels: Rule = (files) =>
  importers(files).flatMap((file) => {
    const passedOn = /^export\s+(?!type\b)(\*|\{[^}]*\})\s*(as \w+\s*)?from\b/gm;
    return [...file.text.matchAll(passedOn)].map((match) => ({
      path: file.path,
      line: file.text.slice(0, match.index).split("\n").length,
      says: "passes on another file's exports; let whoever needs them import them there",
    }));
  });

/** The page carries no schema library: of contracts' schema files it may take types, no values. */
export const pageIsFreeOfSchemas: Rule = (files) => {
  const withZod = filesThatReachZod(files);
  return files
    .filter((file) => /^(client|web)\//.test(file.path) && isCode(file) && !isTest(file))
    .flatMap((file) =>
      importsOf(file).flatMap(({ specifier, line, typeOnly }): Fault[] => {
        const match = OURS.exec(specifier)?.groups;
        const target = match?.["folder"] === "contracts" ? `contracts/src/${match["file"]}.ts` : specifier;
        if (typeOnly || !(target === "zod" || target.startsWith("zod/") || withZod.has(target))) return [];
        return [{ path: file.path, line, says: `${specifier} brings zod into the page; import type only` }];
      }),
    );
};

function filesThatReachZod(files: readonly SourceFile[]): Set<string> {
  const contracts = files.filter(({ path }) => path.startsWith("contracts/src/") && path.endsWith(".ts"));
  const reached = new Set<string>();
  for (let before = -1; before !== reached.size; ) {
    before = reached.size;
    for (const file of contracts) {
      const reaches = importsOf(file).some(({ specifier, typeOnly }) => {
        const target = posix.join(posix.dirname(file.path), specifier);
        return !typeOnly && (specifier === "zod" || reached.has(target));
      });
      if (reaches) reached.add(file.path);
    }
  }
  return reached;
}
