// The exact minimum over all assignments of lines to locations, by branch and bound: a location is decided open or
// closed, the duals (dual-bound.ts) say what no completion can undercut, and a branch that can't be better ends.
// A general solver needs some 2 s for twenty lines and two hundred locations, this a few milliseconds, because it
// knows that all there is to decide is which locations are used.
import { Duals } from "./dual-bound.ts";
import { improve } from "./improve.ts";
import { type Use, useOf } from "./use.ts";

/** A line that goes to one location as a whole. */
export interface Whole {
  demand: number;
  /** By site; infinite where it can't go. */
  prices: readonly number[];
}

/** A line that no location has all of. */
export interface Split {
  demand: number;
  quantity: number;
  /** By site. */
  stock: readonly number[];
  /** Of one piece, by site. */
  prices: readonly number[];
  /** Those that have any, cheapest first. */
  sites: readonly number[];
}

export function splitOf(given: Omit<Split, "sites">): Split {
  const { stock, prices } = given;
  const sites = stock.flatMap((s, j) => (s > 0 ? [j] : []));
  return { ...given, sites: sites.toSorted((a, b) => prices[a]! - prices[b]! || a - b) };
}

export interface Problem {
  /** What using a site costs, whatever it ships. */
  fixed: readonly number[];
  wholes: readonly Whole[];
  splits: readonly Split[];
}

/** What a demand sends from a site. */
export interface Part {
  demand: number;
  site: number;
  /** Null: all of it. */
  quantity: number | null;
}

export interface Assignment {
  value: number;
  parts: Part[];
  /** Whether it is proven to be the least. */
  proven: boolean;
  nodes: number;
}

/** A stop for inputs made to be hard; real orders need tens, and with 20 × 200 a thousand take some 200 ms. The best known by then is the answer. */
export const ASSIGNMENT_NODES_MAX = 1_000;

/** Sites that another one replaces at no higher price, whatever is decided: they are never needed. */
function dominated(problem: Problem): boolean[] {
  const { fixed, wholes, splits } = problem;
  const out = fixed.map((_, j) => wholes.every(({ prices }) => prices[j] === Number.POSITIVE_INFINITY));
  for (let j = 0; j < fixed.length; j += 1) {
    // Two half-full shelves can be needed both: whoever has a piece of a split line stays.
    if (splits.some(({ stock }) => stock[j]! > 0)) out[j] = false;
    else if (out[j] === false) out[j] = isReplaced(problem, j, out);
  }
  return out;
}

function isReplaced({ fixed, wholes }: Problem, j: number, out: readonly boolean[]): boolean {
  for (let k = 0; k < fixed.length; k += 1) {
    if (out[k] === true || fixed[k]! > fixed[j]! || (fixed[k] === fixed[j] && k >= j)) continue;
    if (wholes.every(({ prices }) => prices[k]! <= prices[j]!)) return true;
  }
  return false;
}

/** One search; a class because branches share the incumbent and the marks of sites, and undo what they did. */
class Search {
  private best: Use | null;
  private nodes = 0;
  private stopped = false;
  private readonly duals: Duals;
  private readonly problem: Problem;

  constructor(problem: Problem, closed: readonly boolean[], best: Use | null) {
    this.problem = problem;
    this.best = best;
    this.duals = new Duals(problem, closed);
  }

  offer(open: readonly number[]): void {
    const use = useOf(this.problem, open);
    if (use !== null && (this.best === null || use.value < this.best.value)) this.best = use;
  }

  run(starts: readonly (readonly number[])[], free: readonly number[]): Assignment | null {
    this.duals.raise();
    for (const open of [...starts, this.duals.primal()]) {
      if (this.duals.bound < this.limit()) this.offer(improve(this.problem, open, free));
    }
    this.branch();
    if (this.best === null) return null;
    return { ...this.best, proven: !this.stopped, nodes: this.nodes };
  }

  private branch(): void {
    this.nodes += 1;
    if (this.nodes > ASSIGNMENT_NODES_MAX) {
      this.stopped = true;
      return;
    }
    const { duals } = this;
    duals.raise();
    if (duals.bound >= this.limit()) return;
    this.offer(duals.primal());
    duals.tighten(this.limit());
    if (duals.bound >= this.limit()) return;
    this.offer(duals.primal());
    const undo = duals.closeHopeless(this.limit());
    const site = duals.contested();
    if (site !== -1) {
      for (const mark of [1, -1]) {
        duals.marks[site] = mark;
        this.branch();
      }
      duals.marks[site] = 0;
    }
    for (const j of undo) duals.marks[j] = 0;
  }

  private limit(): number {
    return this.best?.value ?? Number.POSITIVE_INFINITY;
  }
}

/**
 * Null when the sites together have too little.
 * @param known an assignment to begin with: the answer is never worse
 */
export function assign(problem: Problem, known: Use | null = null): Assignment | null {
  const closed = dominated(problem);
  const free = [...closed.keys()].filter((j) => closed[j] === false);
  // One that is nowhere dearer than any other: mostly the nearest, which has all of an ordinary order.
  const only = free.length === 1 ? useOf(problem, free) : null;
  if (only !== null) return { ...only, proven: true, nodes: 0 };
  const starts = known === null ? [] : [[...new Set(known.parts.map(({ site }) => site))]];
  return new Search(problem, closed, known).run(starts, free);
}
