// A whole sale with a crowd over real sockets, watched from outside, and what must be true at its end. The
// kills run the same sale and strike in its middle.
import { createHmac } from "node:crypto";
import type { Entry } from "@dropgate/contracts/entry";
import type { Report } from "@dropgate/contracts/report";
import type { AdminSale } from "@dropgate/contracts/sale";
import { beginCrowd } from "@dropgate/loadtest/crowd";
import { nodeSurroundings } from "@dropgate/loadtest/node-surroundings";
import { EAGER, type Plan } from "@dropgate/loadtest/plan";
import type { CheckoutResult, Ending, JourneyEvent } from "@dropgate/loadtest/sightings";
import type { TallyView } from "@dropgate/loadtest/tally";
import type { House } from "./house.ts";
import { verifyDraw } from "./verified-draw.ts";

export interface SaleRunOptions {
  shoppers: number;
  units: number;
  /** Offers a second. */
  ratePerSecond: number;
  /** How many shoppers come in a second. */
  joinsPerSecond: number;
  claimWindowSeconds: number;
  seed: number;
  onProgress?: (text: string) => void;
  /** Told of every sighting: the kills wait here for their moment. */
  onEvent?: (shopper: number, event: JourneyEvent) => void;
}

/** What came of it: `failures` is empty when all that must hold held. */
export interface SaleRunResult {
  saleId: string;
  failures: string[];
  report: Report;
  tally: TallyView;
  /** Seconds from the first join, and between the moments. */
  seconds: { joined: number; drawToFirstOffer: number; drawToSoldOut: number; toldOutcome: number };
  purchased: number;
}

/** mulberry32: small, seeded, good enough to choose who dawdles. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

interface Manners {
  plan: Plan;
  card: "good" | "declined";
}

/** Most pay; some dawdle past the window (half of them come back), give back, are declined, or leave. */
function mannersOf(random: () => number): Manners {
  const roll = random();
  const plan: Plan = { ...EAGER, decideAfterMs: random() * 800, payAfterMs: random() * 800 };
  if (roll < 0.1) return { plan: { ...plan, atOffer: "lapse", comesBack: random() < 0.5 }, card: "good" };
  if (roll < 0.18) return { plan: { ...plan, atHold: "release" }, card: "good" };
  if (roll < 0.26) return { plan, card: "declined" };
  if (roll < 0.29) return { plan: { ...plan, leaveAfterMs: 1_000 + random() * 8_000 }, card: "good" };
  return { plan, card: "good" };
}

export async function runSale(house: House, options: SaleRunOptions): Promise<SaleRunResult> {
  const random = seededRandom(options.seed);
  const say = options.onProgress ?? (() => {});
  const lobbySeconds = Math.ceil(options.shoppers / options.joinsPerSecond) + 4;
  const at = (seconds: number): string => new Date(Date.now() + seconds * 1000).toISOString();
  const sale = await house.call<AdminSale>("POST", "/api/v1/admin/sales", {
    title: "The scenario",
    sku: "scenario",
    quantity: options.units,
    limitPerShopper: 1,
    admission: {
      ratePerSecond: options.ratePerSecond,
      burst: Math.max(1, Math.ceil(options.ratePerSecond / 4)),
    },
    claimWindowSeconds: options.claimWindowSeconds,
    purchaseWindowSeconds: 60,
    paymentExtensionSeconds: 60,
    schedule: { drawAt: at(lobbySeconds), opensAt: at(lobbySeconds), closesAt: at(lobbySeconds + 3600) },
  });
  const key = await house.call<{ kid: string; secret: string }>("POST", "/api/v1/admin/shopper-keys", {});
  const surroundings = nodeSurroundings({ connectionsMax: 64 });
  const people = Array.from({ length: options.shoppers }, () => mannersOf(random));

  const begunAt = Date.now();
  const drawAt = begunAt + lobbySeconds * 1000;
  const watch = new Watch();
  const crowd = beginCrowd({
    gatewayUrls: [house.url],
    saleId: sale.id,
    surroundings,
    count: options.shoppers,
    perSecond: options.joinsPerSecond,
    rampMs: 500,
    joinTriesMax: 200,
    shopper: async (index) => {
      const { plan, card } = people[index] as Manners;
      const sub = `shopper ${options.seed} ${index}`;
      return {
        person: { kind: "jwt", jwt: signJwt({ sub, sale: sale.id }, key) },
        plan,
        checkout: (hold) => payWith(house, hold.holdId, card),
      };
    },
    onEvent: (index, event) => {
      watch.take(index, event);
      options.onEvent?.(index, event);
    },
  });

  const isOver = await untilSoldOut(house, sale.id, drawAt, say, () => crowd.tally.view());
  const soldOutAt = Date.now();
  // Releases and cancels of the last moments have settled once nothing is held.
  await house.callUntilAnswered("POST", `/api/v1/admin/sales/${sale.id}/actions/close`, {});
  const endings = await Promise.race([crowd.ended, endAfter(60_000).then(() => null)]);
  const unended = watch.unended();
  crowd.stop();
  const toldAt = Date.now();
  surroundings.close();

  const failures: string[] = [];
  if (!isOver) failures.push("the sale was not sold out in time");
  if (endings === null) {
    failures.push(`not everybody was told the outcome within a minute of the close: ${unended.join("; ")}`);
  }
  const report = await reportOnceQuiet(house, sale.id);
  judgeReport(report, options.units, failures);
  failures.push(...watch.failures);
  const tally = crowd.tally.view();
  if (tally.counts.anomaly > 0) failures.push(`anomalies: ${tally.anomalies.join("; ")}`);
  await judgeEntries(house, sale.id, watch, endings ?? [], failures);
  await judgeDraw(house, sale.id, failures);
  return {
    saleId: sale.id,
    failures,
    report,
    tally,
    seconds: {
      joined: (watch.lastJoinAt - begunAt) / 1000,
      drawToFirstOffer: (watch.firstOfferAt - drawAt) / 1000,
      drawToSoldOut: (soldOutAt - drawAt) / 1000,
      toldOutcome: (toldAt - soldOutAt) / 1000,
    },
    purchased: (endings ?? []).filter((ending) => ending.result === "purchased").length,
  };
}

/** What the crowd saw, checked as it is seen. */
class Watch {
  readonly failures: string[] = [];
  readonly acknowledged = new Map<number, string>();
  readonly #tickets = new Map<number, number>();
  readonly #positions = new Map<number, number>();
  /** By shopper, while they are on their way: what was seen of them last. */
  readonly #seen = new Map<number, { kinds: string[]; state: string }>();
  firstOfferAt = Number.NaN;
  lastJoinAt = Number.NaN;

  take(index: number, event: JourneyEvent): void {
    this.#see(index, event);
    if (event.kind === "joined") {
      this.lastJoinAt = event.at;
      this.acknowledged.set(index, event.entry.entryId);
    }
    if (event.kind === "offer" && Number.isNaN(this.firstOfferAt)) this.firstOfferAt = event.at;
    if (event.kind === "entry") this.#takeEntry(index, event.entry);
  }

  /** Who has not ended, and what each has seen last, for whoever has to find out why. */
  unended(): string[] {
    return [...this.#seen].slice(0, 5).map(([index, { kinds, state }]) => {
      return `shopper ${index} (${this.acknowledged.get(index)}) is ${state} after ${kinds.join(", ")}`;
    });
  }

  #see(index: number, event: JourneyEvent): void {
    if (event.kind === "ended") return void this.#seen.delete(index);
    const seen = this.#seen.get(index) ?? { kinds: [], state: "coming" };
    if (event.kind === "entry") seen.state = event.entry.state;
    if (event.kind === "serving") return;
    seen.kinds = [...seen.kinds.slice(-5), event.kind === "refused" ? `refused ${event.code}` : event.kind];
    this.#seen.set(index, seen);
  }

  #takeEntry(index: number, entry: Entry): void {
    const known = this.acknowledged.get(index);
    if (known !== entry.entryId) this.#fail(`shopper ${index} had ${known}, then ${entry.entryId}`);
    if (entry.ticket === null) return;
    const before = this.#tickets.get(index);
    if (before !== undefined && before !== entry.ticket) {
      this.#fail(`shopper ${index} had ticket ${before}, then ${entry.ticket}`);
    }
    this.#tickets.set(index, entry.ticket);
    if (entry.position === null) return;
    const position = this.#positions.get(index);
    if (position !== undefined && entry.position > position) {
      this.#fail(`shopper ${index} went back from position ${position} to ${entry.position}`);
    }
    this.#positions.set(index, entry.position);
  }

  #fail(text: string): void {
    if (this.failures.length < 20) this.failures.push(text);
  }
}

async function untilSoldOut(
  house: House,
  saleId: string,
  drawAt: number,
  say: (text: string) => void,
  view: () => TallyView,
): Promise<boolean> {
  const end = drawAt + 150_000;
  for (let saidAt = 0; Date.now() < end; ) {
    const sale = await house.callUntilAnswered<AdminSale>("GET", `/api/v1/admin/sales/${saleId}`);
    if (sale.phase === "sold_out") return true;
    if (Date.now() - saidAt > 3_000) {
      saidAt = Date.now();
      const { states } = view();
      say(
        `${sale.phase}: ${states.coming} coming, ${states.waiting} waiting, ${states.offered} offered, ${states.held} held, ${sale.units.sold} of ${sale.quantity} sold`,
      );
    }
    await endAfter(200);
  }
  return false;
}

/** Pays as a merchant's server does: unknown outcomes are asked again under the same order. */
async function payWith(house: House, holdId: string, card: "good" | "declined"): Promise<CheckoutResult> {
  const asked = async (path: string, body: unknown): Promise<string | null> => {
    for (let tries = 0; tries < 60; tries++) {
      try {
        const answer = await fetch(`${house.url}/api/v1/holds/${holdId}/${path}`, {
          method: "POST",
          headers: { authorization: `Bearer ${house.apiKey}`, "content-type": "application/json" },
          body: JSON.stringify(body),
        });
        if (answer.status === 200) {
          await answer.text();
          return null;
        }
        const { code } = (await answer.json()) as { code: string };
        if (answer.status !== 503 && answer.status !== 429) return code;
      } catch {
        // No answer says neither yes nor no: ask again.
      }
      await endAfter(200 + tries * 50);
    }
    return "NO_ANSWER";
  };
  const paying = await asked("payment", {});
  if (paying !== null) return { result: "failed", code: paying };
  if (card === "declined") return { result: "declined" };
  const orderId = `order ${holdId}`;
  const refused = await asked("confirm", { orderId });
  return refused === null ? { result: "paid", orderId } : { result: "failed", code: refused };
}

async function reportOnceQuiet(house: House, saleId: string): Promise<Report> {
  const end = Date.now() + 20_000;
  for (;;) {
    const report = await house.callUntilAnswered<Report>("GET", `/api/v1/admin/sales/${saleId}/report`);
    if (report.ok || Date.now() > end) return report;
    await endAfter(500);
  }
}

function judgeReport(report: Report, units: number, failures: string[]): void {
  for (const check of report.checks) if (!check.ok) failures.push(`report ${check.name}: ${check.detail}`);
  if (report.sold !== units) failures.push(`${report.sold} of ${units} units are sold`);
  if (report.units !== units) failures.push(`the report speaks of ${report.units} units, not ${units}`);
}

/** Every acknowledged join is an entry in the drawn lists, under the id that was acknowledged, once. */
async function judgeEntries(
  house: House,
  saleId: string,
  watch: Watch,
  endings: readonly Ending[],
  failures: string[],
): Promise<void> {
  const answer = await fetch(`${house.url}/api/v1/sales/${saleId}/draw/entries`);
  const lines = (await answer.text()).split("\n").filter((line) => line !== "");
  const drawn = new Set(lines.map((line) => (JSON.parse(line) as { entryId: string }).entryId));
  const lost = [...watch.acknowledged.values()].filter((entryId) => !drawn.has(entryId));
  if (lost.length > 0)
    failures.push(`${lost.length} acknowledged entries are in no drawn list, e.g. ${lost[0]}`);
  if (drawn.size !== lines.length) failures.push("an entry is drawn twice");
  const units = endings.flatMap((ending) => (ending.result === "purchased" ? [ending.unit] : []));
  if (new Set(units).size !== units.length) failures.push("two shoppers were told the same unit");
  const refused = endings.filter((ending) => ending.result === "refused");
  if (refused.length > 0) failures.push(`${refused.length} never got in, e.g. ${refused[0]?.refusal}`);
}

async function judgeDraw(house: House, saleId: string, failures: string[]): Promise<void> {
  const [draw, entries] = await Promise.all([
    fetch(`${house.url}/api/v1/sales/${saleId}/draw`).then((answer) => answer.text()),
    fetch(`${house.url}/api/v1/sales/${saleId}/draw/entries`).then((answer) => answer.text()),
  ]);
  const verdict = await verifyDraw(draw, entries);
  if (verdict.code !== 0) failures.push(`verify-draw: ${verdict.text}`);
}

function signJwt(claims: { sub: string; sale: string }, key: { kid: string; secret: string }): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  const exp = Math.floor(Date.now() / 1000) + 7200;
  const text = `${part({ alg: "HS256", kid: key.kid })}.${part({ ...claims, exp })}`;
  return `${text}.${createHmac("sha256", key.secret).update(text).digest("base64url")}`;
}

function endAfter(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
