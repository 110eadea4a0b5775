import { expect, test } from "vitest";
import { csvOf } from "./csv.ts";

test("quotes, commas and line ends are kept, and nothing becomes a formula", () => {
  const text = csvOf(
    ["name", "count"],
    [
      ['a, "b"\n', 3],
      ["=1+1", -4],
      ["-x", null],
    ],
  );
  expect(text).toBe('name,count\r\n"a, ""b""\n",3\r\n\'=1+1,-4\r\n\'-x,\r\n');
});
