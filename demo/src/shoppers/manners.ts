// How a crowd of people behaves at a sale, as far as a demo needs it: most buy within seconds, a few do what keeps a
// shop's staff awake.

import { EAGER, type Plan } from "@dropgate/loadtest/plan";

/** What happens at the till: the first card works; is declined and a second one works; no card works. */
export type Purse = "good" | "secondCard" | "declined";

export interface Manners {
  name: string;
  plan: Plan;
  purse: Purse;
}

interface Kind {
  name: string;
  weight: number;
  purse?: Purse;
  plan?: Partial<Plan>;
}

const KINDS: readonly Kind[] = [
  { name: "buys", weight: 78 },
  { name: "buys with the second card", weight: 5, purse: "secondCard" },
  { name: "is declined and gives back", weight: 4, purse: "declined" },
  { name: "gives back", weight: 4, plan: { atHold: "release" } },
  { name: "misses the offer and comes back", weight: 4, plan: { atOffer: "lapse", comesBack: true } },
  { name: "misses the offer", weight: 2, plan: { atOffer: "lapse", comesBack: false } },
  { name: "lets the unit lapse", weight: 1, plan: { atHold: "lapse" } },
  { name: "leaves", weight: 2, plan: { leaveAfterMs: 30_000 } },
];
const TOTAL = KINDS.reduce((sum, kind) => sum + kind.weight, 0);

/** One shopper's manners. `random` answers from 0 up to 1. */
export function mannersOf(random: () => number): Manners {
  let left = random() * TOTAL;
  const kind = KINDS.find((each) => (left -= each.weight) < 0) ?? { name: "buys", weight: 0 };
  const plan: Plan = {
    ...EAGER,
    // Seconds: to notice that it is one's turn, and to find the card. Few need long.
    decideAfterMs: 400 + 9_000 * random() ** 2,
    payAfterMs: 800 + 14_000 * random() ** 2,
    ...kind.plan,
    ...(kind.plan?.leaveAfterMs === undefined
      ? {}
      : { leaveAfterMs: kind.plan.leaveAfterMs * (0.5 + random()) }),
  };
  return { name: kind.name, plan, purse: kind.purse ?? "good" };
}
