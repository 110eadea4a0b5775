// How files look from outside: what they are called, how long they are, and that each begins with why it
// exists.
import { type Fault, isCode, isTest, isTidy, type Rule, type SourceFile } from "./source-files.ts";

const NO_NAMES = new Set(["util", "utils", "helper", "helpers", "common", "misc", "shared", "lib"]);

/** A drawer for everything: what lies in it has no name yet. */
export const namesSayWhatIsInside: Rule = (files) =>
  files.flatMap(({ path }) => {
    const word = path.split(/[/.-]/).find((part) => NO_NAMES.has(part.toLowerCase()));
    return word === undefined ? [] : [{ path, line: 0, says: `"${word}" names nothing: what is it?` }];
  });

export const namesAreKebabCase: Rule = (files) =>
  files.flatMap(({ path }) => {
    if (!/\.(tsx?|lua|css)$/.test(path)) return [];
    const odd = path.split("/").find((part) => !/^\.?[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9-]+)*$/.test(part));
    return odd === undefined ? [] : [{ path, line: 0, says: `write ${odd} in kebab-case` }];
  });

export const LINES_MAX = 400;

export const filesAreOneThing: Rule = (files) =>
  files
    .filter(({ path }) => /\.(tsx?|lua|sql|css|js)$/.test(path) && !path.includes(".generated."))
    .map((file) => ({ path: file.path, lines: linesOf(file) }))
    .filter(({ lines }) => lines > LINES_MAX)
    .map(({ path, lines }) => ({ path, line: 0, says: `${lines} lines: look for the second thing in it` }));

function linesOf({ text }: SourceFile): number {
  return text.split("\n").length - 1;
}

/** Nobody should have to read a file to learn why there is one. */
export const filesBeginWithWhy: Rule = (files) =>
  files.flatMap((file): Fault[] => {
    if (!(isCode(file) || file.path.endsWith(".lua")) || isTest(file) || isTidy(file)) return [];
    const begin = file.text.replace(/^#!.*\n/, "");
    if (/^(\/\/|\/\*|--) ?\S/.test(begin)) return [];
    return [{ path: file.path, line: 1, says: "begin with a comment on why this file exists" }];
  });

const HEADER = ["KEYS", "ARGV", "REPLY", "COST", "KEEPS"];

/** Callers are made from the headers; lua/src/header.test.ts compares each with its body. */
export const scriptsSayWhatTheyTake: Rule = (files) =>
  files.flatMap(({ path, text }) => {
    if (!/^lua\/src\/scripts\/[^/]+\.lua$/.test(path)) return [];
    const header = text.split("\n").slice(
      0,
      text.split("\n").findIndex((line) => !line.startsWith("--")),
    );
    return HEADER.filter((word) => !header.some((line) => line.startsWith(`-- ${word} `))).map((word) => ({
      path,
      line: 1,
      says: `the header has no ${word}`,
    }));
  });
