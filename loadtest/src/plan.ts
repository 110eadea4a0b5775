// How a simulated shopper behaves, as data: the journey acts on it, the crowd's mixtures are made of it.

/** Times in ms. */
export interface Plan {
  /** What he does with an offer: `lapse` lets its window pass. */
  atOffer: "claim" | "lapse";
  /** From the offer to the answer. */
  decideAfterMs: number;
  /** After an offer that lapsed: comes back once, and then claims. */
  comesBack: boolean;
  /** What he does with a unit that is held for him: `lapse` lets the purchase window pass. */
  atHold: "pay" | "release" | "lapse";
  /** From the claim to the checkout or the release. */
  payAfterMs: number;
  /** After a checkout that came to nothing: gives the unit back, or lets it lapse. */
  afterFailure: "release" | "lapse";
  /** Leaves the line this long after joining, if he is still waiting then. */
  leaveAfterMs?: number;
}

/** Claims at once and pays at once. */
export const EAGER: Plan = {
  atOffer: "claim",
  decideAfterMs: 0,
  comesBack: true,
  atHold: "pay",
  payAfterMs: 0,
  afterFailure: "release",
};

/** One kind of shopper and how many of them there are, in any unit. */
export interface Share {
  weight: number;
  plan: Plan;
}

/** The plan of one shopper out of a mixture, by a number from 0 up to 1. */
export function planFrom(mixture: readonly Share[], random: number): Plan {
  const total = mixture.reduce((sum, share) => sum + share.weight, 0);
  let left = random * total;
  for (const share of mixture) {
    left -= share.weight;
    if (left < 0) return share.plan;
  }
  return mixture.at(-1)?.plan ?? EAGER;
}
