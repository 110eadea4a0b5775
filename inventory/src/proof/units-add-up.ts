// A sale has exactly the units it was made with, each once and in one state: nothing that happens to holds
// may make a unit or lose one.
import { Evidence } from "./evidence.ts";
import type { Look, Verdict } from "./look.ts";
import { readUnitCounts } from "./unit-counts.ts";

export async function unitsAddUp({ tx, sale }: Look): Promise<Verdict> {
  const units = await readUnitCounts(tx, sale.id);
  const evidence = new Evidence();
  const { free, held, sold, returned } = units;
  const sum = `${free} free + ${held} held + ${sold} sold + ${returned} returned`;
  if (free + held + sold + returned !== sale.quantity) {
    evidence.found(`${sum} = ${free + held + sold + returned}, but the sale has ${sale.quantity} units`);
  }
  if (units.distinct !== units.rows) {
    evidence.found(`${units.rows} rows name only ${units.distinct} unit numbers`);
  }
  if (units.rows > 0 && (units.first !== 1 || units.last !== units.rows)) {
    evidence.found(
      `${units.rows} units are numbered ${units.first} to ${units.last}, not 1 to ${units.rows}`,
    );
  }
  return evidence.verdict(`${sum} = ${sale.quantity}, numbered 1 to ${sale.quantity}`);
}
