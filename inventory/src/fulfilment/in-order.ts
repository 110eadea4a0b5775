// Sorting what mostly is in order already: a sort copies its array, and of three elements it costs a kilobyte.

function isInOrder<Item>(items: readonly Item[], compare: (a: Item, b: Item) => number): boolean {
  for (let i = 1; i < items.length; i += 1) if (compare(items[i - 1]!, items[i]!) > 0) return false;
  return true;
}

/** As `toSorted`, but the array itself where it is in order. */
export function inOrder<Item>(
  items: readonly Item[],
  compare: (a: Item, b: Item) => number,
): readonly Item[] {
  return isInOrder(items, compare) ? items : items.toSorted(compare);
}
