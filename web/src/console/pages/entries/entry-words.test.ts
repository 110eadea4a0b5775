import { ENTRY_STATES } from "@dropgate/contracts/states/entry";
import { expect, test } from "vitest";
import { standingOf } from "./entry-words.ts";

const at = "2026-11-29T14:03:20Z";
const writing = { number: String, clock: (moment: string) => moment.slice(11, 19) };
const story = {
  ticket: 12,
  position: 4,
  unit: null,
  orderId: null,
  claimBy: null,
  expiresAt: null,
  steps: [],
  phase: "live" as const,
};
const steps = (kind: "left" | "lapsed") => [
  { at, kind, sentence: "", unit: null, holdId: null, actor: null, actorName: null, reason: null, data: {} },
];

test("each state is told in a sentence, also where nothing more is known of it", () => {
  for (const state of ENTRY_STATES) {
    expect(standingOf({ ...story, state }, writing)).toMatch(/^\p{Lu}.*\.$/u);
  }
});

test("who is in line is told how many are ahead, and who has no number yet why", () => {
  const waiting = { ...story, state: "waiting" as const };
  expect(standingOf(waiting, writing)).toBe("Is in line with 3 ahead.");
  expect(standingOf({ ...waiting, position: 1 }, writing)).toBe("Is next in line.");
  expect(standingOf({ ...waiting, position: 0, phase: "paused" }, writing)).toBe(
    "Is next in line. The sale is paused; the place is safe.",
  );
  expect(standingOf({ ...waiting, ticket: null, position: null }, writing)).toMatch(/^Is in the lobby/);
});

test("what has an end says when it is, and what has ended when it was", () => {
  expect(standingOf({ ...story, state: "offered", unit: 37, claimBy: at }, writing)).toBe(
    "Has unit 37 on offer, until 14:03:20. Unclaimed by then, it goes to the next in line.",
  );
  expect(standingOf({ ...story, state: "held", unit: 37, expiresAt: at }, writing)).toBe(
    "Holds unit 37 and has until 14:03:20 to pay.",
  );
  expect(standingOf({ ...story, state: "left", steps: steps("left") }, writing)).toBe(
    "Left the line at 14:03:20 and holds nothing.",
  );
  expect(standingOf({ ...story, state: "missed", steps: steps("lapsed") }, writing)).toMatch(/at 14:03:20\./);
});
