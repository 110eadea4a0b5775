// What is checked of a draw, and in which sentence each finding is told.

/** In the order in which they are told. `noted` is there only when a commitment noted before the draw was given. */
export const CHECKS = [
  "file",
  "algorithm",
  "noted",
  "commitment",
  "buckets",
  "seeds",
  "lines",
  "membership",
  "counts",
  "digests",
  "tickets",
  "order",
] as const;
export type CheckName = (typeof CHECKS)[number];

/** `later`: it can be checked only once the sale has closed and published its secret. */
export interface Check {
  name: CheckName;
  state: "passed" | "failed" | "later";
  /** One sentence on what was found. */
  detail: string;
  /** The first few places that are wrong; `wrong` says how many there are in all. */
  evidence: string[];
  wrong: number;
}

const ALWAYS = "can be checked now";
/** What each check found. */
export const SENTENCES: Record<CheckName, Record<Check["state"], string>> = {
  file: {
    passed: "the draw file is whole and within its bounds",
    failed: "the draw file cannot be read",
    later: ALWAYS,
  },
  algorithm: {
    passed: "the algorithm is dropgate-draw-1",
    failed: "the algorithm is another one",
    later: ALWAYS,
  },
  noted: {
    passed: "the commitment is the one that you noted",
    failed: "the commitment is not the one that you noted",
    later: ALWAYS,
  },
  commitment: {
    passed: "the secret is the one that was committed to",
    failed: "the secret is not the one that was committed to",
    later: "the secret is published when the sale closes",
  },
  buckets: {
    passed: "tickets start at 1 and go on from bucket to bucket without gaps",
    failed: "the buckets do not follow each other as they must",
    later: ALWAYS,
  },
  seeds: {
    passed: "each seed follows from the secret and the bucket's digest",
    failed: "a seed does not follow from the secret and the bucket's digest",
    later: "seeds can be checked when the sale closes and publishes its secret",
  },
  lines: {
    passed: "every line of the entries' file can be read",
    failed: "lines of the entries' file cannot be read",
    later: ALWAYS,
  },
  membership: {
    passed: "every entry is in exactly one listed bucket",
    failed: "an entry is drawn twice, or in a bucket that does not exist",
    later: ALWAYS,
  },
  counts: {
    passed: "every bucket has as many entries as it says",
    failed: "a bucket has more or fewer entries than it says",
    later: ALWAYS,
  },
  digests: {
    passed: "every bucket's list is the one that was sealed",
    failed: "a bucket's list is not the one that was sealed",
    later: ALWAYS,
  },
  tickets: {
    passed: "every ticket was given out exactly once",
    failed: "tickets are missing, repeated or foreign",
    later: ALWAYS,
  },
  order: {
    passed: "every ticket is the one that the bucket's seed gives",
    failed: "tickets are not the ones that the bucket's seed gives",
    later: "the order can be checked when the seeds are published",
  },
};
