// The repository's own rules, run with the tests. Each is given the repository, where it must find nothing,
// and bad examples, in each of which it must find something: a rule that bites nobody is none.

import { describe, expect, test } from "vitest";
import { ENDPOINTS } from "./contracts/src/endpoints.ts";
import { INVENTORY_CHECKS } from "./contracts/src/inventory-report.ts";
import { GATEWAY_METRICS, WORKER_METRICS } from "./contracts/src/metrics.ts";
import { REFUSALS } from "./contracts/src/refusals.ts";
import { REPORT_CHECKS } from "./contracts/src/report.ts";
import { settingsSchema } from "./contracts/src/settings.ts";
import { environmentRead, isTold, refusalsExist } from "./tidy/documented.ts";
import {
  arrowsGoOneWay,
  importsAreDeclared,
  journeyKnowsContractsOnly,
  noBarrels,
  noPathsAcrossPackages,
  pageIsFreeOfSchemas,
  readArrows,
} from "./tidy/imports.ts";
import { chanceIsFair, storesKeepTheTime } from "./tidy/judges.ts";
import { k6CanFollow } from "./tidy/k6.ts";
import { catalogIsExact, packagesAreAlike, versionsStandOnce } from "./tidy/manifests.ts";
import { mistakesHaveTests } from "./tidy/mistakes.ts";
import {
  filesAreOneThing,
  filesBeginWithWhy,
  LINES_MAX,
  namesAreKebabCase,
  namesSayWhatIsInside,
  scriptsSayWhatTheyTake,
} from "./tidy/shapes.ts";
import { type Fault, type Rule, readRepository, type SourceFile } from "./tidy/source-files.ts";
import {
  everyTestRuns,
  noMachine,
  noRegistry,
  noSecrets,
  nothingIsPutOff,
  toolsAreNotSilenced,
} from "./tidy/words.ts";

const repository = readRepository(import.meta.dirname);
const named = (path: string, text: string): SourceFile => ({ path, text });
const architecture = repository.filter(({ path }) => path === "docs/architecture.md");

/** A rule as a sentence, and files that break it: each alone, unless it needs another to be wrong. */
interface Told {
  says: string;
  rule: Rule;
  bad: (SourceFile | SourceFile[])[];
}

const imports: Told[] = [
  {
    says: "arrows between folders go one way, as docs/architecture.md draws them",
    rule: arrowsGoOneWay,
    bad: [
      [...architecture, named("contracts/src/a.ts", 'import { x } from "@dropgate/sql/truth";\n')],
      [...architecture, named("sql/src/a.ts", 'import type { Card } from "@dropgate/lua/card";\n')],
      [...architecture, named("draw/src/a.ts", 'const ids = await import("@dropgate/contracts/ids");\n')],
      [
        ...architecture,
        named("gateway/src/a.ts", 'import {\n  x,\n} from "@dropgate/queue-worker/worker";\n'),
      ],
      [...architecture, named("lua/package.json", '{"dependencies":{"@dropgate/sql":"workspace:*"}}')],
    ],
  },
  {
    says: "no path leads out of a package",
    rule: noPathsAcrossPackages,
    bad: [named("gateway/src/a.ts", 'import { x } from "../../sql/src/truth.ts";\n')],
  },
  {
    says: "of the load tests only the benchmarks know more than the contracts",
    rule: journeyKnowsContractsOnly,
    bad: [
      named("loadtest/src/journey.ts", 'import { x } from "@dropgate/gateway/stage";\n'),
      named("loadtest/src/journey.ts", 'import { x } from "./bench/row.ts";\n'),
    ],
  },
  {
    says: "k6 can follow each import of the load tests, and read what it finds",
    rule: k6CanFollow,
    bad: [
      named("loadtest/a.ts", 'import { z } from "@dropgate/contracts/entry";\n'),
      named("loadtest/a.ts", 'import { x } from "./src/not-there.ts";\n'),
      [
        named("loadtest/a.ts", 'import { x } from "./src/b.ts";\n'),
        named("loadtest/src/b.ts", 'import { createHmac } from "node:crypto";\n'),
      ],
      named("loadtest/a.ts", "let a;\na ??= 1;\n"),
      named("loadtest/a.ts", "const named = /(?<year>[0-9]+)/;\n"),
      named("loadtest/a.ts", "const url = new URL(given);\n"),
    ],
  },
  {
    says: "a package names what it imports",
    rule: importsAreDeclared,
    bad: [
      [
        named("web/package.json", '{"dependencies":{"react":"catalog:"}}'),
        named("web/src/a.ts", 'import "zod";\n'),
      ],
      [
        named("lua/package.json", '{"dependencies":{}}'),
        named("lua/src/a.ts", 'import { join } from "path";\n'),
      ],
    ],
  },
  {
    says: "no file only passes on what others have",
    rule: noBarrels,
    bad: [
      named("web/src/index.ts", 'export * from "./room.ts";\n'),
      named("web/src/index.ts", 'export { room,\n  door } from "./room.ts";\n'),
    ],
  },
  {
    says: "the page is free of schemas",
    rule: pageIsFreeOfSchemas,
    bad: [
      named("web/src/a.ts", 'import { z } from "zod";\n'),
      named("client/src/a.ts", 'import { z } from "zod";\n'),
      [
        named("contracts/src/sale.ts", 'import { idSchema } from "./values.ts";\n'),
        named("contracts/src/values.ts", 'import { z } from "zod";\n'),
        named("web/src/a.ts", 'import { type Sale, saleSchema } from "@dropgate/contracts/sale";\n'),
      ],
    ],
  },
];

const words: Told[] = [
  {
    says: "nothing is put off in a comment",
    rule: nothingIsPutOff,
    bad: [named("sql/src/a.ts", "// TODO: the other half\n"), named("lua/src/scripts/a.lua", "-- FIXME\n")],
  },
  {
    says: "compiler and lint are not silenced",
    rule: toolsAreNotSilenced,
    bad: [
      named("web/src/a.ts", "// @ts-ignore\n"),
      named("web/src/a.ts", "// oxlint-disable-next-line no-console\n"),
      named("web/src/a.ts", "const it = given as any;\n"),
      named("web/src/a.ts", "function take(given: any): void {}\n"),
    ],
  },
  {
    says: "every test runs, and none waits for a time",
    rule: everyTestRuns,
    bad: [
      named("web/src/a.test.ts", 'test.only("mine", () => {});\n'),
      named("web/src/a.test.ts", 'describe.skip("later", () => {});\n'),
      named("web/src/a.test.ts", "await page.waitForTimeout(500);\n"),
      named("lua/src/a.test.ts", 'const redis = new Redis(inject("redisUrl"));\n'),
    ],
  },
  {
    says: "no secret is written down",
    rule: noSecrets,
    bad: [
      named("demo/src/a.ts", "-----BEGIN PRIVATE KEY-----\n"),
      named("README.md", `token ghp_${"a1".repeat(18)}\n`),
    ],
  },
  {
    says: "nothing knows one machine's paths",
    rule: noMachine,
    bad: [
      named("ops/src/a.ts", 'const dir = "/home/ann/dropgate/data";\n'),
      named("ops/src/a.ts", 'const dir = "/tmp/dropgate";\n'),
    ],
  },
  {
    says: "no registry is named",
    rule: noRegistry,
    bad: [
      named(".npmrc", "registry=https://npm.example.com\n"),
      named("pnpm-lock.yaml", "    resolution: {tarball: https://npm.example.com/a.tgz}\n"),
    ],
  },
];

const shapes: Told[] = [
  {
    says: "names say what is inside",
    rule: namesSayWhatIsInside,
    bad: [
      named("web/src/utils.ts", ""),
      named("sql/src/shared/a.ts", ""),
      named("lua/src/test-helpers.ts", ""),
    ],
  },
  {
    says: "files and folders are named in kebab-case",
    rule: namesAreKebabCase,
    bad: [named("web/src/RoomCard.tsx", ""), named("sql/src/lock_holds.ts", "")],
  },
  {
    says: `a file is one thing: at most ${LINES_MAX} lines`,
    rule: filesAreOneThing,
    bad: [named("web/src/a.ts", "//\n".repeat(LINES_MAX + 1))],
  },
  {
    says: "a file begins with why it exists",
    rule: filesBeginWithWhy,
    bad: [named("web/src/a.ts", 'import "./b.ts";\n'), named("lua/src/scripts/a.lua", "local x = 1\n")],
  },
  {
    says: "each script's header says what it takes, answers, costs and keeps",
    rule: scriptsSayWhatTheyTake,
    bad: [
      named(
        "lua/src/scripts/a.lua",
        "-- Takes.\n-- KEYS  a set\n-- ARGV  b int\n-- REPLY { 1 }\n-- COST  O(1)\nx()\n",
      ),
    ],
  },
];

const judges: Told[] = [
  {
    says: "chance that decides can't be foretold",
    rule: chanceIsFair,
    bad: [
      named("inventory/src/draw-order.ts", "order.sort(() => Math.random() - 0.5);\n"),
      named("gateway/src/callers/cookie.ts", "const id = Math.random();\n"),
    ],
  },
  {
    says: "a process clock decides nothing",
    rule: storesKeepTheTime,
    bad: [
      named("inventory/src/holds/a.ts", "if (hold.expiresAt < Date.now()) end(hold);\n"),
      named("sql/src/a.ts", "query(text, [new Date()]);\n"),
    ],
  },
];

const manifests: Told[] = [
  {
    says: "each version stands once, in the catalog",
    rule: versionsStandOnce,
    bad: [
      named("web/package.json", '{"dependencies":{"react":"19.3.1"}}'),
      named("web/package.json", '{"devDependencies":{"vite":"^8.3.8"}}'),
      named("package.json", '{"devDependencies":{"tsx":"latest"}}'),
    ],
  },
  {
    says: "the catalog's versions are exact",
    rule: catalogIsExact,
    bad: [
      named(
        "pnpm-workspace.yaml",
        "packages:\n  - web\n\ncatalog:\n  react: ^19.3.1\n\nallowBuilds:\n  a: true\n",
      ),
    ],
  },
  {
    says: "packages are named alike and carry the licence",
    rule: packagesAreAlike,
    bad: [
      named("pnpm-workspace.yaml", "packages:\n  - web\n"),
      [
        named("pnpm-workspace.yaml", "packages:\n  - web\n"),
        named("web/package.json", '{"name":"@dropgate/page"}'),
      ],
    ],
  },
];

const documented: Told[] = [
  {
    says: "each known way to lose stock has a test that keeps it out",
    rule: mistakesHaveTests,
    bad: [
      named(
        "docs/concepts/mistakes.md",
        "| mistake | test |\n| --- | --- |\n| a token spent too early | none |\n",
      ),
      [
        named("docs/concepts/mistakes.md", "| a token spent too early | `a.test.ts`: “tokens are kept” |\n"),
        named("a.test.ts", 'test("tokens are spent", () => {});\n'),
      ],
    ],
  },
  told("metrics.md", "metric", [...Object.keys(GATEWAY_METRICS), ...Object.keys(WORKER_METRICS)]),
  told("refusals.md", "refusal", Object.keys(REFUSALS)),
  told("report.md", "check of a report", [...REPORT_CHECKS, ...INVENTORY_CHECKS]),
  told("settings.md", "setting", Object.keys(settingsSchema.shape), environmentRead),
];

function told(
  page: string,
  what: string,
  names: readonly string[],
  mayBeTold?: Parameters<typeof isTold>[2],
): Told {
  const path = `docs/reference/${page}`;
  const all = names.map((name) => `## \`${name}\`\n`);
  return {
    says: `each ${what} is told in ${path}, and no other`,
    rule: isTold(path, names, mayBeTold),
    bad: [named(path, all.slice(1).join("")), named(path, `${all.join("")}| \`NOT_THIS_ONE\` | x |\n`), []],
  };
}

const RULES = { imports, words, shapes, judges, manifests, documented };

for (const [subject, rules] of Object.entries(RULES)) {
  describe(subject, () => {
    for (const { says, rule, bad } of rules) {
      test(says, () => {
        for (const example of bad) {
          const files = Array.isArray(example) ? example : [example];
          expect(rule(files), `should be found: ${JSON.stringify(example)}`).not.toEqual([]);
        }
        expect(rule(repository).map(inWords)).toEqual([]);
      });
    }
  });
}

function inWords({ path, line, says }: Fault): string {
  return `${path}${line === 0 ? "" : `:${line}`}: ${says}`;
}

/** All folders that one knows, and that those know. */
function reach(arrows: ReadonlyMap<string, Set<string>>, from: string): Set<string> {
  const reached = new Set<string>();
  const walk = (folder: string): void => {
    for (const next of arrows.get(folder) ?? []) {
      // The simulator may know anything, itself included.
      if (reached.has(next) || (folder === "simulator" && next === folder)) continue;
      reached.add(next);
      walk(next);
    }
  };
  walk(from);
  return reached;
}

test("the table of folders is read whole, and no arrow leads back", () => {
  const arrows = readArrows(repository);
  const workspace = repository.find(({ path }) => path === "pnpm-workspace.yaml")?.text ?? "";
  const folders = [...workspace.matchAll(/^ {2}- ([a-z0-9-]+)$/gm)].map((match) => match[1] ?? "");
  expect([...arrows.keys()].toSorted()).toEqual(folders.toSorted());
  expect(arrows.get("draw")?.size).toBe(0);
  expect(folders.filter((folder) => reach(arrows, folder).has(folder))).toEqual([]);
  expect([...(arrows.get("sql") ?? [])]).toEqual(["contracts"]);
});

test("what each call may refuse with is in the catalogue", () => {
  expect(refusalsExist(ENDPOINTS, Object.keys(REFUSALS))).toEqual([]);
  expect(refusalsExist({ join: { refusals: ["NO_SUCH_CODE"] } }, Object.keys(REFUSALS))).toHaveLength(1);
});
