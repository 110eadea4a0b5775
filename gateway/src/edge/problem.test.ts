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
