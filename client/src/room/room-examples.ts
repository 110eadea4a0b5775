// A sale, an entry and a hold to begin a test with, as the server would send them.
import type { Entry } from "@dropgate/contracts/entry";
import type { Hold } from "@dropgate/contracts/hold";
import type { Sale } from "@dropgate/contracts/sale";
import { emptyRoom, type RoomEvent, type RoomState, reduceRoom } from "./room-state.ts";

/** Noon, by every clock of these tests. */
export const NOON = Date.parse("2026-11-24T12:00:00Z");

export function timeAt(ms: number): string {
  return new Date(NOON + ms).toISOString();
}

export function saleExample(more: Partial<Sale> = {}): Sale {
  return {
    id: "drop",
    title: "Vessel No. 7",
    sku: "VESSEL",
    kind: "lottery",
    phase: "live",
    version: 1,
    checkoutUrl: "https://shop.example/checkout",
    price: { amount: 18_000, currency: "EUR" },
    identity: "anonymous",
    schedule: {
      lobbyAt: timeAt(-1_200_000),
      drawAt: timeAt(-600_000),
      opensAt: timeAt(-600_000),
      closesAt: timeAt(3_600_000),
    },
    serverTime: timeAt(0),
    limitPerShopper: 1,
    claimWindowSeconds: 45,
    purchaseWindowSeconds: 600,
    stock: { status: "in_stock", message: "In stock" },
    quantity: 120,
    queue: { waiting: 900, serving: 100, ratePerSecond: 10 },
    draw: { commitment: "0".repeat(64), algorithm: "dropgate-draw-1", secret: null },
    ...more,
  };
}

export function entryExample(more: Partial<Entry> = {}): Entry {
  return { entryId: "e1", saleId: "drop", state: "waiting", ticket: 400, position: 300, rev: 1, ...more };
}

export function holdExample(more: Partial<Hold> = {}): Hold {
  return {
    holdId: "h1",
    saleId: "drop",
    entryId: "e1",
    sku: "VESSEL",
    unit: 37,
    quantity: 1,
    state: "active",
    offeredAt: timeAt(-20_000),
    claimBy: timeAt(25_000),
    expiresAt: timeAt(600_000),
    extended: false,
    ...more,
  };
}

/** The room after some news, all heard at noon, of the shopper whose entry is `e1`. */
export function roomAfter(...events: RoomEvent[]): RoomState {
  const first: RoomEvent = { type: "kept", kept: { entryId: "e1", token: "t1" } };
  return [first, ...events].reduce((room, event) => reduceRoom(room, event, NOON), emptyRoom("drop", NOON));
}
