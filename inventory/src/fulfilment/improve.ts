// A good set of sites found quickly: from a start, the best of closing one, opening one or exchanging two, until
// nothing helps. The closer the first answer is to the best one, the more branches end where they begin.
import type { Problem } from "./assignment.ts";
import { valueOf } from "./use.ts";

/** Each step is better than the one before; from any start a few suffice. */
const STEPS_MAX = 20;

function neighbours(open: readonly number[], free: readonly number[]): number[][] {
  const others = free.filter((j) => !open.includes(j));
  const without = open.map((j) => open.filter((k) => k !== j));
  return [
    ...without,
    ...others.map((j) => [...open, j]),
    ...without.flatMap((rest) => others.map((j) => [...rest, j])),
  ];
}

/** @param free the sites that may be used */
export function improve(problem: Problem, start: readonly number[], free: readonly number[]): number[] {
  let open = [...start];
  let value = valueOf(problem, open);
  for (let step = 0; step < STEPS_MAX; step += 1) {
    let better: number[] | null = null;
    for (const set of neighbours(open, free)) {
      const next = valueOf(problem, set);
      if (next >= value) continue;
      value = next;
      better = set;
    }
    if (better === null) return open;
    open = better;
  }
  return open;
}
