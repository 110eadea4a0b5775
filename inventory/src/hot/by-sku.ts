// What belongs to one SKU, together: the hot store has a slot for each.

/** In one pass and in order. */
export function bySku<Thing extends { sku: string }>(things: Iterable<Thing>): Map<string, Thing[]> {
  const groups = new Map<string, Thing[]>();
  for (const thing of things) {
    const group = groups.get(thing.sku);
    if (group) group.push(thing);
    else groups.set(thing.sku, [thing]);
  }
  return groups;
}
