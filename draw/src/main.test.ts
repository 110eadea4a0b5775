import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { afterAll, expect, test } from "vitest";
import { EXAMPLES_FOLDER } from "./make-examples.ts";

const MAIN = fileURLToPath(new URL("./main.ts", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "verify-draw-"));
afterAll(() => rmSync(folder, { recursive: true }));

const files = (name: string): string[] => [
  join(EXAMPLES_FOLDER, name, "draw.json"),
  join(EXAMPLES_FOLDER, name, "entries.ndjson"),
];

/** The command as it is run, with what it printed. */
function verifyDraw(args: string[]): Promise<{ code: number | null; out: string; error: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ["--import", "tsx", MAIN, ...args]);
    let out = "";
    let error = "";
    child.stdout.on("data", (bytes) => (out += bytes));
    child.stderr.on("data", (bytes) => (error += bytes));
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, out, error }));
  });
}

test("a valid draw ends with 0 and an own ticket worked out anew", async () => {
  const [, entries = ""] = files("valid-closed");
  const { entryId, ticket } = JSON.parse(readFileSync(entries, "utf8").split("\n")[3] ?? "");
  const { code, out } = await verifyDraw([...files("valid-closed"), "--entry", entryId]);
  expect(code).toBe(0);
  expect(out).toContain("VALID.");
  expect(out).toContain(`worked out anew: ticket ${ticket}, the same`);
});

test("a tampered draw ends with 1 and says where", async () => {
  const { code, out } = await verifyDraw(files("tampered-tickets-swapped"));
  expect(code).toBe(1);
  expect(out).toContain("line 1: ticket 9 should be 8 in bucket 0");
  expect(out).toContain("INVALID.");
});

test("a draw of a sale that has not closed ends with 3, and the verdict can be had as JSON", async () => {
  const { code, out } = await verifyDraw([...files("valid-open"), "--json"]);
  expect(code).toBe(3);
  expect(JSON.parse(out)).toMatchObject({ state: "open", saleId: "aurora-console", entries: 37 });
});

test("a file that is still compressed is read as it is", async () => {
  const [draw = "", entries = ""] = files("valid-closed");
  const packed = join(folder, "entries.ndjson.gz");
  writeFileSync(packed, gzipSync(readFileSync(entries)));
  expect((await verifyDraw([draw, packed])).code).toBe(0);
});

test("wrong arguments and unreadable files end with 2, in a sentence without a stack", async () => {
  const calls = [
    [],
    files("valid-open").slice(0, 1),
    ["no-such.json", "no-such.ndjson"],
    [...files("valid-open"), "--nope"],
  ];
  for (const result of await Promise.all(calls.map(verifyDraw))) {
    expect(result.code).toBe(2);
    expect(result.error).toMatch(/^verify-draw: /);
    expect(result.error).not.toContain("    at ");
  }
});

test("the help names every exit code", async () => {
  const { code, out } = await verifyDraw(["--help"]);
  expect(code).toBe(0);
  expect(out).toMatch(/0 {2}valid[^]*1 {2}invalid[^]*2 {2}usage[^]*3 {2}open/);
});
