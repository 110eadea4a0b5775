// The English words around a check of the draw: loaded with the press that asks for it.
import type { Check, CheckName } from "@dropgate/draw";
import { formatsFor, type PluralForms } from "./formats.ts";
import type { CountsIn } from "./languages.ts";

const f = formatsFor("en");
const counts = {
  more: { one: "and {n} more", other: "and {n} more" },
  valid: {
    one: "All of it holds. {n} number was worked out again, here in your browser.",
    other: "All of it holds. {n} numbers were worked out again, here in your browser.",
  },
  open: {
    one: "So far it holds, for {n} number. The rest can be checked when the sale has closed and the secret is published.",
    other:
      "So far it holds, for {n} numbers. The rest can be checked when the sale has closed and the secret is published.",
  },
} satisfies CountsIn<"en">;

/** What each check found; `later` only where a check may have to wait for the end of the sale. */
export type CheckTexts = Record<CheckName, { passed: string; failed: string; later?: string }>;

export const enDraw = {
  counts: counts as Record<keyof typeof counts, PluralForms>,
  progressLabel: "Checking the draw",
  reading: (checked: number, of: number) =>
    `${f.number(checked)} of ${f.number(of)} numbers worked out again…`,
  stop: "Stop",
  stopped: "You stopped the check before it was through, so it says nothing about the proof.",
  again: "Check it again",
  away: "The proof could not be read just now. Nothing is wrong with it as far as we know; please try again.",
  verdicts: {
    valid: (entries: number) => f.count(entries, counts.valid),
    open: (entries: number) => f.count(entries, counts.open),
    invalid: "This proof does not hold. What is wrong is marked below; please show it to the shop.",
  },
  marks: { passed: "holds", failed: "does not hold", later: "later" } satisfies Record<
    Check["state"],
    string
  >,
  own: (claimed: number, recomputed: number | null) =>
    recomputed === null
      ? `Your number in the list: ${f.number(claimed)}.`
      : `Your number in the list: ${f.number(claimed)}. Worked out again: ${f.number(recomputed)}.`,
  notListed: "Your entry is in none of the published lists yet.",
  more: (count: number) => f.count(count, counts.more),
  fingerprints: {
    commitment: "Fingerprint of the secret",
    secret: "The secret",
    digest: "Fingerprint of your list",
    key: "What your number follows from",
  },
  checks: {
    file: {
      passed: "The draw file is whole and within its bounds.",
      failed: "The draw file can't be read.",
    },
    algorithm: {
      passed: "The algorithm is dropgate-draw-1.",
      failed: "The algorithm is another one.",
    },
    noted: {
      passed: "The fingerprint is the one that you noted.",
      failed: "The fingerprint is not the one that you noted.",
    },
    commitment: {
      passed: "The secret is the one whose fingerprint was published.",
      failed: "The secret is not the one whose fingerprint was published.",
      later: "The secret is published when the sale closes.",
    },
    buckets: {
      passed: "Numbers start at 1 and go on from list to list without gaps.",
      failed: "The lists don't follow each other as they must.",
    },
    seeds: {
      passed: "Each list's order follows from the secret and from the list's own fingerprint.",
      failed: "A list's order does not follow from the secret and from the list's own fingerprint.",
      later: "Whether the orders follow from the secret can be checked when the sale has closed.",
    },
    lines: {
      passed: "Every line of the list can be read.",
      failed: "Some lines of the list can't be read.",
    },
    membership: {
      passed: "Every entry is in exactly one list.",
      failed: "An entry was drawn twice, or stands in a list that does not exist.",
    },
    counts: {
      passed: "Every list has as many entries as it says.",
      failed: "A list has more or fewer entries than it says.",
    },
    digests: {
      passed: "Every list is the one that was sealed before the draw.",
      failed: "A list is not the one that was sealed before the draw.",
    },
    tickets: {
      passed: "Every number was given out exactly once.",
      failed: "Numbers are missing, doubled or don't belong here.",
    },
    order: {
      passed: "Every number is the one that the draw gives.",
      failed: "Some numbers are not the ones that the draw gives.",
      later: "The order can be checked when the sale has closed.",
    },
  } satisfies CheckTexts as CheckTexts,
};

export type DrawTexts = typeof enDraw;
