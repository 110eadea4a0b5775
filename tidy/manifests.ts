// Versions stand once, exactly, in the catalog of pnpm-workspace.yaml: a clone in a year installs what was
// tested, and two packages never have two copies of one thing.
import { type Fault, folderOf, type Rule } from "./source-files.ts";

const KINDS = ["dependencies", "devDependencies", "optionalDependencies", "peerDependencies"] as const;

interface Manifest {
  name?: string;
  private?: boolean;
  publishConfig?: object;
  license?: string;
  type?: string;
}
type Dependencies = Record<string, string>;

/** An alias can't stand in a catalog, and pre-releases are pinned where they are used: both exactly. */
const ALIAS = /^npm:@?[\w.-]+(\/[\w.-]+)?@\d+\.\d+\.\d+(-[\w.]+)?$/;
const PRE_RELEASE = /^\d+\.\d+\.\d+-[\w.]+$/;

export const versionsStandOnce: Rule = (files) =>
  files.flatMap(({ path, text }) => {
    if (!/^([a-z0-9-]+\/)?package\.json$/.test(path)) return [];
    const manifest: Partial<Record<(typeof KINDS)[number], Dependencies>> = JSON.parse(text);
    return KINDS.flatMap((kind) => Object.entries(manifest[kind] ?? {})).flatMap(
      ([name, version]): Fault[] => {
        if (version === "catalog:" || version === "workspace:*") return [];
        if (ALIAS.test(version) || PRE_RELEASE.test(version)) return [];
        return [
          {
            path,
            line: 0,
            says: `${name} is ${version}; write catalog: and its version in pnpm-workspace.yaml`,
          },
        ];
      },
    );
  });

export const catalogIsExact: Rule = (files) => {
  const file = files.find(({ path }) => path === "pnpm-workspace.yaml");
  if (file === undefined) return [];
  const lines = file.text.split("\n");
  const from = lines.indexOf("catalog:") + 1;
  const to = lines.findIndex((line, i) => i > from && !line.startsWith("  "));
  return lines.slice(from, to).flatMap((line, i): Fault[] => {
    if (/^ {2}"?[@\w./-]+"?: \d+\.\d+\.\d+(-[\w.]+)?$/.test(line)) return [];
    return [{ path: file.path, line: from + i + 1, says: `not one exact version: ${line.trim()}` }];
  });
};

/** Each folder of the workspace is a package by its own name, under the project's licence. */
export const packagesAreAlike: Rule = (files) => {
  const workspace = files.find(({ path }) => path === "pnpm-workspace.yaml")?.text ?? "";
  const folders = [
    ...(/^packages:\n(?<list>( {2}- .*\n)+)/m.exec(workspace)?.groups?.["list"] ?? "").matchAll(/- (\S+)/g),
  ];
  return folders.flatMap(([, folder]) => {
    const path = `${folder}/package.json`;
    const text = files.find((file) => file.path === path)?.text;
    if (text === undefined) return [{ path, line: 0, says: "is in the workspace but not there" }];
    const manifest: Manifest = JSON.parse(text);
    const due: [string, unknown, unknown][] = [
      ["name", manifest.name, `@dropgate/${folderOf(path)}`],
      // What goes to a registry says where to.
      ["private", manifest.private, manifest.publishConfig === undefined ? true : undefined],
      ["license", manifest.license, "Apache-2.0"],
      ["type", manifest.type, "module"],
    ];
    return due
      .filter(([, is, should]) => is !== should)
      .map(([what, , should]) => ({ path, line: 0, says: `${what} should be ${JSON.stringify(should)}` }));
  });
};
