// Chance that can be had again: the same seed and name, the same rolls.
import { createHash } from "node:crypto";

export interface Dice {
  /** From 0 to under 1. */
  roll(): number;
  /** @param percent 0 never, 100 always */
  happens(percent: number): boolean;
}

export function diceOf(seed: string, name: string): Dice {
  let rolls = 0;
  const roll = (): number => {
    rolls += 1;
    const digest = createHash("sha256").update(`${seed}\n${name}\n${rolls}`).digest();
    return digest.readUInt32BE(0) / 2 ** 32;
  };
  return { roll, happens: (percent) => roll() * 100 < percent };
}
