// What an event makes happen, before any of it is written.

import type { NewAlert } from "@dropgate/sql/alerts/raise-alerts";
import type { Note } from "@dropgate/sql/levels/transactions";
import type { ReservationLine } from "@dropgate/sql/reservations/reservation-row";
import type { LevelChange } from "../levels/judge.ts";

export interface LineMove
  extends Pick<ReservationLine, "line" | "picked" | "packed" | "shipped" | "released"> {
  reservationId: string;
  orderId: string;
}

export interface TransferMove {
  transferId: string;
  fromLocationId: string;
  toLocationId: string;
  sku: string;
  shipped: number;
  received: number;
}

export interface AppliedCount {
  eventId: string;
  sku: string;
  locationId: string;
  countedAt: Date;
  actual: number;
}

export interface Effects {
  changes: LevelChange[];
  /** Deltas of a line. */
  lines: LineMove[];
  /** What an order has to get from elsewhere. */
  missing: { reservationId: string; orderId: string; sku: string; quantity: number }[];
  transfers: TransferMove[];
  purchases: { purchaseOrderId: string; sku: string; received: number }[];
  counts: AppliedCount[];
  /** Counts that wait for an operator. */
  questions: (AppliedCount & { delta: number; reason: string })[];
  notes: Note[];
  alerts: Omit<NewAlert, "id">[];
}

export type Verdict =
  | { ok: true; effects: Effects }
  | { ok: false; reason: string; alert?: Omit<NewAlert, "id"> };

export function noEffects(): Effects {
  return {
    changes: [],
    lines: [],
    missing: [],
    transfers: [],
    purchases: [],
    counts: [],
    questions: [],
    notes: [],
    alerts: [],
  };
}
