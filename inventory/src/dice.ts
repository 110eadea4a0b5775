// Chance from a seed: the same seed is the same case on every machine.

/** Chance that a seed repeats: for cases, catalogues and simulated people, never for a draw or a key. */
export interface Dice {
  /** 0 ≤ x < 1. */
  next(): number;
  /** From 0 up to below. */
  upTo(below: number): number;
  pick<T>(values: readonly T[]): T;
}

/** A Weyl sequence through a mixing function (SplitMix, in 32 bits): short, and the same everywhere. */
export function diceOf(seed: number): Dice {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x9e3779b9) >>> 0;
    let z = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return ((z ^ (z >>> 15)) >>> 0) / 2 ** 32;
  };
  const upTo = (below: number): number => Math.floor(next() * below);
  return { next, upTo, pick: (values) => values[upTo(values.length)]! };
}
