import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { faultOf, parseJson } from "./json-text.ts";

const read = (text: string) => parseJson(Buffer.from(text));

describe("JSON from strangers", () => {
  it("is read as JSON.parse reads it, whatever it is, when every reader would read it alike", () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 20 }), (text) => {
        const value: unknown = JSON.parse(text);
        // What JSON.parse made of it written again: keys once, in its order.
        const once = JSON.stringify(value);
        if (once.includes('"__proto__":')) return;
        expect(read(once)).toEqual({ ok: true, value });
      }),
    );
  });

  it("is never read when JSON.parse would not", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(...'{}[]:,"\\ax1 \n-.e'.split("")), maxLength: 30 }),
        (text) => {
          let parses = true;
          try {
            JSON.parse(text);
          } catch {
            parses = false;
          }
          if (!parses) expect(read(text).ok).toBe(false);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it("has each key of an object once, but may have it again in another", () => {
    expect(faultOf('{"a":1,"b":{"a":2},"c":[{"a":1},{"a":1}]}')).toBeNull();
    expect(faultOf('{"a":1,"b":{"c":{}},"a":2}')).toContain('"a"');
    expect(faultOf('[{"a":1,"a":2}]')).toContain('"a"');
    expect(faultOf('{"\\ud83d\\ude00":1,"😀":2}')).not.toBeNull();
    // A value is no key, and text in a value no structure.
    expect(faultOf('{"a":"a","b":"{\\"a\\":1,\\"a\\":2}"}')).toBeNull();
  });

  it("is nested at most 32 deep", () => {
    const nested = (depth: number): string => "[".repeat(depth) + "]".repeat(depth);
    expect(faultOf(nested(32))).toBeNull();
    expect(faultOf(nested(33))).not.toBeNull();
    expect(read(`"${"[".repeat(100)}"`)).toEqual({ ok: true, value: "[".repeat(100) });
  });
});
