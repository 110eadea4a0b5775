// A whole rush with a crowd over HTTP, watched from outside: everybody tries until they have a unit or are told that
// none is left for good. Some give their unit back, some are declined, some try fifty times at once.
import { createHmac } from "node:crypto";
import type { Attempted } from "@dropgate/contracts/hold";
import type { Report } from "@dropgate/contracts/report";
import type { AdminSale } from "@dropgate/contracts/sale";
import type { Problem } from "@dropgate/contracts/values";
import { beginLatencies, type LatencySummary } from "@dropgate/loadtest/latencies";
import { type NodeSurroundings, nodeSurroundings } from "@dropgate/loadtest/node-surroundings";
import type { House } from "./house.ts";
import { seededRandom } from "./sale-run.ts";

export interface RushOptions {
  shoppers: number;
  units: number;
  pools: number;
  ratePerSecond: number;
  /** How many shoppers come in a second. */
  shoppersPerSecond: number;
  seed: number;
  onProgress?: (text: string) => void;
  /** Told after each hold how many were made so far: the kills wait here for their moment. */
  onHold?: (holds: number) => void;
}

export interface RushResult {
  /** Empty when all that must hold held. */
  failures: string[];
  report: Report;
  attempts: LatencySummary;
  /** Answers by status and code. */
  answers: Record<string, number>;
  secondsToSoldOut: number;
}

type Manners = "pays" | "givesBack" | "isDeclined";

/** Who tries this often at once: the limit has to hold against them. */
const GREEDY_EVERY = 100;
const GREEDY_TRIES = 50;
const RUN_MS_MAX = 180_000;

export async function runRush(house: House, options: RushOptions): Promise<RushResult> {
  const random = seededRandom(options.seed);
  const at = (seconds: number): string => new Date(Date.now() + seconds * 1_000).toISOString();
  const sale = await house.call<AdminSale>("POST", "/api/v1/admin/sales", {
    title: "The rush",
    sku: "rush",
    kind: "rush",
    quantity: options.units,
    poolCount: options.pools,
    admission: { ratePerSecond: options.ratePerSecond, burst: Math.ceil(options.ratePerSecond / 2) },
    purchaseWindowSeconds: 120,
    schedule: { opensAt: at(1), closesAt: at(3_600) },
  });
  const key = await house.call<{ kid: string; secret: string }>("POST", "/api/v1/admin/shopper-keys", {});
  const surroundings = nodeSurroundings({ connectionsMax: 128 });
  const crowd = new RushCrowd(house, sale.id, key, surroundings, options);
  const begunAt = Date.now();
  const stop = setTimeout(() => crowd.stop(), RUN_MS_MAX);
  const walking: Promise<void>[] = [];
  for (let n = 0; n < options.shoppers; n++) {
    const dueMs = (n * 1_000) / options.shoppersPerSecond - (Date.now() - begunAt);
    if (dueMs > 5) await pause(dueMs);
    const roll = random();
    const manners: Manners = roll < 0.15 ? "givesBack" : roll < 0.3 ? "isDeclined" : "pays";
    walking.push(crowd.walk(n, manners));
  }
  options.onProgress?.(`all ${options.shoppers} have come; ${crowd.holds} holds so far`);
  await Promise.all(walking);
  clearTimeout(stop);
  const secondsToSoldOut = (crowd.soldOutAt - begunAt) / 1_000;
  await house.callUntilAnswered("POST", `/api/v1/admin/sales/${sale.id}/actions/close`, {});
  const report = await reportOnceGood(house, sale.id);
  surroundings.close();
  const failures = [...crowd.failures];
  for (const check of report.checks) if (!check.ok) failures.push(`report ${check.name}: ${check.detail}`);
  if (report.sold !== options.units) failures.push(`${report.sold} of ${options.units} units are sold`);
  if (crowd.bought.size !== options.units)
    failures.push(`${crowd.bought.size} shoppers were told that they bought`);
  if (new Set(crowd.bought.values()).size !== crowd.bought.size) failures.push("a unit was bought twice");
  return { failures, report, attempts: crowd.latencies.summary(), answers: crowd.answers, secondsToSoldOut };
}

class RushCrowd {
  readonly latencies = beginLatencies();
  readonly answers: Record<string, number> = {};
  readonly failures: string[] = [];
  /** Shopper → unit, of confirmed orders. */
  readonly bought = new Map<number, number>();
  holds = 0;
  soldOutAt = Number.NaN;
  readonly #house: House;
  readonly #path: string;
  readonly #key: { kid: string; secret: string };
  readonly #saleId: string;
  readonly #surroundings: NodeSurroundings;
  readonly #options: RushOptions;
  #isStopped = false;

  constructor(
    house: House,
    saleId: string,
    key: { kid: string; secret: string },
    surroundings: NodeSurroundings,
    options: RushOptions,
  ) {
    this.#house = house;
    this.#saleId = saleId;
    this.#path = `${house.url}/api/v1/sales/${saleId}/attempts`;
    this.#key = key;
    this.#surroundings = surroundings;
    this.#options = options;
  }

  stop(): void {
    this.#isStopped = true;
    this.#fail("the rush was not over in time");
  }

  /** One shopper, until they have bought or no unit is left for good. */
  async walk(index: number, manners: Manners): Promise<void> {
    const jwt = signJwt({ sub: `rusher ${this.#options.seed} ${index}`, sale: this.#saleId }, this.#key);
    let goesBack = manners !== "pays";
    if (index % GREEDY_EVERY === 0) await this.#tryGreedily(jwt);
    while (!this.#isStopped) {
      const answer = await this.#attempt(jwt);
      if (answer === null) {
        await pause(200 + Math.random() * 300);
      } else if ("hold" in answer) {
        const { hold } = answer;
        if (!goesBack) {
          await this.#buy(index, hold.holdId, hold.unit);
          return;
        }
        goesBack = false;
        await this.#giveBack(hold.holdId, manners);
      } else if (answer.code === "SOLD_OUT" && answer.final === true) {
        if (Number.isNaN(this.soldOutAt)) this.soldOutAt = Date.now();
        return;
      } else if (["SOLD_OUT", "RATE_LIMITED", "BUSY", "SALE_NOT_OPEN"].includes(answer.code)) {
        await pause(answer.retryAfterMs ?? 300);
      } else {
        this.#fail(`shopper ${index} was told ${answer.code}`);
        return;
      }
    }
  }

  /** Fifty tries at once: whatever they are answered, they are one hold at most. */
  async #tryGreedily(jwt: string): Promise<void> {
    const told = await Promise.all(Array.from({ length: GREEDY_TRIES }, () => this.#attempt(jwt)));
    const holds = new Set(
      told.flatMap((answer) => (answer !== null && "hold" in answer ? [answer.hold.holdId] : [])),
    );
    if (holds.size > 1)
      this.#fail(`${holds.size} holds for one shopper who tried ${GREEDY_TRIES} times at once`);
  }

  async #attempt(jwt: string): Promise<Attempted | Problem | null> {
    const begunAt = performance.now();
    try {
      const answer = await this.#surroundings.fetch(this.#path, {
        method: "POST",
        headers: { authorization: `Bearer ${jwt}` },
      });
      const body = JSON.parse(await answer.text()) as Attempted | Problem;
      this.latencies.add(performance.now() - begunAt);
      const name =
        "hold" in body ? "200" : `${answer.status} ${body.code}${body.final === true ? " final" : ""}`;
      this.answers[name] = (this.answers[name] ?? 0) + 1;
      if ("hold" in body) this.#options.onHold?.(++this.holds);
      return body;
    } catch {
      // A gateway that was killed: whether it happened is not known, and asking again is safe.
      this.answers["no answer"] = (this.answers["no answer"] ?? 0) + 1;
      return null;
    }
  }

  async #buy(index: number, holdId: string, unit: number): Promise<void> {
    const path = `/api/v1/holds/${holdId}`;
    await this.#house.callUntilAnswered("POST", `${path}/payment`, {});
    await this.#house.callUntilAnswered("POST", `${path}/confirm`, { orderId: `order ${holdId}` });
    this.bought.set(index, unit);
  }

  async #giveBack(holdId: string, manners: Manners): Promise<void> {
    const path = `/api/v1/holds/${holdId}`;
    if (manners === "isDeclined") await this.#house.callUntilAnswered("POST", `${path}/payment`, {});
    await this.#house.callUntilAnswered("POST", `${path}/release`, { reason: manners });
  }

  #fail(text: string): void {
    if (this.failures.length < 20) this.failures.push(text);
  }
}

async function reportOnceGood(house: House, saleId: string): Promise<Report> {
  const end = Date.now() + 20_000;
  for (;;) {
    const report = await house.callUntilAnswered<Report>("GET", `/api/v1/admin/sales/${saleId}/report`);
    if (report.ok || Date.now() > end) return report;
    await pause(500);
  }
}

function signJwt(claims: { sub: string; sale: string }, key: { kid: string; secret: string }): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  const exp = Math.floor(Date.now() / 1_000) + 7_200;
  const text = `${part({ alg: "HS256", kid: key.kid })}.${part({ ...claims, exp })}`;
  return `${text}.${createHmac("sha256", key.secret).update(text).digest("base64url")}`;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
