// The states of a reservation as people say them.
import type { Reservation } from "@dropgate/contracts/reservation";

export type OrderState = Reservation["state"];

export const ORDER_STATES = [
  "active",
  "pending",
  "confirmed",
  "allocated",
  "released",
  "expired",
  "cancelled",
] as const satisfies readonly OrderState[];

export const ORDER_STATE_NAMES: Readonly<Record<OrderState, string>> = {
  active: "In a checkout",
  pending: "Being paid",
  confirmed: "Confirmed",
  allocated: "Ordered",
  released: "Given back",
  expired: "Expired",
  cancelled: "Cancelled",
};

export const ORDER_TONES = {
  active: "accent",
  pending: "accent",
  confirmed: "good",
  allocated: "good",
  released: "plain",
  expired: "plain",
  cancelled: "bad",
} as const satisfies Record<OrderState, string>;

/** How far one line is: "2 of 3 shipped". Pure. */
export function progressText({
  quantity,
  picked,
  packed,
  shipped,
  released,
}: Reservation["lines"][number]): string {
  const parts: [number, string][] = [
    [shipped, "shipped"],
    [packed - shipped, "packed"],
    [picked - Math.max(packed, shipped), "picked"],
    [released, "given back"],
  ];
  const said = parts.filter(([count]) => count > 0).map(([count, what]) => `${count} of ${quantity} ${what}`);
  return said.length === 0 ? "Nothing picked yet" : said.join(", ");
}
