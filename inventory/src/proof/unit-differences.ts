// Units whose record in their lane is not what PostgreSQL says of them.
import { ABSENT, FREE, type UnitRecord } from "@dropgate/lua/lane-answers";
import { DIFFERENCES_MAX, type Difference, readBehind } from "./difference.ts";
import { ask, type LaneView } from "./lane-views.ts";
import { type Look, pages } from "./look.ts";

/** Units one script call reads: a millisecond of the lane's Redis. */
const RECORDS_BATCH = 1_000;

type Unit = { unit: number; lane: number; state: string; holdId: string | null };
type Recorded = { unit: Unit; record: UnitRecord };

export interface UnitDifferences {
  looked: number;
  differences: Difference<number>[];
  /** By lane, how many of PostgreSQL's units have a record there. */
  recorded: Map<number, number>;
}

/** @param only these units, in a second look; null for all */
export async function differingUnits(
  look: Look,
  lanes: ReadonlyMap<number, LaneView>,
  only: readonly number[] | null,
): Promise<UnitDifferences> {
  const differing: Recorded[] = [];
  const recorded = new Map<number, number>();
  let looked = 0;
  const read = (after: number): Promise<Unit[]> => readUnits(look, after, only);
  for await (const page of pages(0, ({ unit }: Unit) => unit, read)) {
    for (const [lane, group] of groupByLane(page)) {
      const records = await ask(lanes.get(lane), (store) => store.records(group.map(({ unit }) => unit)));
      if (records === null) continue;
      looked += group.length;
      const pairs = group.flatMap((unit, i) => {
        const record = records[i];
        return record === undefined ? [] : [{ unit, record }];
      });
      const there = pairs.filter(({ record }) => record.state !== ABSENT).length;
      recorded.set(lane, (recorded.get(lane) ?? 0) + there);
      differing.push(...pairs.filter(({ unit, record }) => !agrees(unit, record)));
    }
  }
  return { looked, differences: await explain(look, differing.slice(0, DIFFERENCES_MAX)), recorded };
}

async function readUnits({ tx, sale }: Look, after: number, only: readonly number[] | null): Promise<Unit[]> {
  const { rows } = await tx.query<Unit>(
    `SELECT unit, lane, state, hold_id AS "holdId" FROM units
     WHERE sale_id = $1 AND unit > $2 AND ($3::int[] IS NULL OR unit = ANY($3)) ORDER BY unit LIMIT $4`,
    [sale.id, after, only, RECORDS_BATCH],
  );
  return rows;
}

function groupByLane(units: readonly Unit[]): Map<number, Unit[]> {
  const groups = new Map<number, Unit[]>();
  for (const unit of units) {
    const group = groups.get(unit.lane);
    if (group === undefined) groups.set(unit.lane, [unit]);
    else group.push(unit);
  }
  return groups;
}

/** A unit that went back to stock is in no pool, whether its record says so or is gone. */
function agrees({ state, holdId }: Unit, record: UnitRecord): boolean {
  if (state === "free") return record.state === FREE;
  if (state === "returned") return record.state === ABSENT || record.state.startsWith("withdrawal:");
  return record.state === holdId;
}

/**
 * A taker whom PostgreSQL does not know yet is a tick on its way; one whose hold has ended, and a unit that
 * has gone on, wait for somebody to follow.
 */
async function explain(look: Look, differing: readonly Recorded[]): Promise<Difference<number>[]> {
  if (differing.length === 0) return [];
  const named = differing.flatMap(({ unit, record }) => [unit.holdId, record.state]);
  const behind = await readBehind(
    look,
    named.filter((id) => id !== null),
  );
  const clock = await readClock(look);
  return differing.map(({ unit, record }) => {
    const waits = [unit.holdId, record.state].map((id) => (id === null ? null : (behind.get(id) ?? null)));
    const isUnknown = record.ms !== null && !behind.has(record.state);
    let underWayMs = waits.find((ms) => ms !== null) ?? null;
    if (isUnknown) underWayMs = clock.nowMs - (record.ms ?? 0);
    else if (unit.state === "returned" && record.state === FREE) underWayMs = clock.sinceReturnMs;
    return {
      key: unit.unit,
      what: `unit ${unit.unit} is ${toldByTruth(unit)}, lane ${unit.lane} has it ${toldByLane(record)}`,
      underWayMs,
    };
  });
}

/** PostgreSQL's clock, and how long ago units last went back to stock. */
async function readClock({ tx, sale }: Look): Promise<{ nowMs: number; sinceReturnMs: number | null }> {
  const { rows } = await tx.query<{ nowMs: number; sinceReturnMs: number | null }>(
    `SELECT (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS "nowMs",
       (extract(epoch FROM clock_timestamp() - (SELECT at FROM ledger
          WHERE sale_id = $1 AND act = 'returned' ORDER BY tx DESC, id DESC LIMIT 1)) * 1000)::float8
       AS "sinceReturnMs"`,
    [sale.id],
  );
  return rows[0] ?? { nowMs: 0, sinceReturnMs: null };
}

function toldByTruth({ state, holdId }: Unit): string {
  return holdId === null ? state : `${state} by hold ${holdId}`;
}

function toldByLane({ state }: UnitRecord): string {
  if (state === FREE) return "free";
  return state === ABSENT ? "not at all" : `taken by ${state}`;
}

/**
 * Lanes with records beyond those of PostgreSQL's units: they could be offered, and would be refused. Takes
 * and gives leave the sum as it is, so this needs no second look.
 */
export async function surplusRecords(
  lanes: ReadonlyMap<number, LaneView>,
  recorded: ReadonlyMap<number, number>,
): Promise<string[]> {
  const faults: string[] = [];
  for (const view of lanes.values()) {
    const pool = await ask(view, (store) => store.pool(0, 1));
    if (pool === null) continue;
    const more = pool.free + pool.taken - (recorded.get(view.lane) ?? 0);
    if (more !== 0) faults.push(`lane ${view.lane} has ${more} records of units that are not in its pool`);
  }
  return faults;
}
