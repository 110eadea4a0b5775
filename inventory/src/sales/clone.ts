// A new sale after the pattern of one that is there: its configuration, other times, units of its own.
import type { SaleClone, SaleCreate } from "@dropgate/contracts/sale";
import type { SaleRow } from "@dropgate/sql/sales/sale-row";
import type { ScheduleTimes } from "./schedule.ts";

const DAY_MS = 86_400_000;
const TIMES = ["lobbyAt", "drawAt", "opensAt", "closesAt"] as const;

/**
 * Pure. Times keep their distances: what is given moves the rest along; with nothing given all are later by whole days, the
 * fewest after which the first of them lies ahead. A beacon is not copied, for its round would be over.
 */
export function cloneRequest(sale: SaleRow, over: SaleClone, now: Date): SaleCreate {
  const source = over.source ?? sale.source;
  const quantity = over.quantity ?? Math.max(1, sale.quantity - sale.withdrawn);
  const poolCount = over.poolCount ?? Math.min(sale.poolCount, quantity);
  const price =
    sale.priceAmount !== null && sale.priceCurrency !== null
      ? { amount: sale.priceAmount, currency: sale.priceCurrency }
      : null;
  const locationId = over.locationId ?? (source === "inventory" ? sale.locationId : null);
  const optional = {
    imageUrl: over.imageUrl === undefined ? sale.imageUrl : over.imageUrl,
    price: over.price === undefined ? price : over.price,
    description: over.description === undefined ? sale.description : over.description,
    checkoutUrl: over.checkoutUrl === undefined ? sale.checkoutUrl : over.checkoutUrl,
  };
  return {
    ...(over.id !== undefined && { id: over.id }),
    title: over.title ?? sale.title,
    sku: over.sku ?? sale.sku,
    source,
    kind: sale.kind,
    quantity,
    poolCount,
    ...(locationId !== null && { locationId }),
    limitPerShopper: over.limitPerShopper ?? sale.limitPerShopper,
    identity: over.identity ?? sale.identity,
    challenge: over.challenge ?? sale.challenge,
    ...(over.beacon !== undefined && { beacon: over.beacon }),
    ...(optional.imageUrl !== null && { imageUrl: optional.imageUrl }),
    ...(optional.price !== null && { price: optional.price }),
    ...(optional.description !== null && { description: optional.description }),
    ...(optional.checkoutUrl !== null && { checkoutUrl: optional.checkoutUrl }),
    schedule: clonedTimes(sale, over.schedule ?? {}, now),
    admission: over.admission ?? { ratePerSecond: sale.ratePerSecond, burst: sale.burst },
    claimWindowSeconds: over.claimWindowSeconds ?? sale.claimWindowSeconds,
    purchaseWindowSeconds: over.purchaseWindowSeconds ?? sale.purchaseWindowSeconds,
    paymentExtensionSeconds: over.paymentExtensionSeconds ?? sale.paymentExtensionSeconds,
  };
}

type GivenTimes = NonNullable<SaleClone["schedule"]>;

function clonedTimes(sale: ScheduleTimes, given: GivenTimes, now: Date): Required<SaleCreate["schedule"]> {
  const shiftMs = shiftOf(sale, given, now);
  const at = (name: (typeof TIMES)[number]): string =>
    given[name] ?? new Date(sale[name].getTime() + shiftMs).toISOString();
  return { lobbyAt: at("lobbyAt"), drawAt: at("drawAt"), opensAt: at("opensAt"), closesAt: at("closesAt") };
}

/** By how much the times move, in ms: as the first that is given does. */
function shiftOf(sale: ScheduleTimes, given: GivenTimes, now: Date): number {
  for (const name of TIMES) {
    const time = given[name];
    if (time !== undefined) return Date.parse(time) - sale[name].getTime();
  }
  const days = Math.floor((now.getTime() - sale.lobbyAt.getTime()) / DAY_MS) + 1;
  return Math.max(0, days) * DAY_MS;
}
