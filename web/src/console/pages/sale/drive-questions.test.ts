import { PHASES } from "@dropgate/contracts/states/phase";
import { expect, test } from "vitest";
import { actOnSale, SALE_ACTS } from "../../may/may.ts";
import { askedNow, questionOf, type Told } from "./drive-questions.ts";

const sale = (more: Partial<Told> = {}): Told => ({
  title: "Vase",
  kind: "lottery",
  phase: "scheduled",
  quantity: 12,
  admission: { ratePerSecond: 5, burst: 5 },
  queue: { waiting: 7, serving: 0, ratePerSecond: 5 },
  units: { free: 12, held: 0, sold: 0, returned: 0 },
  ...more,
});
const MOVED = "The sale has moved on meanwhile. Cancel, and look again.";

/** What stands there when it was asked of one sale and is looked at as another. */
function standing(act: (typeof SALE_ACTS)[number], before: Told, after: Told) {
  const question = questionOf(act, before);
  if (question === null) throw new Error(`${act} is not asked about`);
  return askedNow({ act, question }, after, actOnSale("operator", after, act));
}

test("a question tells the figures of now while it stands", () => {
  const after = sale({ phase: "lobby", queue: { waiting: 9, serving: 0, ratePerSecond: 5 } });
  const { question, whyNot } = standing("draw", sale({ phase: "lobby" }), after);
  expect(question.text).toContain("9 shoppers");
  expect(whyNot).toBeNull();
});

test("whoever was asked about opening a rush's lobby does not start its sale when the lobby opens by itself", () => {
  const rush = sale({ kind: "rush" });
  const { question, whyNot } = standing("open", rush, { ...rush, phase: "lobby" });
  expect(question).toMatchObject({ title: "Open the lobby?", text: MOVED, yes: "Open the lobby" });
  expect(whyNot).toBe(MOVED);
});

test("a yes stands only where it does what was asked", () => {
  for (const kind of ["lottery", "rush"] as const) {
    for (const act of SALE_ACTS) {
      for (const from of PHASES) {
        const before = sale({ kind, phase: from });
        const asked = questionOf(act, before);
        if (asked === null || actOnSale("operator", before, act) !== null) continue;
        for (const phase of PHASES) {
          const after = sale({ kind, phase });
          const isSame =
            actOnSale("operator", after, act) === null && questionOf(act, after)?.title === asked.title;
          expect(standing(act, before, after).whyNot, `${act} of a ${kind}: ${from}, ${phase}`).toBe(
            isSame ? null : MOVED,
          );
        }
      }
    }
  }
});

test("a closing that was asked about twice is barred at both when the sale has closed by itself", () => {
  const { question, whyNot } = standing("close", sale({ phase: "live" }), sale({ phase: "closed" }));
  expect(question.second?.text).toBe(MOVED);
  expect(whyNot).toBe(MOVED);
});
