// A basket as people write it. Pure.

/** A SKU on each line, and behind it how many; one when nothing is said. A SKU may have spaces in it. */
export function basketOf(text: string): { sku: string; quantity: number }[] {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "")
    .map((line) => {
      const [, sku, count] = /^(.*\S)\s+(\d+)$/.exec(line) ?? [];
      return sku === undefined ? { sku: line, quantity: 1 } : { sku, quantity: Number(count) };
    });
}
