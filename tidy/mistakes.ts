// Each known way to lose stock stands on a page beside the tests that keep it out. A test that was renamed or taken
// away leaves its mistake unguarded, and nobody would notice: so the page is read, and each test looked for.
import type { Fault, Rule } from "./source-files.ts";

export const MISTAKES_PAGE = "docs/concepts/mistakes.md";

/** `| the mistake | `path/to/file.test.ts`: “the title” · `path`: “another” |` */
const TEST = /`(?<path>[\w./-]+)`: “(?<title>[^”]+)”/g;

export const mistakesHaveTests: Rule = (files) => {
  const page = files.find(({ path }) => path === MISTAKES_PAGE);
  if (page === undefined) return [{ path: MISTAKES_PAGE, line: 0, says: "is not there" }];
  const texts = new Map(files.map(({ path, text }) => [path, text]));
  return page.text.split("\n").flatMap((line, i): Fault[] => {
    const isRow = line.startsWith("| ") && !line.startsWith("| ---") && !line.startsWith("| mistake");
    if (!isRow) return [];
    const tests = [...line.matchAll(TEST)].map((match) => match.groups as { path: string; title: string });
    const fault = (says: string): Fault => ({ path: MISTAKES_PAGE, line: i + 1, says });
    if (tests.length === 0) return [fault("names no test")];
    return tests
      .filter(({ path, title }) => !(texts.get(path) ?? "").includes(title))
      .map(({ path, title }) => fault(`${path} has no test “${title}”`));
  });
};
