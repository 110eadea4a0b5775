// What the operator and the merchant do in a load test: make the sale, pay, close it, and ask for its report. Calls
// that were not answered, or with "later", are repeated: each of them is the same answer the second time.

import type { Hold } from "@dropgate/contracts/hold";
import type { Report } from "@dropgate/contracts/report";
import type { AdminSale } from "@dropgate/contracts/sale";
import type { CheckoutResult } from "../sightings.ts";
import { pause, retryDelayMs, type Surroundings } from "../surroundings.ts";
import type { Place, SaleWanted, Target } from "./load-test.ts";
import type { Meter } from "./metrics.ts";

/** With a doubling wait from half a second up to ten: over a minute, more than any restart takes. */
const TRIES_MAX = 12;
/** The last releases and bookings settle within seconds; a report that is not ok by then says so. */
const REPORT_MS_MAX = 20_000;

interface Answered {
  status: number;
  body: unknown;
}

export interface Office {
  /** Makes the sale, or looks for the one that is there, with its lobby open. @throws Error that says what refused */
  setUp(wanted: SaleWanted): Promise<Target>;
  pay(hold: Hold): Promise<CheckoutResult>;
  sale(saleId: string): Promise<AdminSale>;
  close(saleId: string): Promise<void>;
  /** Closes what is its own, and counts what the report says. */
  tearDown(target: Target, meter: Meter): Promise<Report>;
}

export function openOffice(place: Place, surroundings: Surroundings): Office {
  let turn = 0;

  async function ask(method: string, path: string, body?: unknown): Promise<Answered> {
    for (let tries = 0; ; tries++) {
      const url = `${place.gatewayUrls[turn++ % place.gatewayUrls.length] ?? ""}/api/v1${path}`;
      try {
        const answer = await surroundings.fetch(url, {
          method,
          headers: { authorization: `Bearer ${place.apiKey}`, "content-type": "application/json" },
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        });
        const text = await answer.text();
        if (answer.status !== 429 && answer.status < 500) {
          return { status: answer.status, body: text === "" ? null : JSON.parse(text) };
        }
        if (tries + 1 >= TRIES_MAX) throw new Error(`${answer.status} ${text}`);
      } catch (cause) {
        if (tries + 1 >= TRIES_MAX) throw new Error(`${method} ${url} is not answered`, { cause });
      }
      await pause(surroundings, retryDelayMs(tries, undefined, surroundings.random()));
    }
  }

  /** @throws Error on a refusal */
  async function asked<Body>(method: string, path: string, body?: unknown): Promise<Body> {
    const answer = await ask(method, path, body);
    if (answer.status >= 300)
      throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body as Body;
  }

  const sale = (saleId: string): Promise<AdminSale> =>
    asked("GET", `/admin/sales/${encodeURIComponent(saleId)}`);

  async function setUp(wanted: SaleWanted): Promise<Target> {
    const { drawIn, opensIn, closesIn, ...fields } = wanted;
    const at = (seconds: number): string => new Date(Date.now() + seconds * 1_000).toISOString();
    let { saleId } = place;
    const isOwn = saleId === undefined;
    if (saleId === undefined) {
      const draw = fields.kind === "rush" ? {} : { drawAt: at(drawIn) };
      const made = await asked<AdminSale>("POST", "/admin/sales", {
        title: "A load test",
        sku: "load-test",
        limitPerShopper: 1,
        ...fields,
        schedule: { ...draw, opensAt: at(opensIn), closesAt: at(closesIn) },
      });
      saleId = made.id;
    }
    const shopperKey = await asked<Target["shopperKey"]>("POST", "/admin/shopper-keys", {});
    // A worker opens the lobby within a second; a sale of somebody else's may not be due yet.
    for (let tries = 0; (await sale(saleId)).phase === "scheduled"; tries++) {
      if (tries > 60) throw new Error(`the lobby of ${saleId} does not open`);
      await pause(surroundings, 250);
    }
    return { saleId, isOwn, shopperKey };
  }

  async function pay(hold: Hold): Promise<CheckoutResult> {
    const orderId = `order ${hold.holdId}`;
    try {
      for (const [step, body] of [
        ["payment", {}],
        ["confirm", { orderId }],
      ] as const) {
        const { status, body: answer } = await ask("POST", `/holds/${hold.holdId}/${step}`, body);
        if (status !== 200) return { result: "failed", code: codeOf(answer) };
      }
    } catch {
      return { result: "failed", code: "NO_ANSWER" };
    }
    return { result: "paid", orderId };
  }

  async function close(saleId: string): Promise<void> {
    const path = `/admin/sales/${encodeURIComponent(saleId)}/actions/close`;
    const { status, body } = await ask("POST", path, {});
    // Closed by its own schedule meanwhile.
    if (status >= 300 && status !== 409) throw new Error(`${path}: ${status} ${codeOf(body)}`);
  }

  async function tearDown(target: Target, meter: Meter): Promise<Report> {
    if (target.isOwn) await close(target.saleId);
    const end = surroundings.now() + REPORT_MS_MAX;
    for (;;) {
      const report = await asked<Report>("GET", `/admin/sales/${encodeURIComponent(target.saleId)}/report`);
      if (!report.ok && surroundings.now() < end) {
        await pause(surroundings, 500);
        continue;
      }
      meter.add("report_ok", report.ok ? 1 : 0);
      meter.add("oversold", Math.max(0, report.sold + report.held - report.units));
      return report;
    }
  }

  return { setUp, pay, sale, close, tearDown };
}

function codeOf(body: unknown): string {
  return typeof body === "object" && body !== null && "code" in body ? String(body.code) : "NO_CODE";
}

/** The report for whoever reads the run: what does not hold first. */
export function reportLines(report: Report): string[] {
  const { units, sold, returned, held, free } = report;
  return [
    `report: ${report.ok ? "ok" : "NOT OK"} · ${units} units: ${sold} sold, ${returned} returned, ${held} held, ${free} free`,
    ...report.checks.filter((check) => !check.ok).map((check) => `  ✗ ${check.name}: ${check.detail}`),
  ];
}
