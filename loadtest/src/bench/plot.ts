// A row's plot as SVG: for each figure shown a group of bars, one a variant, with a whisker from the lowest round to
// the highest. Drawn by hand, so that a plot is two kilobytes and differs only where figures do.
import { figureName, figureText } from "./figure-text.ts";
import type { RowResult } from "./play-row.ts";
import type { Role } from "./row.ts";

const WIDTH = 640;
const LABEL = 190;
const VALUE = 90;
const BAR = 16;
const COLOURS: Readonly<Record<Role, string>> = { ours: "#2563eb", ceiling: "#94a3b8", plain: "#d97706" };

export function plotOf(result: RowResult): string {
  const parts: string[] = [];
  let y = 8;
  for (const name of result.shown) {
    const bars = result.variants.flatMap(({ label, role, figures }) => {
      const spread = figures[name];
      return spread === undefined ? [] : [{ label, role, spread }];
    });
    if (bars.length === 0) continue;
    const top = Math.max(...bars.map(({ spread }) => spread.max)) || 1;
    const scale = (value: number): number => round((value / top) * (WIDTH - LABEL - VALUE));
    parts.push(`<text class="h" x="0" y="${y + 12}">${escape(figureName(name, result.unit))}</text>`);
    y += 20;
    for (const { label, role, spread } of bars) {
      const middle = y + BAR / 2;
      parts.push(
        `<text x="${LABEL - 6}" y="${y + 12}" text-anchor="end">${escape(label)}</text>`,
        `<rect x="${LABEL}" y="${y}" width="${Math.max(1, scale(spread.median))}" height="${BAR - 3}" fill="${COLOURS[role]}"/>`,
        `<path d="M${LABEL + scale(spread.min)} ${middle - 1.5}H${LABEL + scale(spread.max)}" stroke="#0f172a" stroke-width="1.5"/>`,
        `<text x="${LABEL + scale(spread.max) + 6}" y="${y + 12}">${escape(figureText(name, spread.median, result.units))}</text>`,
      );
      y += BAR + 2;
    }
    y += 8;
  }
  const style = "text{font:12px system-ui,sans-serif;fill:#0f172a}.h{font-weight:600}";
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${y}" role="img" aria-label="${escape(result.name)}"><style>${style}</style><rect width="${WIDTH}" height="${y}" fill="#fff"/>\n${parts.join("\n")}\n</svg>\n`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function escape(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
