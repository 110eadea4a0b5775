// docs/benchmarks.md: the table and the plots between two marks are made from the kept results; what people wrote
// around them stays.
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { ROOT } from "./child.ts";
import { figureText, shortNumber } from "./figure-text.ts";
import { plotOf } from "./plot.ts";
import type { KeptResult } from "./results.ts";
import type { Role } from "./row.ts";

const PAGE = resolve(ROOT, "docs/benchmarks.md");
const PLOTS = resolve(ROOT, "docs/benchmarks");
const BEGIN = "<!-- results: written by npx pnpm bench -->";
const END = "<!-- /results -->";

/** Writes the table, and a plot for each result. @throws Error when the page has lost its marks */
export async function writePage(results: readonly KeptResult[]): Promise<void> {
  const page = await readFile(PAGE, "utf8");
  const from = page.indexOf(BEGIN);
  const to = page.indexOf(END);
  if (from === -1 || to < from) throw new Error(`docs/benchmarks.md has no ${BEGIN} … ${END}`);
  await mkdir(PLOTS, { recursive: true });
  await Promise.all(results.map((result) => writeFile(join(PLOTS, `${result.name}.svg`), plotOf(result))));
  await writeFile(PAGE, `${page.slice(0, from)}${BEGIN}\n\n${tableOf(results)}\n\n${page.slice(to)}`);
}

export function tableOf(results: readonly KeptResult[]): string {
  const lines = ["| row | ours | ceiling | plain way | held to |", "| --- | --- | --- | --- | --- |"];
  for (const result of results) {
    const cells = (["ours", "ceiling", "plain"] as const).map((role) => cellOf(result, role));
    lines.push(`| [\`${result.name}\`](#${result.name}) | ${cells.join(" | ")} | ${targetsOf(result)} |`);
  }
  return [...lines, "", ...machinesOf(results), ...results.flatMap(sectionOf)].join("\n");
}

function cellOf({ variants, shown, units, unit }: KeptResult, role: Role): string {
  const some = variants.filter((variant) => variant.role === role);
  if (some.length === 0) return "–";
  return some
    .map(({ label, figures }) => {
      const told = shown.flatMap((name) => {
        const spread = figures[name];
        if (spread === undefined) return [];
        const cpu = name.startsWith("cpu.")
          ? ` ${name.slice(4)}/${unit}`
          : /^(rate|p\d+)$/.test(name)
            ? ""
            : ` ${name}`;
        const latency = /^p\d+$/.test(name) ? `${name} ` : "";
        return [`${latency}${figureText(name, spread.median, units)}${cpu}`];
      });
      return `${label}: ${told.join(", ")}`;
    })
    .join("<br>");
}

function targetsOf({ targets }: KeptResult): string {
  return targets
    .map(
      ({ says, value, met }) =>
        `${met ? "✓" : "✗"} ${says}: **${value === null ? "–" : shortNumber(value)}**`,
    )
    .join("<br>");
}

/** Each machine once, with the rows that were measured on it. */
function machinesOf(results: readonly KeptResult[]): string[] {
  const told = new Map<string, string[]>();
  for (const { name, at, machine, quick } of results) {
    const { processor, cores, memoryGiB, system, versions } = machine;
    const known = Object.entries(versions).map(([what, version]) => `${what} ${version}`);
    const where = `${processor}, ${cores} cores, ${memoryGiB} GiB, ${system}; ${known.join(", ")}; ${at.slice(0, 10)}`;
    told.set(where, [...(told.get(where) ?? []), quick ? `${name} (quick)` : name]);
  }
  return [...told].map(([where, names]) =>
    told.size === 1 && !names.some((name) => name.includes("("))
      ? `Measured on ${where}.`
      : `${names.join(", ")}: ${where}.`,
  );
}

function sectionOf({ name, measures, rounds }: KeptResult): string[] {
  const played = `${rounds} round${rounds === 1 ? "" : "s"}.`;
  return ["", `## ${name}`, `${measures} ${played}`, "", `![${name}](benchmarks/${name}.svg)`];
}
