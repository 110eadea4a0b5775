// How the simulated shoppers of a rehearsal behave: kinds of people and how many there are of each. The shoppers are made
// of it and so is the prediction, so that the two mean the same crowd. No schemas here, so that pages may have it.

export const SALE_BEHAVIOURS = ["mixed", "eager", "hesitant"] as const;
export type SaleBehaviour = (typeof SALE_BEHAVIOURS)[number];

/** What a shopper does, once it is their turn. */
export type Course =
  /** claims and pays, */
  | "buys"
  /** claims and gives the unit back after a while, */
  | "givesBack"
  /** claims and lets the purchase window run out, */
  | "forgets"
  /** lets the offer lapse and comes back, once, and then buys, */
  | "missesOnce"
  /** lets the offer lapse and stays away, */
  | "misses"
  /** or is gone before any offer. */
  | "leaves";

export interface BehaviourKind {
  course: Course;
  /** Of 100. */
  share: number;
}

export interface Behaviour {
  kinds: readonly BehaviourKind[];
  /** From the offer to the claim: spread evenly from `least` to `most`, in ms at speed 1. */
  decideMs: { least: number; most: number };
  /** From the claim to the order, or to the giving back. */
  payMs: { least: number; most: number };
  /** From joining to leaving, of those who leave. */
  leaveMs: { least: number; most: number };
}

export const BEHAVIOURS: Readonly<Record<SaleBehaviour, Behaviour>> = {
  mixed: {
    kinds: [
      { course: "buys", share: 83 },
      { course: "givesBack", share: 8 },
      { course: "forgets", share: 1 },
      { course: "missesOnce", share: 4 },
      { course: "misses", share: 2 },
      { course: "leaves", share: 2 },
    ],
    decideMs: { least: 400, most: 9_400 },
    payMs: { least: 800, most: 14_800 },
    leaveMs: { least: 15_000, most: 45_000 },
  },
  eager: {
    kinds: [{ course: "buys", share: 100 }],
    decideMs: { least: 0, most: 500 },
    payMs: { least: 0, most: 1_000 },
    leaveMs: { least: 0, most: 0 },
  },
  hesitant: {
    kinds: [
      { course: "buys", share: 50 },
      { course: "givesBack", share: 14 },
      { course: "forgets", share: 6 },
      { course: "missesOnce", share: 12 },
      { course: "misses", share: 12 },
      { course: "leaves", share: 6 },
    ],
    decideMs: { least: 2_000, most: 20_000 },
    payMs: { least: 5_000, most: 60_000 },
    leaveMs: { least: 10_000, most: 60_000 },
  },
};

/** The kind of one shopper. @param random from 0 up to 1 */
export function courseFrom({ kinds }: Behaviour, random: number): Course {
  let left = random * kinds.reduce((sum, { share }) => sum + share, 0);
  for (const { course, share } of kinds) {
    left -= share;
    if (left < 0) return course;
  }
  return "buys";
}
