import { RETRY_AFTER_MS_MAX, RETRY_AFTER_MS_MIN } from "@dropgate/contracts/limits";
import { REFUSALS, type RefusalCode } from "@dropgate/contracts/refusals";
import fc from "fast-check";
import { expect, test } from "vitest";
import { problemOf, problemText } from "./problem.ts";

const codes = Object.keys(REFUSALS) as RefusalCode[];

test("the text of a refusal is its problem as JSON, whatever is refused where", () => {
  const refusals = fc.record(
    {
      ok: fc.constant(false as const),
      refusal: fc.constantFrom(...codes),
      detail: fc.string(),
      retryAfterMs: fc.nat(),
      final: fc.boolean(),
      errors: fc.array(fc.record({ field: fc.string(), code: fc.string(), message: fc.string() })),
    },
    { requiredKeys: ["ok", "refusal"] },
  );
  fc.assert(
    fc.property(
      refusals,
      fc.string(),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (refusal, path, random) => {
        const { text, status, retryAfterMs } = problemText(refusal as never, path, random);
        const problem = problemOf(refusal as never, path, random);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(problem)));
        expect({ status, retryAfterMs }).toEqual({
          status: problem.status,
          retryAfterMs: problem.retryAfterMs,
        });
      },
    ),
  );
});

test("a refusal with an empty detail is not taken for one without, told before", () => {
  const detailOf = (detail?: string): unknown => {
    const refusal = { ok: false as const, refusal: "BUSY" as const, ...(detail !== undefined && { detail }) };
    return (JSON.parse(problemText(refusal, "/", 0).text) as { detail: string }).detail;
  };
  expect([detailOf(), detailOf(""), detailOf()]).toEqual([REFUSALS.BUSY.detail, "", REFUSALS.BUSY.detail]);
});

test("whoever is told to come again is told another moment than the others, from one end of the range to the other", () => {
  const told = Array.from({ length: 1_001 }, (_, i) =>
    problemText({ ok: false, refusal: "BUSY" }, "/", i / 1_000),
  );
  const moments = told.map(({ retryAfterMs }) => retryAfterMs ?? Number.NaN);
  expect(moments[0]).toBe(RETRY_AFTER_MS_MIN);
  expect(moments.at(-1)).toBe(RETRY_AFTER_MS_MAX);
  const range = RETRY_AFTER_MS_MAX - RETRY_AFTER_MS_MIN;
  // Ten thousand people over a second or more: no tenth of the range has more than its share.
  expect(range).toBeGreaterThanOrEqual(1_000);
  for (let tenth = 0; tenth < 10; tenth++) {
    const from = RETRY_AFTER_MS_MIN + (range * tenth) / 10;
    const there = moments.filter((ms) => ms >= from && ms < from + range / 10).length;
    expect(there).toBeGreaterThanOrEqual(95);
    expect(there).toBeLessThanOrEqual(105);
  }
});
