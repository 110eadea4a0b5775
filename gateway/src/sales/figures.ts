// Samples the figures of the sales that go on, each second, for whoever looks at their series later. What the gateway
// knows costs nothing; the units of all of them are counted in one statement, less often where they are many.
import { FIGURES_EVERY_MS, FIGURES_MANY_EVERY_MS, FIGURES_MANY_UNITS } from "@dropgate/contracts/limits";
import type { Truth } from "@dropgate/sql";
import { countUnitsOf, type UnitCounts } from "@dropgate/sql/sales/stock";
import type { KnownSale } from "./known-sale.ts";
import { type Sample, Series } from "./series.ts";

export interface FiguresParts {
  truth: Truth;
  sales: { known(): Iterable<KnownSale> };
  onError: (error: unknown) => void;
}

interface Kept {
  series: Series;
  counts: UnitCounts;
  countedAtMs: number;
}

export class Figures {
  readonly #parts: FiguresParts;
  readonly #kept = new Map<KnownSale, Kept>();
  /** How many sockets are on a sale here; set by the sockets' side. */
  visitorsOf: (sale: KnownSale) => number = () => 0;
  #timer: NodeJS.Timeout | null = null;
  #isSampling = false;

  constructor(parts: FiguresParts) {
    this.#parts = parts;
  }

  start(): void {
    this.#timer = setInterval(() => {
      this.sample(Date.now()).catch(this.#parts.onError);
    }, FIGURES_EVERY_MS);
    this.#timer.unref();
  }

  stop(): void {
    if (this.#timer) clearInterval(this.#timer);
  }

  /** The sale's series; empty when it was not sampled yet. */
  of(sale: KnownSale): Series {
    return this.#kept.get(sale)?.series ?? new Series();
  }

  /** Takes one sample of every sale that goes on. @throws when PostgreSQL is away: there is a gap then */
  async sample(nowMs: number): Promise<void> {
    if (this.#isSampling) return;
    this.#isSampling = true;
    try {
      const open = [...this.#parts.sales.known()].filter(
        (sale) => sale.phase !== "closed" || sale.stockMoves,
      );
      const due = open.filter((sale) => this.#isDue(sale, nowMs));
      if (due.length > 0) {
        const counts = await countUnitsOf(
          this.#parts.truth,
          due.map((sale) => sale.id),
        );
        for (const sale of due) this.#keep(sale, counts.get(sale.id), nowMs);
      }
      for (const sale of open) {
        const kept = this.#kept.get(sale);
        if (kept) kept.series.add(sampleOf(sale, kept.counts, this.visitorsOf(sale), nowMs));
      }
    } finally {
      this.#isSampling = false;
    }
  }

  #isDue(sale: KnownSale, nowMs: number): boolean {
    const every = sale.row.quantity > FIGURES_MANY_UNITS ? FIGURES_MANY_EVERY_MS : 0;
    const countedAtMs = this.#kept.get(sale)?.countedAtMs ?? Number.NEGATIVE_INFINITY;
    return nowMs - countedAtMs >= every;
  }

  #keep(sale: KnownSale, counts: UnitCounts | undefined, nowMs: number): void {
    if (counts === undefined) return;
    const kept = this.#kept.get(sale) ?? { series: new Series(), counts, countedAtMs: nowMs };
    kept.counts = counts;
    kept.countedAtMs = nowMs;
    this.#kept.set(sale, kept);
  }
}

export function sampleOf(sale: KnownSale, counts: UnitCounts, visitors: number, atMs: number): Sample {
  const { waiting, serving, ratePerSecond } = sale;
  return { atMs, waiting, serving, ratePerSecond, ...counts, visitors };
}
