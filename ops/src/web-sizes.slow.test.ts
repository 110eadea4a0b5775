// What must come over the line before a page works: counted in the real build, as it travels. The console's figure is its
// first screen: the door and the list of sales.
import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { gzipSync } from "node:zlib";
import { LANGUAGES } from "@dropgate/contracts/languages";
import { beforeAll, describe, expect, test } from "vitest";
import { buildWeb } from "./web-build.ts";

const ROOT = resolve(import.meta.dirname, "../..");
const DIST = join(ROOT, "web/dist");

const PAGE_SCRIPT_BYTES_MAX = 90_000;
const PAGE_BYTES_MAX = 130_000;
const CONSOLE_BYTES_MAX = 300_000;

const textOf = (file: string): Promise<string> => readFile(join(DIST, file), "utf8");
const bytesOf = async (file: string): Promise<number> =>
  gzipSync(await readFile(join(DIST, file)), { level: 9 }).length;
const sumOf = async (files: Iterable<string>): Promise<number> => {
  let sum = 0;
  for (const file of files) sum += await bytesOf(file);
  return sum;
};

// A page of yesterday's sources proves nothing; where it is today's, nothing is built.
beforeAll(() => buildWeb(ROOT, () => {}), 120_000);

describe("the shopper's page", () => {
  test("the first load is at most 90 kB of script and 130 kB in all", async () => {
    const html = await textOf("index.html");
    // What a press loads later, the page does not name.
    const files = [...html.matchAll(/(?:src|href)="\/(assets\/[^"]+)"/g)].map((match) => match[1] ?? "");
    // One language's words come with it: whichever is the heaviest.
    const words = new Map<string, number>();
    for (const [, language = "", list = ""] of html.matchAll(
      /\b([a-z]{2})=(\/assets\/[^\s>]+?)(?=\s|-->)/g,
    )) {
      words.set(language, await sumOf(list.split(",").map((file) => file.slice(1))));
    }
    expect([...words.keys()].toSorted()).toEqual([...LANGUAGES].toSorted());
    const heaviest = Math.max(...words.values());
    const scripts = files.filter((file) => file.endsWith(".js"));
    expect(scripts).toHaveLength(1);
    expect(await textOf(scripts[0] ?? "")).not.toMatch(/import\s*[\w{*][^;]*from\s*"\.\//);
    expect((await sumOf(scripts)) + heaviest).toBeLessThanOrEqual(PAGE_SCRIPT_BYTES_MAX);
    expect((await sumOf(["index.html", ...files])) + heaviest).toBeLessThanOrEqual(PAGE_BYTES_MAX);
  });
});

/** What Vite writes down of what it built: by source, the file, and what it brings along. */
interface Built {
  file: string;
  imports?: string[];
  css?: string[];
}

describe("the console", () => {
  const page = (name: string): string => `src/console/pages/${name}.tsx`;

  /** All files that these sources need before they run. */
  async function filesOf(sources: readonly string[]): Promise<Set<string>> {
    const built = JSON.parse(await textOf("console/.vite/manifest.json")) as Record<string, Built>;
    const files = new Set<string>();
    const seen = new Set<string>();
    const follow = (source: string): void => {
      if (seen.has(source)) return;
      seen.add(source);
      const part = built[source];
      if (part === undefined) throw new Error(`${source} was not built as a part of its own`);
      for (const file of [part.file, ...(part.css ?? [])]) files.add(`console/${file}`);
      for (const each of part.imports ?? []) follow(each);
    };
    for (const source of sources) follow(source);
    return files;
  }

  test("its first screen, the door and the list of sales, is at most 300 kB of script and style", async () => {
    const files = await filesOf(["console.html", page("sales/sales")]);
    expect(
      [...files].some((file) => file.endsWith(".js")) && [...files].some((file) => file.endsWith(".css")),
    ).toBe(true);
    expect(await sumOf(["console/console.html", ...files])).toBeLessThanOrEqual(CONSOLE_BYTES_MAX);
  });

  test("charts, the map and the verifier are no part of it", async () => {
    const first = await filesOf(["console.html", page("sales/sales")]);
    let all = "";
    for (const file of first) all += await textOf(file);
    // A name of each that no build makes shorter.
    const marks = { chart: ".u-legend", draw: "dropgate-draw-1", map: "Longitude" };
    for (const [what, mark] of Object.entries(marks)) {
      const later = await filesOf([page("sale/sale"), page("sale/proof"), page("locations/locations")]);
      expect(all.includes(mark), what).toBe(false);
      expect([...later].length).toBeGreaterThan(0);
    }
  });
});
