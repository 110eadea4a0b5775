import { ENTRY_TABLE, type StoredEntryState } from "@dropgate/contracts/states/entry";
import { PHASES } from "@dropgate/contracts/states/phase";
import fc from "fast-check";
import { expect, test } from "vitest";
import { decideRestore, type RestoreCase } from "./restore.ts";

const STATES = Object.keys(ENTRY_TABLE) as StoredEntryState[];

const cases: fc.Arbitrary<RestoreCase> = fc.record({
  state: fc.constantFrom(...STATES),
  ticket: fc.option(fc.integer({ min: 1, max: 10 })),
  bought: fc.integer({ min: 0, max: 2 }),
  restoredAt: fc.option(fc.constant(new Date(0))),
  laterEntryId: fc.option(fc.constant("later")),
  endedAtLimit: fc.boolean(),
  sale: fc.record({
    kind: fc.constantFrom("lottery" as const, "rush" as const),
    phase: fc.constantFrom(...PHASES),
    serving: fc.integer({ min: 0, max: 10 }),
    limitPerShopper: fc.integer({ min: 1, max: 2 }),
  }),
});

test("a place is given back only where the table of states knows the way, and each refusal has its sentence", () => {
  fc.assert(
    fc.property(cases, (entry) => {
      const decided = decideRestore(entry);
      if (!decided.ok) {
        expect(decided.detail).toMatch(/^\p{Lu}.*\.$/u);
        return;
      }
      const outcome = ENTRY_TABLE[entry.state].restore;
      expect(decided.value === "same" ? "same" in outcome : "to" in outcome).toBe(true);
    }),
    { numRuns: 2_000 },
  );
});

test("never twice, to nobody who has more than one place or unit then, and not when nothing is sold any more", () => {
  fc.assert(
    fc.property(cases, (entry) => {
      const decided = decideRestore(entry);
      if (!decided.ok || decided.value === "same") return;
      expect(entry.restoredAt).toBeNull();
      expect(entry.laterEntryId).toBeNull();
      expect(entry.bought).toBeLessThan(entry.sale.limitPerShopper);
      expect(entry.sale.phase).not.toBe("closed");
      // Out of turn only who was passed: else a place would be better than before.
      expect(decided.value.next).toBe(entry.ticket !== null && entry.ticket <= entry.sale.serving);
    }),
    { numRuns: 2_000 },
  );
});
