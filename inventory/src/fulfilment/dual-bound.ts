// What no plan can undercut. Each line offers a price for being shipped and raises it as long as no location could
// be paid for by what lines offer beyond its prices; the sum of the offers is a lower bound. The ascent and its
// tightening are Erlenkotter's ("A dual-based procedure for uncapacitated facility location", 1978); the price that
// a split line may offer, with what a shelf holds as its capacity, is added here.
import type { Problem, Split } from "./assignment.ts";

interface Line {
  prices: readonly number[];
  /** Sites it can go to, cheapest first. */
  sites: number[];
}

/** Rounds of tightening: the first gives nearly all. */
const TIGHTENINGS_MAX = 2;

export class Duals {
  /** What a site lacks to be paid for. */
  private slack: Float64Array;
  /** What each line offers. */
  private offers: Float64Array;
  bound = 0;
  /** 1 open, −1 closed, 0 not decided. */
  readonly marks: Int8Array;
  private readonly lines: Line[];
  private readonly all: number[];

  private readonly problem: Problem;
  private readonly out: readonly boolean[];

  /** @param out sites that are never used */
  constructor(problem: Problem, out: readonly boolean[]) {
    this.problem = problem;
    this.out = out;
    this.marks = new Int8Array(problem.fixed.length);
    this.slack = new Float64Array(problem.fixed.length);
    this.offers = new Float64Array(problem.wholes.length);
    this.lines = problem.wholes.map(({ prices }) => ({
      prices,
      sites: prices
        .map((_, j) => j)
        .filter((j) => out[j] === false && prices[j]! < Number.POSITIVE_INFINITY)
        .toSorted((a, b) => prices[a]! - prices[b]! || a - b),
    }));
    this.all = this.lines.map((_, i) => i);
  }

  /** A bound for the marks as they are. */
  raise(): void {
    const { fixed, splits } = this.problem;
    this.bound = 0;
    for (let j = 0; j < fixed.length; j += 1) {
      const isOpen = this.marks[j] === 1;
      this.slack[j] = isOpen ? 0 : fixed[j]!;
      if (isOpen) this.bound += fixed[j]!;
    }
    // Split lines first: they are the ones whose locations can't be chosen freely.
    for (const split of splits) this.bound += this.offerSplit(split);
    for (let i = 0; i < this.lines.length; i += 1) {
      const { sites, prices } = this.lines[i]!;
      const nearest = sites.find((j) => this.marks[j] !== -1);
      this.offers[i] = nearest === undefined ? Number.POSITIVE_INFINITY : prices[nearest]!;
      this.bound += this.offers[i]!;
    }
    if (this.bound < Number.POSITIVE_INFINITY) this.ascend(this.all);
  }

  /**
   * All pieces offer the same price λ. A shelf of s pieces is worth s × (λ − price) to them, of which it may keep
   * what its slack allows: that pays for the location, the rest is what the bound loses.
   */
  private offerSplit({ quantity, stock, prices, sites: all }: Split): number {
    const sites = all.filter((j) => this.marks[j] !== -1);
    const paid = (j: number): number => prices[j]! + this.slack[j]! / stock[j]!;
    let left = quantity;
    const marginal = sites
      .toSorted((a, b) => paid(a) - paid(b) || a - b)
      .find((j) => (left -= stock[j]!) <= 0);
    if (marginal === undefined) return Number.POSITIVE_INFINITY;
    const lambda = Math.floor(paid(marginal));
    let bound = quantity * lambda;
    for (const j of sites) {
      const worth = Math.max(0, stock[j]! * (lambda - prices[j]!));
      const kept = Math.min(this.slack[j]!, worth);
      this.slack[j]! -= kept;
      bound -= worth - kept;
    }
    return bound;
  }

  /** Raises the offers of some lines, each from one price to the next in turn, until a full site is in the way of all. */
  private ascend(lines: readonly number[]): void {
    let raised = true;
    while (raised) {
      raised = false;
      for (const i of lines) if (this.raiseOffer(i)) raised = true;
    }
  }

  /** Whether it came to its next price, so that it may go on. */
  private raiseOffer(i: number): boolean {
    const { sites, prices } = this.lines[i]!;
    const offer = this.offers[i]!;
    let room = Number.POSITIVE_INFINITY;
    let next = Number.POSITIVE_INFINITY;
    for (const j of sites) {
      if (this.marks[j] === -1) continue;
      if (prices[j]! > offer) {
        next = prices[j]!;
        break;
      }
      if (this.slack[j]! < room) room = this.slack[j]!;
      if (room === 0) return false;
    }
    const step = Math.min(room, next - offer);
    for (const j of sites) {
      if (prices[j]! > offer) break;
      if (this.marks[j] !== -1) this.slack[j]! -= step;
    }
    this.offers[i]! += step;
    this.bound += step;
    return next - offer <= room;
  }

  /** Full sites that a line pays more than its price: two of them are one too many. */
  private overpaid(i: number): number {
    const { sites, prices } = this.lines[i]!;
    let count = 0;
    for (const j of sites) {
      if (prices[j]! >= this.offers[i]!) break;
      if (this.marks[j] !== -1 && this.slack[j] === 0) count += 1;
    }
    return count;
  }

  /** A line that pays for two sites steps back, and the others may go where it stood: kept if the sum is higher. */
  tighten(limit: number): void {
    for (let round = 0; round < TIGHTENINGS_MAX; round += 1) {
      const before = this.bound;
      for (let i = 0; i < this.lines.length && this.bound < limit; i += 1) {
        if (this.overpaid(i) > 1) this.stepBack(i);
      }
      if (this.bound === before) return;
    }
  }

  private stepBack(i: number): void {
    const kept = { slack: this.slack.slice(), offers: this.offers.slice(), bound: this.bound };
    const { sites, prices } = this.lines[i]!;
    const offer = this.offers[i]!;
    const below = sites.findLast((j) => this.marks[j] !== -1 && prices[j]! < offer);
    if (below === undefined) return;
    const step = offer - prices[below]!;
    for (const j of sites) {
      if (prices[j]! >= offer) break;
      if (this.marks[j] === 0) this.slack[j]! += step;
      // An open site has no slack to give back: what was paid beyond its price was never taken.
    }
    this.offers[i]! -= step;
    this.bound -= step;
    this.ascend(this.all.filter((k) => k !== i));
    this.ascend(this.all);
    if (this.bound > kept.bound) return;
    this.slack = kept.slack;
    this.offers = kept.offers;
    this.bound = kept.bound;
  }

  /** Sites that are open or full; each line then looks for the cheapest of them. */
  primal(): number[] {
    const open = [...this.marks.keys()].filter((j) => this.marks[j] === 1);
    const isReady = (j: number): boolean => this.marks[j] === 0 && this.slack[j] === 0;
    const chosen = new Set(open);
    for (let i = 0; i < this.lines.length; i += 1) {
      const { sites, prices } = this.lines[i]!;
      if (sites.some((j) => chosen.has(j) && prices[j]! <= this.offers[i]!)) continue;
      const site = sites.find((j) => isReady(j));
      if (site !== undefined) chosen.add(site);
    }
    for (const { stock } of this.problem.splits) {
      stock.forEach((s, j) => s > 0 && isReady(j) && chosen.add(j));
    }
    return [...chosen];
  }

  /** Closes what is so far from being paid for that using it can't be better than what is known; says which. */
  closeHopeless(limit: number): number[] {
    const hopeless = [...this.marks.keys()].filter(
      (j) => this.marks[j] === 0 && this.bound + this.slack[j]! >= limit,
    );
    for (const j of hopeless) this.marks[j] = -1;
    return hopeless;
  }

  /** The site to decide next: the one that lines overpay most, else the fullest; −1 when all is decided. */
  contested(): number {
    let best = -1;
    let most = -1;
    for (let j = 0; j < this.marks.length; j += 1) {
      if (this.marks[j] !== 0 || this.out[j] === true) continue;
      let paid = 0;
      this.lines.forEach(({ prices }, i) => {
        paid += Math.max(0, this.offers[i]! - prices[j]!);
      });
      const weight = this.slack[j] === 0 ? 1 + paid : 1 / (1 + this.slack[j]!);
      if (weight > most) [best, most] = [j, weight];
    }
    return best;
  }
}
