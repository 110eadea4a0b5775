// The repository as its own rules see it: text files with their paths, and faults with a place and a sentence
// that says what to do instead.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** `path` is relative to the repository, with slashes. */
export interface SourceFile {
  path: string;
  text: string;
}

export interface Fault {
  path: string;
  /** From 1; 0 for the file as a whole. */
  line: number;
  says: string;
}

export type Rule = (files: readonly SourceFile[]) => Fault[];

// What a clone does not have, or what nobody wrote by hand.
const NOT_OURS = new Set(["node_modules", "dist", "results", "screenshots"]);
const TEXT = /\.(tsx?|js|mjs|lua|sql|css|html|svg|json|ya?ml|toml|md|sh)$/;
const DOTTED = new Set([".ci", ".github", ".npmrc", ".oxlintrc.json", ".gitignore"]);

/** All text files below a directory, in order of path. */
export function readRepository(root: string, below = ""): SourceFile[] {
  return readdirSync(join(root, below), { withFileTypes: true })
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = below === "" ? entry.name : `${below}/${entry.name}`;
      if (NOT_OURS.has(entry.name)) return [];
      if (entry.name.startsWith(".") && !DOTTED.has(entry.name)) return [];
      if (entry.isDirectory()) return readRepository(root, path);
      if (!entry.isFile() || !(TEXT.test(entry.name) || DOTTED.has(entry.name))) return [];
      return [{ path, text: readFileSync(join(root, path), "utf8") }];
    });
}

export function isCode({ path }: SourceFile): boolean {
  return /\.tsx?$/.test(path);
}

export function isTest({ path }: SourceFile): boolean {
  return /\.test\.tsx?$/.test(path);
}

/** These rules name what they forbid, so they are not judged by the words in them. */
export function isTidy({ path }: SourceFile): boolean {
  return path.startsWith("tidy/") || path === "tidy.test.ts";
}

/** The top-level folder, which is a package; "" for a file at the root. */
export function folderOf(path: string): string {
  return path.includes("/") ? path.slice(0, path.indexOf("/")) : "";
}

/** Judges each line by itself; null is no fault. */
export function faultsOfLines(
  files: readonly SourceFile[],
  judge: (line: string, file: SourceFile) => string | null,
): Fault[] {
  return files.flatMap((file) =>
    file.text.split("\n").flatMap((line, i) => {
      const says = judge(line, file);
      return says === null ? [] : [{ path: file.path, line: i + 1, says }];
    }),
  );
}
