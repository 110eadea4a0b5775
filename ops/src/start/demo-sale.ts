// The sale a newcomer finds: it goes through all its phases within minutes. Made through the public API, as
// anyone would.
import { type AdminSale, adminSaleListSchema, adminSaleSchema } from "@dropgate/contracts/sale";

/** The lobby's time: long enough to open the page and join, short enough to wait for the draw. */
const DRAW_AFTER_MS = 60_000;
const CLOSES_AFTER_MS = 2 * 3_600_000;
export const DEMO_SALE_SKU = "AURORA-FE";
/** Taken from the stock when the sale is made; what is left comes back when it closes. */
export const DEMO_SALE_UNITS = 100;
const TITLE = "Aurora Console — Founders Edition";
const PAGES_MAX = 20;

/** What is sent to make the demo sale; `now` in ms. */
export function demoSale(now: number, shopUrl: string): Record<string, unknown> {
  const at = (afterMs: number): string => new Date(now + afterMs).toISOString();
  return {
    title: TITLE,
    sku: DEMO_SALE_SKU,
    source: "inventory",
    locationId: "reno",
    kind: "lottery",
    quantity: DEMO_SALE_UNITS,
    limitPerShopper: 1,
    price: { amount: 49_900, currency: "EUR" },
    description:
      "Numbered, in midnight blue, with two controllers. One hundred were made; one person can buy one.",
    imageUrl: `${shopUrl}/product.svg`,
    checkoutUrl: `${shopUrl}/checkout`,
    schedule: { drawAt: at(DRAW_AFTER_MS), opensAt: at(DRAW_AFTER_MS), closesAt: at(CLOSES_AFTER_MS) },
    admission: { ratePerSecond: 5, burst: 5 },
  };
}

/**
 * True for a demo sale of an earlier start that is still worth showing: it goes on for a while, has units to
 * give, and its checkout is the shop that runs now.
 */
export function isStillGoing(sale: AdminSale, now: number, shopUrl: string): boolean {
  const over = sale.phase === "closed" || sale.phase === "sold_out";
  const soonOver = Date.parse(sale.schedule.closesAt) - now < 5 * 60_000;
  return sale.title === TITLE && sale.checkoutUrl === `${shopUrl}/checkout` && !over && !soonOver;
}

/**
 * The id of a demo sale that goes on, made if there is none.
 * @throws with the gateway's own words when it refuses
 */
export async function ensureDemoSale(gatewayUrl: string, apiKey: string, shopUrl: string): Promise<string> {
  const call = async (path: string, init: RequestInit = {}): Promise<unknown> => {
    const response = await fetch(`${gatewayUrl}/api/v1${path}`, {
      ...init,
      headers: { authorization: `Bearer ${apiKey}`, "content-type": "application/json" },
      signal: AbortSignal.timeout(10_000),
    });
    const text = await response.text();
    if (!response.ok)
      throw new Error(`The demo sale could not be made: ${response.status} ${text.slice(0, 500)}`);
    return JSON.parse(text);
  };
  let cursor = "";
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const list = adminSaleListSchema.parse(await call(`/admin/sales${cursor}`));
    const going = list.items.find((sale) => isStillGoing(sale, Date.now(), shopUrl));
    if (going !== undefined) return going.id;
    if (list.nextCursor === null) break;
    cursor = `?cursor=${encodeURIComponent(list.nextCursor)}`;
  }
  const body = JSON.stringify(demoSale(Date.now(), shopUrl));
  return adminSaleSchema.parse(await call("/admin/sales", { method: "POST", body })).id;
}
