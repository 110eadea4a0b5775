// How figures are told: in the table and the plots alike, short and with their unit.

const KNOWN: Readonly<Record<string, { name: string; unit: string }>> = {
  rate: { name: "a second", unit: "/s" },
  p50: { name: "p50", unit: " ms" },
  p95: { name: "p95", unit: " ms" },
  p99: { name: "p99", unit: " ms" },
  max: { name: "longest", unit: " ms" },
};

/** 31234 → "31.2 k", 0.0123 → "0.0123": three figures that count. */
export function shortNumber(value: number): string {
  if (!Number.isFinite(value)) return "–";
  const size = Math.abs(value);
  if (size >= 999_500) return `${threeFigures(value / 1e6)} M`;
  if (size >= 9_995) return `${threeFigures(value / 1e3)} k`;
  return threeFigures(value);
}

function threeFigures(value: number): string {
  if (value === 0) return "0";
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
  return String(Number(value.toFixed(Math.min(digits, 6))));
}

/** "24.1 µs" for `cpu.server`, "8.5 k/s" for `rate`; own figures with the row's units. */
export function figureText(name: string, value: number, units: Readonly<Record<string, string>>): string {
  return `${shortNumber(value)}${unitOf(name, units)}`;
}

export function unitOf(name: string, units: Readonly<Record<string, string>>): string {
  const own = units[name];
  if (own !== undefined) return own === "" ? "" : ` ${own}`;
  return KNOWN[name]?.unit ?? (name.startsWith("cpu.") ? " µs" : "");
}

/** What a figure is called: "CPU of the server" for `cpu.server`. */
export function figureName(name: string, unit: string): string {
  if (name === "rate") return `${unit}s a second`;
  if (name.startsWith("cpu.")) return `CPU of ${name.slice(4)}, µs a ${unit}`;
  return KNOWN[name]?.name ?? name;
}
