// A list that came in one answer, for a table that otherwise loads page by page.
import type { Paged } from "../api/use-api.ts";

export function allAtOnce<Item>(
  items: readonly Item[],
  { problem = null, isLoading = false, again = () => {} }: Partial<Paged<Item>> = {},
): Paged<Item> {
  return {
    items,
    problem,
    isLoading,
    isLoadingMore: false,
    hasMore: false,
    more: () => {},
    again,
    all: () => Promise.resolve({ ok: true, value: { items: [...items], isCut: false } }),
  };
}
