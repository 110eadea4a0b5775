// How far an order is, for the one who waits for it: from the reservation and what its warehouses have told. Pure.

import type { ReservationRead } from "@dropgate/contracts/reservation";

export type StepName = "ordered" | "picked" | "packed" | "shipped" | "cancelled";
/** `now`: it is being done. */
export type StepState = "done" | "now" | "later";

export interface Step {
  name: StepName;
  state: StepState;
  /** When it was done; null where that was not told. */
  at: string | null;
  /** Of several pieces only some: `[2, 5]`; null otherwise. */
  part: readonly [number, number] | null;
}

/** `waiting`: for stock. `missing`: what was promised could not be found. */
export type Stage = "ordered" | "picked" | "packed" | "shipped" | "cancelled" | "waiting" | "missing";

export interface Progress {
  stage: Stage;
  steps: Step[];
  mayCancel: boolean;
  /** Nothing more will be told. */
  isOver: boolean;
  /** Pieces that come, or are waited for: fewer than were ordered where some could not be found. */
  pieces: number;
  /** The parcels' numbers, as the warehouse gave them. */
  tracking: string[];
}

const DONE_BY = ["picked", "packed", "shipped"] as const;
type Done = (typeof DONE_BY)[number];

export function progressOf({ reservation, shipments }: ReservationRead): Progress {
  const { state, lines, backorders, createdAt, confirmedAt, endedAt } = reservation;
  const coming = lines.reduce((sum, { quantity, released }) => sum + quantity - released, 0);
  const awaited = backorders
    .filter((each) => each.state === "open")
    .reduce((sum, { quantity, filled }) => sum + quantity - filled, 0);
  const wanted = coming + awaited;
  const told: Record<Done, number> = { picked: 0, packed: 0, shipped: 0 };
  const counts: Record<Done, number> = { picked: 0, packed: 0, shipped: 0 };
  for (const line of lines) {
    for (const step of DONE_BY) told[step] += line[step];
    // Events come in any order: what is shipped was picked and packed, whether or not that was told yet.
    counts.shipped += line.shipped;
    counts.packed += Math.max(line.packed, line.shipped);
    counts.picked += Math.max(line.picked, line.packed, line.shipped);
  }
  const isDone = (step: Done): boolean => wanted > 0 && counts[step] >= wanted;
  const ordered: Step = { name: "ordered", state: "done", at: confirmedAt ?? createdAt, part: null };
  const tracking = [...new Set(shipments.flatMap((shipment) => shipment.tracking))];
  const done = DONE_BY.filter(isDone);

  if (state === "cancelled") {
    const cancelled: Step = { name: "cancelled", state: "done", at: endedAt, part: null };
    return {
      stage: "cancelled",
      steps: [ordered, cancelled],
      mayCancel: false,
      isOver: true,
      pieces: 0,
      tracking,
    };
  }
  const next = DONE_BY.find((step) => !isDone(step));
  const steps = DONE_BY.map((step): Step => {
    const isSome = counts[step] > 0 && counts[step] < wanted;
    return {
      name: step,
      state: isDone(step) ? "done" : step === next ? "now" : "later",
      at: isDone(step) ? lastOf(shipments.map((shipment) => shipment[`${step}At`])) : null,
      part: isSome ? [counts[step], wanted] : null,
    };
  });
  // Before it is booked nothing is asked of a warehouse, and after it only until something is in somebody's hands.
  const mayCancel = (state === "confirmed" || state === "allocated") && counts.picked === 0 && wanted > 0;
  return {
    stage: wanted === 0 ? "missing" : coming === 0 ? "waiting" : (done.at(-1) ?? "ordered"),
    steps: [ordered, ...steps],
    mayCancel,
    // Shipped is not the end while an earlier step, with its time, is still to be told.
    isOver: wanted === 0 || DONE_BY.every((step) => told[step] >= wanted),
    pieces: wanted,
    tracking,
  };
}

/** Null while one of them is not told. */
function lastOf(times: readonly (string | null)[]): string | null {
  const known = times.filter((time) => time !== null);
  const last = known.toSorted((one, other) => Date.parse(one) - Date.parse(other)).at(-1);
  return known.length < times.length ? null : (last ?? null);
}
