// Samples the figures of the sales that go on, each second, for whoever looks at their series later. What the gateway
// knows costs nothing; the units of all of them are counted in one statement, less often where they are many. Of sales
// that operators watch it knows more: their pools, the words of the other gateways, how the stores answer.
import { FIGURES_EVERY_MS, FIGURES_MANY_EVERY_MS, FIGURES_MANY_UNITS } from "@dropgate/contracts/limits";
import type { LiveMetrics, SaleTotals } from "@dropgate/contracts/sale-metrics";
import type { HotStore } from "@dropgate/lua";
import type { Truth } from "@dropgate/sql";
import { readFigures } from "@dropgate/sql/keys/heartbeats";
import { countPoolsOf, countUnitsOf, type PoolCounts, type UnitCounts } from "@dropgate/sql/sales/stock";
import { readTallies } from "@dropgate/sql/sales/totals";
import { type GatewayFigures, gatewayFiguresSchema } from "../telemetry/own-figures.ts";
import type { KnownSale } from "./known-sale.ts";
import { type Sample, Series } from "./series.ts";
import { NO_TOTALS, totalsOf } from "./totals.ts";

export interface FiguresParts {
  truth: Truth;
  hotStore: HotStore;
  sales: { known(): Iterable<KnownSale> };
  onError: (error: unknown) => void;
}

export interface Kept {
  series: Series;
  counts: UnitCounts;
  countedAtMs: number;
  totals: SaleTotals;
  openOffers: number;
  /** Of a sale that is watched. */
  pools: PoolCounts[];
}

type Health = LiveMetrics["health"];

const UNKNOWN: Health["redis"] = { ok: false, ms: null };
/** A look that has no answer by then says that PostgreSQL is away, before the statement says so itself. */
const LOOK_MS_MAX = 2 * FIGURES_EVERY_MS;

export class Figures {
  readonly #parts: FiguresParts;
  readonly #kept = new Map<KnownSale, Kept>();
  /** How many sockets are on a sale here; set by the sockets' side. */
  visitorsOf: (sale: KnownSale) => number = () => 0;
  /** The sales that operators watch here; set by the sockets' side, */
  watched: () => ReadonlySet<KnownSale> = () => NO_SALES;
  /** and told when there is a new sample. */
  onSample: () => void = () => {};
  /** What the other gateways said last. */
  others: GatewayFigures[] = [];
  #health: Health = { redis: UNKNOWN, postgresql: UNKNOWN };
  #timer: NodeJS.Timeout | null = null;
  #sampling: { sinceMs: number; done: Promise<void> } | null = null;
  readonly #name: string;

  /** @param name of this gateway, as its heartbeat has it */
  constructor(parts: FiguresParts, name: string) {
    this.#parts = parts;
    this.#name = name;
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

  /** What was sampled last; null: nothing yet. */
  newest(sale: KnownSale): Kept | null {
    return this.#kept.get(sale) ?? null;
  }

  /** Sockets here by sale, of sales that have any. */
  clientsOf(sales: Iterable<KnownSale>): Record<string, number> {
    const clients: Record<string, number> = {};
    for (const sale of sales) {
      const count = this.visitorsOf(sale);
      if (count > 0) clients[sale.id] = count;
    }
    return clients;
  }

  /** How the stores answered the last look. */
  health(nowMs: number): Health {
    const { sinceMs = nowMs } = this.#sampling ?? {};
    return nowMs - sinceMs > LOOK_MS_MAX ? { ...this.#health, postgresql: UNKNOWN } : this.#health;
  }

  /** Takes one sample of every sale that goes on, and of each that is watched. @throws when PostgreSQL is away: there is a gap then */
  sample(nowMs: number): Promise<void> {
    if (this.#sampling !== null) return this.#sampling.done;
    const done = this.#sample(nowMs).finally(() => {
      this.#sampling = null;
      this.onSample();
    });
    this.#sampling = { sinceMs: nowMs, done };
    return done;
  }

  async #sample(nowMs: number): Promise<void> {
    const watched = this.watched();
    const open = [...this.#parts.sales.known()].filter(
      (sale) => sale.phase !== "closed" || sale.stockMoves || watched.has(sale),
    );
    try {
      await Promise.all([this.#look(open, watched, nowMs), this.#lookAtRedis(watched)]);
    } catch (error) {
      this.#health = { ...this.#health, postgresql: UNKNOWN };
      throw error;
    }
    for (const sale of open) {
      const kept = this.#kept.get(sale);
      if (kept) kept.series.add(sampleOf(sale, kept.counts, kept.totals, this.visitorsOf(sale), nowMs));
    }
  }

  async #look(open: readonly KnownSale[], watched: ReadonlySet<KnownSale>, nowMs: number): Promise<void> {
    const { truth } = this.#parts;
    if (open.length === 0) return;
    const began = performance.now();
    const tallies = await readTallies(
      truth,
      open.map((sale) => sale.id),
    );
    const postgresql = { ok: true, ms: since(began) };
    const due = open.filter((sale) => this.#isDue(sale, nowMs));
    const ids = (wanted: boolean): string[] =>
      due.filter((sale) => watched.has(sale) === wanted).map((sale) => sale.id);
    const [counts, pools, others] = await Promise.all([
      ids(false).length === 0 ? new Map<string, UnitCounts>() : countUnitsOf(truth, ids(false)),
      ids(true).length === 0 ? new Map<string, PoolCounts[]>() : countPoolsOf(truth, ids(true)),
      watched.size === 0 ? [] : readFigures(truth),
    ]);
    for (const sale of due) this.#keep(sale, counts.get(sale.id), pools.get(sale.id), nowMs);
    const byId = new Map(tallies.map((tally) => [tally.saleId, tally]));
    for (const sale of open) {
      const kept = this.#kept.get(sale);
      const tally = byId.get(sale.id);
      if (kept === undefined || tally === undefined) continue;
      kept.totals = totalsOf(tally);
      kept.openOffers = tally.openOffers;
    }
    this.others = others.flatMap(({ name, figures }) => {
      const read = gatewayFiguresSchema.safeParse(figures);
      return name !== this.#name && read.success ? [read.data] : [];
    });
    this.#health = { ...this.#health, postgresql };
  }

  async #lookAtRedis(watched: ReadonlySet<KnownSale>): Promise<void> {
    const [sale] = watched;
    if (sale === undefined) return;
    const { hotStore } = this.#parts;
    const began = performance.now();
    let answered = false;
    try {
      if (hotStore.ready) {
        await hotStore.sale(sale.id).read();
        answered = true;
      }
    } catch {
      // That it does not answer is what is to be told; what is done about it is others' work.
    }
    const redis = answered ? { ok: hotStore.whole, ms: since(began) } : UNKNOWN;
    this.#health = { ...this.#health, redis };
  }

  #isDue(sale: KnownSale, nowMs: number): boolean {
    const every = sale.row.quantity > FIGURES_MANY_UNITS ? FIGURES_MANY_EVERY_MS : 0;
    const kept = this.#kept.get(sale);
    if (kept !== undefined && kept.pools.length === 0 && this.watched().has(sale)) return true;
    return nowMs - (kept?.countedAtMs ?? Number.NEGATIVE_INFINITY) >= every;
  }

  #keep(
    sale: KnownSale,
    counts: UnitCounts | undefined,
    pools: PoolCounts[] | undefined,
    nowMs: number,
  ): void {
    if (counts === undefined && pools === undefined) return;
    const kept: Kept = this.#kept.get(sale) ?? {
      series: new Series(),
      counts: NO_UNITS,
      countedAtMs: nowMs,
      totals: NO_TOTALS,
      openOffers: 0,
      pools: [],
    };
    kept.pools = pools ?? [];
    kept.counts = counts ?? unitsOf(sale, kept.pools);
    kept.countedAtMs = nowMs;
    this.#kept.set(sale, kept);
  }
}

const NO_SALES: ReadonlySet<KnownSale> = new Set();
const NO_UNITS: UnitCounts = { free: 0, held: 0, sold: 0, returned: 0 };

function unitsOf({ row }: KnownSale, pools: readonly PoolCounts[]): UnitCounts {
  const sum = (what: "available" | "held" | "sold" | "capacity"): number =>
    pools.reduce((all, pool) => all + pool[what], 0);
  return {
    free: sum("available"),
    held: sum("held"),
    sold: sum("sold"),
    returned: Math.max(0, row.quantity - sum("capacity")),
  };
}

function since(began: number): number {
  return Math.round((performance.now() - began) * 10) / 10;
}

export function sampleOf(
  sale: KnownSale,
  counts: UnitCounts,
  totals: SaleTotals,
  visitors: number,
  atMs: number,
): Sample {
  const { waiting, serving, ratePerSecond } = sale;
  const { joined, offered, claimed, confirmed, lapsed, expired } = totals;
  return {
    atMs,
    waiting,
    serving,
    ratePerSecond,
    ...counts,
    visitors,
    joined,
    offered,
    claimed,
    confirmed,
    expired: lapsed + expired,
  };
}
