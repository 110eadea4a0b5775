// The reference and the code say the same, in both directions: a code, setting or metric that is new, gone or
// renamed in one of them is found here.
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { GATEWAY_METRICS, type Metric, WORKER_METRICS } from "./metrics.ts";
import { REFUSALS, type RefusalKind } from "./refusals.ts";
import { settingsSchema } from "./settings.ts";

/** The rows of a page's table: first column without its backticks, and the others. */
function rowsOf(page: string): Map<string, string[]> {
  const text = readFileSync(new URL(`../../docs/reference/${page}.md`, import.meta.url), "utf8");
  const rows = new Map<string, string[]>();
  for (const [, name = "", rest = ""] of text.matchAll(/^\| `([A-Za-z_]+)` \|(.*)\|$/gm)) {
    expect(rows.has(name), `${name} stands twice in ${page}.md`).toBe(false);
    rows.set(
      name,
      rest.split(" | ").map((cell) => cell.trim()),
    );
  }
  return rows;
}

it("every refusal is told with its status, and told to be asked again exactly when it is", () => {
  const rows = rowsOf("refusals");
  expect([...rows.keys()]).toEqual(Object.keys(REFUSALS));
  for (const [code, kind] of Object.entries(REFUSALS as Record<string, RefusalKind>)) {
    const [status = "", text = ""] = rows.get(code) ?? [];
    expect([code, status]).toEqual([code, String(kind.status)]);
    expect([code, text.includes("*Ask again*")]).toEqual([code, kind.retry]);
  }
});

it("every setting is told, with what it is without", () => {
  const rows = rowsOf("settings");
  expect([...rows.keys()]).toEqual(Object.keys(settingsSchema.shape));
  for (const [name, schema] of Object.entries(settingsSchema.shape)) {
    const required = !schema.safeParse(undefined).success;
    expect([name, rows.get(name)?.[0] === "required"]).toEqual([name, required]);
  }
});

it("every metric is told, with its kind", () => {
  const rows = rowsOf("metrics");
  const metrics: Record<string, Metric> = { ...GATEWAY_METRICS, ...WORKER_METRICS };
  expect([...rows.keys()]).toEqual(Object.keys(metrics));
  for (const [name, { kind }] of Object.entries(metrics)) {
    expect([name, rows.get(name)?.[0]]).toEqual([name, kind]);
  }
});
