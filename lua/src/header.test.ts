import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { document, generated, listScripts } from "./generate.ts";
import { packArguments, parseHeader } from "./header.ts";
import { checkHeader } from "./header-check.ts";
import { SCRIPT_NAMES } from "./scripts.generated.ts";
import { readScript, readScripts } from "./scripts.ts";

const GOOD = `-- Frees units.
-- KEYS  lane hash · pool zset of units
-- ARGV  epoch int · layout int · (unit int · holder text)*
-- REPLY { 'OK' }
-- COST  O(1)
-- KEEPS nothing
-- INCLUDE fence
local lane, pool = KEYS[1], KEYS[2]
local epoch, layout = ARGV[1], ARGV[2]
local fenced = fence(lane, epoch, layout)
for at = 3, #ARGV, 2 do
  local unit, holder = ARGV[at], ARGV[at + 1]
  redis.call('ZADD', pool, unit, holder)
end
`;

describe("a header that lies is found", () => {
  const bad: [string, string, string, RegExp][] = [
    [
      "a key listed but not used",
      "pool zset of units",
      "pool zset of units · taken hash",
      /taken is listed but/,
    ],
    ["a key used but not listed", " · pool zset of units", "", /pool is used as KEYS\[2\] but not listed/],
    ["a key bound but used nowhere", "'ZADD', pool,", "'ZADD', lane,", /pool is listed but not used/],
    ["keys in another order", "KEYS[1], KEYS[2]", "KEYS[2], KEYS[1]", /listed as lane but called pool/],
    ["an argument listed but not used", "layout int", "layout int · count int", /count is listed but/],
    ["an argument used but not listed", " · layout int", "", /layout is used as ARGV\[2\] but not listed/],
    ["an argument bound but used nowhere", "unit, holder)", "unit, unit)", /holder is listed but not used/],
    ["a repeated argument listed but not used", "holder text)", "holder text · ms ms)", /ms is listed but/],
    [
      "a repeated argument used but not listed",
      " · holder text)",
      ")",
      /holder is used as ARGV\[at \+ 1\] but/,
    ],
    ["a loop that begins elsewhere", "at = 3", "at = 2", /the loop starts at 2/],
    ["a loop of another width", "#ARGV, 2", "#ARGV, 1", /the loop steps by 1/],
    [
      "an argument without a name",
      "ARGV[at + 1]\n",
      "ARGV[at + 1]\n  if ARGV[2] then end\n",
      /without being given/,
    ],
    ["a key put together at run time", "'ZADD', pool", "'ZADD', 'pool:' .. unit", /no key of the header/],
    ["an include that is not called", "INCLUDE fence", "INCLUDE tell", /tell is included but not called/],
    ["a missing part", "-- COST  O(1)\n", "", /the header has no COST/],
    ["an unknown key", "pool zset", "pond zset", /no key is called pond/],
    ["an unknown type", "unit int", "unit integer", /unreadable argument: unit integer/],
  ];
  test("the good example has nothing wrong", () => {
    expect(checkHeader(GOOD)).toEqual([]);
  });
  test.each(bad)("%s", (_name, from, to, complaint) => {
    const text = GOOD.replace(from, to);
    expect(text).not.toBe(GOOD);
    expect(checkHeader(text).join("\n")).toMatch(complaint);
  });
});

test.each(listScripts())("the header of %s says what its body does", (name) => {
  expect(checkHeader(readScript(name))).toEqual([]);
});

test("every script of the folder is loaded, and every one loaded is there", () => {
  expect(listScripts()).toEqual([...SCRIPT_NAMES]);
});

test("the callers' types are those of the headers", () => {
  const path = new URL("./scripts.generated.ts", import.meta.url);
  // The formatter breaks long lines; only that may differ.
  const bare = (text: string): string => text.replace(/\s/g, "").replace(/;}/g, "}");
  expect(bare(readFileSync(path, "utf8")), "run `npx tsx lua/src/generate.ts`").toBe(bare(generated()));
});

test("the page on the hot store has the table of the headers", () => {
  const { is, shouldBe } = document();
  for (const name of SCRIPT_NAMES) expect(shouldBe).toContain(`\n| \`${name}\` |`);
  expect(is, "run `npx tsx lua/src/generate.ts`").toBe(shouldBe);
});

test("no script leaves an include unresolved, and includes include nothing", () => {
  for (const { text } of readScripts().values()) expect(text).not.toContain("INCLUDE");
});

test("arguments are packed in the header's order, and a wrong type is a bug", () => {
  const header = parseHeader(GOOD);
  const pack = (unit: number | string | boolean): string[] =>
    packArguments(header, { layout: 1, epoch: 7 }, [{ holder: "h", unit }]);
  expect(pack(3)).toEqual(["7", "1", "3", "h"]);
  expect(pack(1_795_499_549_432)).toEqual(["7", "1", "1795499549432", "h"]);
  for (const wrong of ["3", true, 1.5, Number.NaN, 2 ** 53]) expect(() => pack(wrong)).toThrow(TypeError);
  expect(() => packArguments(header, { epoch: 7 }, [])).toThrow("layout must be int");
});

test("no record of a sale ever expires by itself: it would be gone before the sweeper reads it", () => {
  const expiring = /'(?:P?EXPIRE(?:AT)?|P?SETEX|GETEX)'|'(?:EX|PX|EXAT|PXAT)'/;
  for (const { name, text } of readScripts().values()) {
    // What mirrors stock or shows it is made again from PostgreSQL whenever it is not there.
    if (/^(?:stock|display)-/.test(name)) continue;
    expect(expiring.test(text), name).toBe(false);
  }
  expect(expiring.test("redis.call('SET', hold, '1', 'PX', 600000)")).toBe(true);
});
