// What the code can say and what the reference tells are the same lists, in both directions: a code without
// its sentence helps nobody, a sentence without its code misleads.
import type { Fault, Rule, SourceFile } from "./source-files.ts";

/** Names in backticks that begin a heading or a table row of a page. */
export function namesTold(text: string): { name: string; line: number }[] {
  return text.split("\n").flatMap((line, i) => {
    const name = /^(?:#+|\|)\s*`(?<name>[A-Za-z_][\w.-]*)`/.exec(line)?.groups?.["name"];
    return name === undefined ? [] : [{ name, line: i + 1 }];
  });
}

/**
 * @param page a page of docs/reference
 * @param names what the code has, all of which must be told
 * @param mayBeTold what the page may tell besides
 */
export function isTold(
  page: string,
  names: readonly string[],
  mayBeTold: (files: readonly SourceFile[]) => Iterable<string> = () => [],
): Rule {
  return (files) => {
    const text = files.find(({ path }) => path === page)?.text;
    if (text === undefined)
      return [{ path: page, line: 0, says: `is not there; it tells ${names.join(", ")}` }];
    const told = namesTold(text);
    const known = new Set([...names, ...mayBeTold(files)]);
    const named = new Set(told.map(({ name }) => name));
    return [
      ...names
        .filter((name) => !named.has(name))
        .map((name): Fault => ({ path: page, line: 0, says: `lacks ${name}` })),
      ...told
        .filter(({ name }) => !known.has(name))
        .map(
          ({ name, line }): Fault => ({
            path: page,
            line,
            says: `tells of ${name}, which the code does not have`,
          }),
        ),
    ];
  };
}

/** Variables that a tool, a test or the demo reads by itself: few, and told where that is of use. */
export function environmentRead(files: readonly SourceFile[]): Set<string> {
  const read = files
    .filter(({ path }) => path.endsWith(".ts"))
    .flatMap(({ text }) => [...text.matchAll(/\benv(?:\.|\[")(?<name>[A-Z][A-Z0-9_]*)/g)]);
  return new Set(read.map((match) => match.groups?.["name"] ?? ""));
}

/** What each call may refuse is in the catalogue. */
export function refusalsExist(
  endpoints: Readonly<Record<string, { refusals: readonly string[] }>>,
  catalogue: readonly string[],
): Fault[] {
  const known = new Set(catalogue);
  return Object.entries(endpoints).flatMap(([name, { refusals }]) =>
    refusals
      .filter((code) => !known.has(code))
      .map((code) => ({ path: "contracts/src/endpoints.ts", line: 0, says: `${name} refuses with ${code}` })),
  );
}
