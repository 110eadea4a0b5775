import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bandOf } from "./cadence.ts";
import { type InLine, Line } from "./line.ts";

class Member implements InLine {
  ticket = 0;
  band = 0;
  nextInLine: InLine | null = null;
  beforeInLine: InLine | null = null;
}

type Step =
  | { do: "add"; ticket: number }
  | { do: "remove"; which: number }
  | { do: "advance"; by: number; rate: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constant("add" as const), ticket: fc.integer({ min: 1, max: 5_000 }) }),
  fc.record({ do: fc.constant("remove" as const), which: fc.nat() }),
  fc.record({
    do: fc.constant("advance" as const),
    by: fc.integer({ min: 0, max: 800 }),
    rate: fc.constantFrom(0.01, 0.5, 1, 3, 10_000),
  }),
);

describe("the line", () => {
  it("has everybody in the nearest band they were ever due for, and tells each move once", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
        const line = new Line<Member>();
        // What a member should be in: the nearest of all bands it was due for since it came.
        const model = new Map<Member, number>();
        let serving = 0;
        let rate = 1;
        for (const each of steps) {
          if (each.do === "add") {
            const member = new Member();
            line.add(member, each.ticket, serving, rate);
            expect(member.band).toBeLessThanOrEqual(bandOf(Math.max(0, each.ticket - serving), rate));
            model.set(member, member.band);
          } else if (each.do === "remove") {
            const members = [...model.keys()];
            const gone = members[each.which % Math.max(1, members.length)];
            if (gone === undefined) continue;
            line.remove(gone);
            line.remove(gone);
            model.delete(gone);
            expect(gone.ticket).toBe(0);
          } else {
            serving += each.by;
            rate = each.rate;
            line.advance(serving, rate, (member, from) => {
              expect(model.get(member)).toBe(from);
              expect(member.band).toBeLessThan(from);
              model.set(member, member.band);
            });
            for (const [member, band] of model) {
              expect(member.band).toBe(band);
              expect(band).toBeLessThanOrEqual(bandOf(Math.max(0, member.ticket - serving), rate));
            }
          }
          expect(line.size).toBe(model.size);
        }
      }),
    );
  });

  it("looks only at those who come nearer", () => {
    const line = new Line<Member>();
    const members = Array.from({ length: 10_000 }, (_, i) => {
      const member = new Member();
      line.add(member, i + 1, 0, 1);
      return member;
    });
    const moved = new Set<Member>();
    line.advance(10, 1, (member) => moved.add(member));
    // Ten at each of the four ends: below 60, 600, 1,200 and 7,200 seconds of waiting.
    expect([...moved].map(({ ticket }) => ticket).toSorted((a, b) => a - b)).toEqual(
      [60, 600, 1_200, 7_200].flatMap((end) => Array.from({ length: 10 }, (_, i) => end + i)),
    );
    expect(members.filter(({ band }) => band === 0)).toHaveLength(69);
  });
});
