// k6 runs the load tests as they stand: it strips types, follows relative paths, knows its own modules and nothing
// else. Since it is not installed where this runs, what it could not follow or read must be found here.
import { posix } from "node:path";
import { importsOf } from "./imports.ts";
import type { Fault, Rule, SourceFile } from "./source-files.ts";

const MODULES = new Set(["k6", "k6/http", "k6/websockets", "k6/metrics", "k6/crypto", "k6/execution"]);

/** What k6's interpreter does not have; esbuild hands it on as written. */
const UNKNOWN: readonly { pattern: RegExp; says: string }[] = [
  { pattern: /(?:\|\||&&|\?\?)=/, says: "k6 knows no logical assignment; write a = a ?? b" },
  { pattern: /\(\?<(?![=!])/, says: "k6 knows no named groups; count them" },
  { pattern: /\(\?<[=!]/, says: "k6 knows no lookbehind" },
  { pattern: /\bfor await\b|\basync \*/, says: "k6 knows no async iteration" },
  { pattern: /\bimport\(/, says: "k6 wants its imports at the top" },
  {
    pattern: /\bnew URL\(|\bperformance\.|(?<![.\w])fetch\(|\bIntl\.|\bBuffer\b|\bprocess\./,
    says: "k6 has no such global",
  },
];

/** From each script in loadtest/, along what is there at run time. */
export const k6CanFollow: Rule = (files) => {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const faults: Fault[] = [];
  const seen = new Set<string>();
  const follow = (file: SourceFile): void => {
    if (seen.has(file.path)) return;
    seen.add(file.path);
    faults.push(...unknownTo(file));
    for (const { specifier, line, typeOnly } of importsOf(file)) {
      if (typeOnly || MODULES.has(specifier)) continue;
      const target = specifier.startsWith(".")
        ? byPath.get(posix.join(posix.dirname(file.path), specifier))
        : undefined;
      if (target === undefined) faults.push({ path: file.path, line, says: `k6 can't follow ${specifier}` });
      else follow(target);
    }
  };
  for (const file of files) if (/^loadtest\/[a-z0-9-]+\.ts$/.test(file.path)) follow(file);
  return faults;
};

function unknownTo({ path, text }: SourceFile): Fault[] {
  return text.split("\n").flatMap((line, i) => {
    if (/^\s*(?:\/\/|\*|\/\*)/.test(line)) return [];
    return UNKNOWN.filter(({ pattern }) => pattern.test(line)).map(({ says }) => ({
      path,
      line: i + 1,
      says,
    }));
  });
}
