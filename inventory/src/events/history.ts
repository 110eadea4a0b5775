// A made-up history of two or more locations, in the order in which it happened: receipts, damage, transfers and counts,
// of stock that really lay there. Whatever order it is told in, it must end in the same levels. Counts find what lies there
// but for a piece or two, so that none waits for approval. Once plenty lies there most of what happens is a few pieces: so
// little that a count which is told before it is applied at once, and must be put right later.
import type { WmsEvent } from "@dropgate/contracts/wms";
import { diceOf } from "../dice.ts";

export interface HistorySize {
  seed: number;
  count: number;
  skus: readonly string[];
  places: readonly string[];
}

const BEGAN_MS = Date.UTC(2026, 0, 5, 8);
const STEP_MS = 60_000;
/** Of so much a twentieth is more than the few pieces. */
const PLENTY = 120;
const FEW = 4;

export function history({ seed, count, skus, places }: HistorySize): WmsEvent[] {
  const dice = diceOf(seed);
  const there = new Map<string, number>();
  const name = (sku: string, place: string): string => JSON.stringify([sku, place]);
  const move = (sku: string, place: string, by: number): void => {
    there.set(name(sku, place), (there.get(name(sku, place)) ?? 0) + by);
  };
  /** Sent and not come yet. */
  const underWay: { transferId: string; sku: string; quantity: number; from: string; to: string }[] = [];
  return Array.from({ length: count }, (_, n): WmsEvent => {
    const sku = dice.pick(skus);
    const locationId = dice.pick(places);
    const lies = there.get(name(sku, locationId)) ?? 0;
    const head = {
      // Ids that sort as the events happened.
      eventId: `e-${seed}-${String(n).padStart(9, "0")}`,
      timestamp: new Date(BEGAN_MS + n * STEP_MS).toISOString(),
      locationId,
      source: "wms",
    };
    const what = dice.next();
    const coming = underWay.findIndex(({ to }) => to === locationId);
    if (what < 0.15 && coming >= 0) {
      const [sent] = underWay.splice(coming, 1);
      if (sent === undefined) throw new Error("what was found is there");
      move(sent.sku, locationId, sent.quantity);
      const items = [{ sku: sent.sku, quantity: sent.quantity }];
      const { transferId, from: otherLocationId } = sent;
      return { ...head, eventType: "TRANSFER_RECEIVED", transferId, otherLocationId, items };
    }
    if (what < 0.3 && lies > 2 && places.length > 1) {
      const quantity = 1 + dice.upTo(Math.min(FEW, lies - 1));
      const to = dice.pick(places.filter((place) => place !== locationId));
      move(sku, locationId, -quantity);
      const transferId = `t-${seed}-${n}`;
      underWay.push({ transferId, sku, quantity, from: locationId, to });
      const items = [{ sku, quantity }];
      return { ...head, eventType: "TRANSFER_SHIPPED", transferId, otherLocationId: to, items };
    }
    if (what < 0.45 && lies > 1) {
      const quantity = 1 + dice.upTo(Math.min(FEW, lies - 1));
      move(sku, locationId, -quantity);
      return { ...head, eventType: "DAMAGE_REPORT", items: [{ sku, quantity }], reason: "fell down" };
    }
    if (what < 0.7 && lies > 60) {
      const actualCount = lies - 2 + dice.upTo(5);
      move(sku, locationId, actualCount - lies);
      return { ...head, eventType: "CYCLE_COUNT_ADJUSTMENT", sku, actualCount, reason: "counted" };
    }
    const quantity = lies < PLENTY ? PLENTY + dice.upTo(100) : 1 + dice.upTo(FEW);
    move(sku, locationId, quantity);
    return { ...head, eventType: "RECEIVING_COMPLETE", items: [{ sku, quantity }] };
  });
}
