// What a shopper's phone must load before the page works: counted in the real build, as it travels.
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { LANGUAGES } from "./texts/languages.ts";

const SCRIPT_BYTES_MAX = 90_000;
const ALL_BYTES_MAX = 130_000;

const sum = (parts: readonly number[]) => parts.reduce((all, part) => all + part, 0);

test("the first load is at most 90 kB of script and 130 kB in all", async () => {
  const web = fileURLToPath(new URL("..", import.meta.url));
  const folder = await mkdtemp(join(tmpdir(), "dropgate-page-"));
  try {
    const vite = join(web, "node_modules", "vite", "bin", "vite.js");
    const env = { ...process.env, NODE_ENV: "production" };
    await promisify(execFile)(process.execPath, [vite, "build", "--outDir", folder], { cwd: web, env });
    const bytesOf = async (file: string) => gzipSync(await readFile(join(folder, file)), { level: 9 }).length;
    const html = await readFile(join(folder, "index.html"), "utf8");
    // What a press loads later, the page does not name.
    const files = [...html.matchAll(/(?:src|href)="\/(assets\/[^"]+)"/g)].map((match) => match[1] ?? "");
    const sizes = new Map<string, number>();
    for (const file of ["index.html", ...files]) sizes.set(file, await bytesOf(file));
    // One language's words come with it: whichever is the heaviest.
    const words = new Map<string, number>();
    for (const [, language = "", list = ""] of html.matchAll(
      /\b([a-z]{2})=(\/assets\/[^\s>]+?)(?=\s|-->)/g,
    )) {
      const parts = await Promise.all(list.split(",").map((file) => bytesOf(file.slice(1))));
      words.set(language, sum(parts));
    }
    expect([...words.keys()].toSorted()).toEqual([...LANGUAGES].toSorted());
    const heaviest = Math.max(...words.values());
    const scripts = files.filter((file) => file.endsWith(".js"));
    expect(scripts).toHaveLength(1);
    expect(await readFile(join(folder, scripts[0] ?? ""), "utf8")).not.toMatch(
      /import\s*[\w{*][^;]*from\s*"\.\//,
    );
    expect((sizes.get(scripts[0] ?? "") ?? 0) + heaviest).toBeLessThanOrEqual(SCRIPT_BYTES_MAX);
    expect(sum([...sizes.values(), heaviest])).toBeLessThanOrEqual(ALL_BYTES_MAX);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
