// Words that must not be in the repository: promises nobody keeps, silenced tools, tests that don't run,
// secrets, and paths of somebody's machine.
import { faultsOfLines, isCode, isTest, isTidy, type Rule, type SourceFile } from "./source-files.ts";

interface Word {
  pattern: RegExp;
  says: string;
}

function wordsAreAbsent(words: readonly Word[], isJudged: (file: SourceFile) => boolean): Rule {
  return (files) =>
    faultsOfLines(
      files.filter((file) => isJudged(file) && !isTidy(file)),
      (line) => words.find(({ pattern }) => pattern.test(line))?.says ?? null,
    );
}

export const nothingIsPutOff: Rule = wordsAreAbsent(
  [{ pattern: /\b(TODO|FIXME|XXX|HACK)\b/, says: "do it, or write an issue: nobody reads this again" }],
  (file) => /\.(tsx?|js|lua|sql|css|html|md)$/.test(file.path),
);

export const toolsAreNotSilenced: Rule = wordsAreAbsent(
  [
    { pattern: /@ts-(ignore|expect-error|nocheck)/, says: "say the type instead; the compiler is right" },
    { pattern: /(biome-ignore|oxlint-disable|eslint-disable)/, says: "change the code, or the rule for all" },
    {
      pattern: /^(?!\s*(\/\/|\*|\/\*)).*(\bas any\b|:\s*any\b|<any>|\bany\[\])/,
      says: "unknown, and a look at what it is",
    },
  ],
  isCode,
);

export const everyTestRuns: Rule = wordsAreAbsent(
  [
    { pattern: /\b(test|it|describe)\.only\b/, says: "runs alone: all the others are silently left out" },
    { pattern: /\b(test|it|describe)\.(skip|todo|fails)\b/, says: "mend it or delete it" },
    { pattern: /\bwaitForTimeout\(/, says: "wait for a level, never for a time" },
    {
      pattern: /new Redis\((inject\("redisUrl"\)|stores\.redisUrl)/,
      says: "the run's Redis may be a cluster: openGeneralClient speaks to either",
    },
  ],
  isTest,
);

export const noSecrets: Rule = wordsAreAbsent(
  [
    { pattern: /-----BEGIN [A-Z ]*PRIVATE KEY-----/, says: "a private key: make it where it is needed" },
    {
      pattern: /\b(AKIA[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{30,}|sk_live_\w{16,}|npm_\w{30,})\b/,
      says: "a token",
    },
  ],
  () => true,
);

export const noMachine: Rule = wordsAreAbsent(
  [
    { pattern: /(^|[\s"'`(=:])\/(work|root|home\/[a-z]+|Users\/\w+)\//, says: "a path of one machine" },
    {
      pattern: /(^|[\s"'`(=:])\/tmp\/[a-z]/i,
      says: "ask for a temporary directory; two runs share this one",
    },
  ],
  (file) => !file.path.endsWith(".svg"),
);

/** Whoever clones this uses the registry they have set. */
export const noRegistry: Rule = (files) =>
  faultsOfLines(
    files.filter(({ path }) =>
      /(^|\/)(\.npmrc|pnpm-lock\.yaml|pnpm-workspace\.yaml|package\.json)$/.test(path),
    ),
    (line) => (/\bregistry\s*[=:]|tarball:\s*http|_authToken/.test(line) ? "names a registry" : null),
  );
