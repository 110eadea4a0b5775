// The table of benchmarks, in the order in which they are told. A row is loaded only when it is played, so that what
// one row needs does not slow or break another.
import type { Row } from "./row.ts";

const ROWS: Readonly<Record<string, () => Promise<{ row: Row }>>> = {
  join: () => import("./rows/join.ts"),
  "sold-out": () => import("./rows/sold-out.ts"),
  connect: () => import("./rows/connect.ts"),
  memory: () => import("./rows/memory.ts"),
  "fan-out": () => import("./rows/fan-out.ts"),
  cadence: () => import("./rows/cadence.ts"),
  draw: () => import("./rows/draw.ts"),
  tick: () => import("./rows/tick.ts"),
  offer: () => import("./rows/offer.ts"),
  intake: () => import("./rows/intake.ts"),
  confirm: () => import("./rows/confirm.ts"),
  reserve: () => import("./rows/reserve.ts"),
  display: () => import("./rows/display.ts"),
  fulfil: () => import("./rows/fulfil.ts"),
  lanes: () => import("./rows/lanes.ts"),
  footprint: () => import("./rows/footprint.ts"),
  sale: () => import("./rows/sale.ts"),
  start: () => import("./rows/start.ts"),
  page: () => import("./rows/page.ts"),
  "draw-check": () => import("./rows/draw-check.ts"),
};

export const ROW_NAMES: readonly string[] = Object.keys(ROWS);

/** @throws RangeError when there is no such row */
export async function loadRow(name: string): Promise<Row> {
  const load = ROWS[name];
  if (load === undefined) throw new RangeError(`there is no row ${name}`);
  return (await load()).row;
}
