// A unit that is held or sold names the hold that has it, and a hold that has a unit finds it so: the two
// tables tell one story. (Whether two holds claim one unit is asked by no-unit-twice.)
import { type HoldState, isLiveHold, isSoldHold } from "@dropgate/contracts/states/hold";
import { Evidence } from "./evidence.ts";
import { type Look, PAGE_ROWS, pages, type Verdict } from "./look.ts";
import { UNIT_HAVING_STATES } from "./unit-having-states.ts";

export async function holdsMatchUnits(look: Look): Promise<Verdict> {
  const evidence = new Evidence();
  const units = await judgeUnits(look, evidence);
  const holds = await judgeHolds(look, evidence);
  return evidence.verdict(`${units} held or sold units and ${holds} live or sold holds name each other`);
}

type UnitWithHold = {
  unit: number;
  state: string;
  holdId: string | null;
  holdState: HoldState | null;
  holdUnit: number | null;
  holdSale: string | null;
};

/** The state a unit is in while its hold is in this one. */
function unitStateOf(hold: HoldState): "free" | "held" | "sold" {
  if (isSoldHold(hold)) return "sold";
  return isLiveHold(hold) ? "held" : "free";
}

async function judgeUnits({ tx, sale }: Look, evidence: Evidence): Promise<number> {
  let taken = 0;
  const read = async (after: number): Promise<UnitWithHold[]> =>
    (
      await tx.query<UnitWithHold>(
        `SELECT u.unit, u.state, u.hold_id AS "holdId", h.state AS "holdState", h.unit AS "holdUnit",
           h.sale_id AS "holdSale"
         FROM units u LEFT JOIN holds h ON h.hold_id = u.hold_id
         WHERE u.sale_id = $1 AND u.unit > $2 ORDER BY u.unit LIMIT $3`,
        [sale.id, after, PAGE_ROWS],
      )
    ).rows;
  for await (const page of pages(0, (row: UnitWithHold) => row.unit, read)) {
    for (const row of page) {
      const fault = faultOfUnit(row, sale.id);
      if (fault !== null) evidence.found(fault);
      if (row.holdId !== null) taken++;
    }
  }
  return taken;
}

function faultOfUnit(row: UnitWithHold, saleId: string): string | null {
  const named = `unit ${row.unit} is ${row.state}`;
  if (row.holdId === null) {
    return row.state === "held" || row.state === "sold" ? `${named} but names no hold` : null;
  }
  if (row.holdState === null) return `${named} by hold ${row.holdId}, which is not there`;
  if (unitStateOf(row.holdState) !== row.state) {
    return `${named} by hold ${row.holdId}, which is ${row.holdState}`;
  }
  if (row.holdUnit !== row.unit || row.holdSale !== saleId) {
    return `${named} by hold ${row.holdId}, which is of unit ${row.holdUnit} of sale ${row.holdSale}`;
  }
  return null;
}

async function judgeHolds({ tx, sale }: Look, evidence: Evidence): Promise<number> {
  type Row = { unit: number; holdIds: string[]; states: HoldState[]; unitState: string | null };
  let holds = 0;
  const read = async (after: number): Promise<Row[]> =>
    (
      await tx.query<Row>(
        `SELECT h.unit, array_agg(h.hold_id) AS "holdIds", array_agg(h.state) AS states,
           min(u.state) AS "unitState"
         FROM holds h LEFT JOIN units u ON u.sale_id = h.sale_id AND u.unit = h.unit
         WHERE h.sale_id = $1 AND h.unit > $2 AND h.state IN (${UNIT_HAVING_STATES})
         GROUP BY h.unit ORDER BY h.unit LIMIT $3`,
        [sale.id, after, PAGE_ROWS],
      )
    ).rows;
  for await (const page of pages(0, (row: Row) => row.unit, read)) {
    for (const { unit, holdIds, states, unitState } of page) {
      holds += states.length;
      states.forEach((state, i) => {
        if (unitStateOf(state) === unitState) return;
        evidence.found(`hold ${holdIds[i]} is ${state} but its unit ${unit} is ${unitState ?? "not there"}`);
      });
    }
  }
  return holds;
}
