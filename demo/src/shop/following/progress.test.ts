import type { OrderShipment, Reservation } from "@dropgate/contracts/reservation";
import { expect, test } from "vitest";
import { progressOf } from "./progress.ts";

const at = (minute: number): string => new Date(Date.UTC(2026, 10, 27, 10, minute)).toISOString();

type Line = Partial<Reservation["lines"][number]>;
const line = (over: Line = {}): Reservation["lines"][number] => ({
  sku: "pad",
  quantity: 2,
  locationId: "east",
  picked: 0,
  packed: 0,
  shipped: 0,
  released: 0,
  ...over,
});
const reservation = (lines: Line[], over: Partial<Reservation> = {}): Reservation => ({
  id: "res_1",
  orderId: "HF-1",
  state: "allocated",
  expiresAt: null,
  extended: true,
  lines: lines.map(line),
  backorders: [],
  createdAt: at(0),
  confirmedAt: at(1),
  endedAt: null,
  reason: null,
  ...over,
});
const shipment = (over: Partial<OrderShipment> = {}): OrderShipment => ({
  locationId: "east",
  pickedAt: null,
  packedAt: null,
  shippedAt: null,
  tracking: [],
  ...over,
});
const waiting = (state: "open" | "cancelled", filled = 0): Reservation["backorders"] => [
  { sku: "pad", quantity: 2, filled, state },
];
const statesOf = (lines: Line[], shipments: OrderShipment[] = []) =>
  progressOf({ reservation: reservation(lines), shipments }).steps.map(
    ({ name, state }) => `${name} ${state}`,
  );

test("an order goes from step to step, and may be cancelled until it is picked", () => {
  expect(statesOf([{}])).toEqual(["ordered done", "picked now", "packed later", "shipped later"]);
  expect(statesOf([{ picked: 2 }])).toEqual(["ordered done", "picked done", "packed now", "shipped later"]);
  expect(statesOf([{ picked: 2, packed: 2 }]).at(-1)).toBe("shipped now");
  const shipped = progressOf({
    reservation: reservation([{ picked: 2, packed: 2, shipped: 2 }]),
    shipments: [shipment({ pickedAt: at(2), packedAt: at(3), shippedAt: at(4), tracking: ["1Z 9"] })],
  });
  expect(shipped).toMatchObject({ stage: "shipped", mayCancel: false, isOver: true, tracking: ["1Z 9"] });
  expect(shipped.steps.map((step) => step.at)).toEqual([at(1), at(2), at(3), at(4)]);
});

test("it may be cancelled from its confirm until anything is picked, packed or shipped", () => {
  const may = (lines: Line[], state: Reservation["state"] = "allocated"): boolean =>
    progressOf({ reservation: reservation(lines, { state }), shipments: [] }).mayCancel;
  expect(may([{}])).toBe(true);
  expect(may([{}], "confirmed")).toBe(true);
  expect(may([{ picked: 1 }])).toBe(false);
  expect(may([{ packed: 1 }])).toBe(false);
  expect(may([{}, { shipped: 1 }])).toBe(false);
  expect(may([{}], "cancelled")).toBe(false);
});

test("told out of order, a later step stands for the earlier ones, and the page waits for their times", () => {
  const shipped = [{ shipped: 2 }];
  expect(statesOf(shipped)).toEqual(["ordered done", "picked done", "packed done", "shipped done"]);
  const { isOver, steps } = progressOf({
    reservation: reservation(shipped),
    shipments: [shipment({ shippedAt: at(4) })],
  });
  expect(isOver).toBe(false);
  expect(steps.map((step) => step.at)).toEqual([at(1), null, null, at(4)]);
});

test("of two parcels a step is done when it is for both, at the later time", () => {
  const half = progressOf({
    reservation: reservation([{ picked: 2 }, { locationId: "west", quantity: 1 }]),
    shipments: [shipment({ pickedAt: at(2) })],
  });
  expect(half.steps[1]).toEqual({ name: "picked", state: "now", at: null, part: [2, 3] });
  const both = progressOf({
    reservation: reservation([{ picked: 2 }, { locationId: "west", quantity: 1, picked: 1 }]),
    shipments: [shipment({ pickedAt: at(5) }), shipment({ locationId: "west", pickedAt: at(3) })],
  });
  expect(both.steps[1]).toEqual({ name: "picked", state: "done", at: at(5), part: null });
  // Of one of them only the end was told: when both were picked is not known.
  const untold = progressOf({
    reservation: reservation([{ picked: 2 }, { locationId: "west", quantity: 1, shipped: 1 }]),
    shipments: [shipment({ pickedAt: at(5) }), shipment({ locationId: "west", shippedAt: at(9) })],
  });
  expect(untold.steps[1]).toEqual({ name: "picked", state: "done", at: null, part: null });
});

test("a cancelled order says when, and nothing more is waited for", () => {
  const { stage, steps, isOver } = progressOf({
    reservation: reservation([{}], { state: "cancelled", endedAt: at(9) }),
    shipments: [],
  });
  expect([stage, isOver]).toEqual(["cancelled", true]);
  expect(steps).toMatchObject([{ name: "ordered" }, { name: "cancelled", state: "done", at: at(9) }]);
});

test("what was not found is looked for elsewhere, waited for, or will not come", () => {
  const short = { picked: 1, released: 1 };
  const elsewhere = reservation([short, { locationId: "west", quantity: 1 }]);
  expect(progressOf({ reservation: elsewhere, shipments: [] })).toMatchObject({
    stage: "ordered",
    pieces: 2,
  });
  const given = reservation([{ ...short, packed: 1, shipped: 1 }], { backorders: waiting("cancelled") });
  expect(progressOf({ reservation: given, shipments: [] })).toMatchObject({ stage: "shipped", pieces: 1 });
  const none = reservation([{ released: 2 }], { backorders: waiting("cancelled") });
  expect(progressOf({ reservation: none, shipments: [] })).toMatchObject({ stage: "missing", isOver: true });
  const later = reservation([{ released: 2 }], { backorders: waiting("open") });
  expect(progressOf({ reservation: later, shipments: [] })).toMatchObject({
    stage: "waiting",
    isOver: false,
  });
});
