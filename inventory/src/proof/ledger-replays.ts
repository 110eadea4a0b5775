// The ledger told again, row by row through the state tables, ends where the tables of holds and units stand:
// nothing happened that was not written down, and nothing was written down that did not happen.
import type { HoldState } from "@dropgate/contracts/states/hold";
import { Evidence } from "./evidence.ts";
import { FREE_UNIT, holdAfter, isHoldAct, type UnitSoFar, type UnitState, unitAfter } from "./ledger-acts.ts";
import { type Horizon, type LedgerRow, ledgerPages, readHorizon } from "./ledger-rows.ts";
import { type Look, PAGE_ROWS, pages, type Verdict } from "./look.ts";

export async function ledgerReplays(look: Look): Promise<Verdict> {
  const evidence = new Evidence();
  const holds = await replayHolds(look, evidence);
  const horizon = await readHorizon(look);
  const { units, rows } = await replayUnits(look, horizon, evidence);
  await compareUnits(look, horizon, units, evidence);
  return evidence.verdict(
    `${rows} rows of the ledger end in the states of ${holds} holds and ${units.size} units`,
  );
}

type HoldHistory = {
  holdId: string;
  state: HoldState;
  unit: number;
  orderId: string | null;
  replaces: string | null;
  rows: { id: number; act: string; unit: number | null; data: Record<string, unknown> }[];
};

/** Hold and rows come from one statement, so a hold that moves while we look is seen before or after. */
async function replayHolds({ tx, sale }: Look, evidence: Evidence): Promise<number> {
  let count = 0;
  const read = async (after: string): Promise<HoldHistory[]> =>
    (
      await tx.query<HoldHistory>(
        `WITH page AS (
           SELECT hold_id, entry_id, state, unit, order_id, replaces FROM holds
           WHERE sale_id = $1 AND hold_id > $2 AND state <> 'void' ORDER BY hold_id LIMIT $3)
         SELECT p.hold_id AS "holdId", p.state, p.unit, p.order_id AS "orderId", p.replaces,
           coalesce((SELECT json_agg(json_build_object('id', l.id, 'act', l.act, 'unit', l.unit, 'data', l.data)
               ORDER BY l.id)
             FROM ledger l WHERE l.entry_id = p.entry_id AND l.hold_id = p.hold_id), '[]') AS rows
         FROM page p ORDER BY p.hold_id`,
        [sale.id, after, PAGE_ROWS],
      )
    ).rows;
  for await (const page of pages("", (row: HoldHistory) => row.holdId, read)) {
    count += page.length;
    for (const history of page) {
      const fault = faultOfHistory(history);
      if (fault !== null) evidence.found(fault);
    }
  }
  return count;
}

function faultOfHistory({ holdId, state, unit, orderId, replaces, rows }: HoldHistory): string | null {
  let replayed: HoldState | null = null;
  let order: unknown = null;
  for (const row of rows) {
    if (!isHoldAct(row.act)) continue;
    const next = holdAfter(replayed, row.act);
    if (next === null) {
      return `hold ${holdId}: ledger row ${row.id} says ${row.act}, but it was ${replayed ?? "not there yet"}`;
    }
    if (row.unit !== unit)
      return `hold ${holdId} is of unit ${unit}, ledger row ${row.id} of unit ${row.unit}`;
    if (row.act === "replaced" && row.data.replaces !== replaces) {
      return `hold ${holdId} stands for ${replaces}, ledger row ${row.id} says for ${String(row.data.replaces)}`;
    }
    if (row.act === "confirmed" || row.act === "replaced") order = row.data.orderId ?? null;
    replayed = next;
  }
  if (replayed === null) return `hold ${holdId} is ${state}, the ledger does not know it`;
  if (replayed !== state) return `hold ${holdId} is ${state}, the ledger ends in ${replayed}`;
  if (order !== orderId) {
    return `hold ${holdId} has order ${JSON.stringify(orderId)}, the ledger ${JSON.stringify(order)}`;
  }
  return null;
}

/** The units as of the horizon. Units that no row names are free. */
async function replayUnits(
  look: Look,
  horizon: Horizon,
  evidence: Evidence,
): Promise<{ units: Map<number, UnitSoFar>; rows: number }> {
  const units = new Map<number, UnitSoFar>();
  let rows = 0;
  for await (const page of ledgerPages(look, horizon)) {
    rows += page.length;
    for (const row of page) {
      if (row.unit !== null) units.set(row.unit, unitAfter(units.get(row.unit) ?? FREE_UNIT, row).unit);
    }
    for (const fault of await strangers(look, page)) evidence.found(fault);
  }
  return { units, rows };
}

/** Rows that name a hold which is not there. */
async function strangers({ tx }: Look, page: readonly LedgerRow[]): Promise<string[]> {
  const named = page.filter((row) => row.holdId !== null && isHoldAct(row.act));
  const { rows } = await tx.query<{ holdId: string }>(
    `SELECT n AS "holdId" FROM unnest($1::text[]) AS n
     WHERE NOT EXISTS (SELECT 1 FROM holds h WHERE h.hold_id = n)`,
    [[...new Set(named.map((row) => row.holdId))]],
  );
  const unknown = new Set(rows.map((row) => row.holdId));
  return named
    .filter((row) => unknown.has(row.holdId ?? ""))
    .map((row) => `ledger row ${row.id} says ${row.act} of hold ${row.holdId}, which is not there`);
}

/** Each page of units is read together with what the ledger says of them since the horizon. */
async function compareUnits(
  { tx, sale }: Look,
  horizon: Horizon,
  units: ReadonlyMap<number, UnitSoFar>,
  evidence: Evidence,
): Promise<void> {
  type Row = { unit: number; state: UnitState; since: { act: string; holdId: string | null }[] };
  const read = async (after: number): Promise<Row[]> =>
    (
      await tx.query<Row>(
        `WITH page AS (
           SELECT unit, state FROM units WHERE sale_id = $1 AND unit > $2 ORDER BY unit LIMIT $3
         ), tail AS (
           SELECT unit, json_agg(json_build_object('act', act, 'holdId', hold_id) ORDER BY id) AS since
           FROM ledger WHERE sale_id = $1 AND tx >= $4::xid8 AND unit > $2 AND unit <= $2 + $3::int
           GROUP BY unit)
         SELECT p.unit, p.state, coalesce(t.since, '[]') AS since
         FROM page p LEFT JOIN tail t USING (unit) ORDER BY p.unit`,
        [sale.id, after, PAGE_ROWS, horizon.tx],
      )
    ).rows;
  for await (const page of pages(0, (row: Row) => row.unit, read)) {
    for (const { unit, state, since } of page) {
      const start = units.get(unit) ?? FREE_UNIT;
      const replayed = since.reduce((before, row) => unitAfter(before, row).unit, start);
      if (replayed.state !== state) {
        evidence.found(`unit ${unit} is ${state}, the ledger ends in ${replayed.state}`);
      }
    }
  }
}
