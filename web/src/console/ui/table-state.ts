// How a table is ordered, searched and cut, apart from how it looks. Pure.
import { formats } from "./formats.ts";

export interface Column<Row> {
  id: string;
  name: string;
  /** As text: for the search, for the export, and for what is shown when `cell` is not given. */
  text: (row: Row) => string | number | null;
  /** By what it is sorted; `text` when absent. */
  order?: (row: Row) => string | number;
  isNumber?: boolean;
  /** Sentences or addresses: as a card it has a line of its own. */
  isLong?: boolean;
  /** Buttons that act on the row: nothing to order by. */
  isAct?: boolean;
  /** Not shown until somebody asks for it. */
  isExtra?: boolean;
}

export interface Order {
  column: string;
  isDown: boolean;
}

/** `-name` is down. */
export function readOrder(text: string): Order | null {
  if (text === "") return null;
  return text.startsWith("-") ? { column: text.slice(1), isDown: true } : { column: text, isDown: false };
}

/** Up, down, and back to how the server gives them. */
export function nextOrder(now: Order | null, column: string): string {
  if (now?.column !== column) return column;
  return now.isDown ? "" : `-${column}`;
}

/** Every order that there is, in words, for where no head of a column can be pressed. */
export function orderChoices(
  columns: readonly { id: string; name: string; isAct?: boolean }[],
): { value: string; name: string }[] {
  const both = columns
    .filter(({ isAct = false }) => !isAct)
    .flatMap(({ id, name }) => [
      { value: id, name: `${name} ↑` },
      { value: `-${id}`, name: `${name} ↓` },
    ]);
  return [{ value: "", name: "As they come" }, ...both];
}

/** Below the table: how many are shown, and out of how many that were looked at. */
export function shownInWords(
  shown: number,
  { loaded, hasMore }: { loaded: number; hasMore: boolean },
): string {
  if (loaded === 0) return "";
  if (shown === loaded) return `${hasMore ? "The first " : ""}${formats.number(shown)} shown.`;
  if (!hasMore) return `${formats.number(shown)} of ${formats.number(loaded)} shown.`;
  return `${formats.number(shown)} of the first ${formats.number(loaded)} shown; what comes after them was not looked at yet.`;
}

/** Where there are rows, and none fits: a search looks through what is loaded, and says so. */
export function noneInWords({ loaded, hasMore }: { loaded: number; hasMore: boolean }): string {
  if (!hasMore) return "Nothing fits the search and the filters.";
  return `None of the first ${formats.number(loaded)} fits the search and the filters. What comes after them was not looked at yet: load more to look further.`;
}

/** Which columns are shown. @param text names that differ from how it is at first, by comma */
export function shownColumns<C extends { id: string; isExtra?: boolean }>(
  columns: readonly C[],
  text: string,
): C[] {
  const differs = new Set(text.split(","));
  return columns.filter(({ id, isExtra = false }) => isExtra === differs.has(id));
}

export function toggleColumn(text: string, id: string): string {
  const differs = new Set(text.split(",").filter((each) => each !== ""));
  if (!differs.delete(id)) differs.add(id);
  return [...differs].join(",");
}

/** The rows that say every word of the search, in the order asked for. */
export function arrange<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  { find, order }: { find: string; order: Order | null },
): Row[] {
  const words = find
    .toLocaleLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "");
  const found = rows.filter((row) => {
    if (words.length === 0) return true;
    const said = columns
      .map((column) => String(column.text(row) ?? ""))
      .join(" ")
      .toLocaleLowerCase();
    return words.every((word) => said.includes(word));
  });
  const column = columns.find(({ id }) => id === order?.column);
  if (order === null || column === undefined) return found;
  const key = (row: Row): string | number => column.order?.(row) ?? column.text(row) ?? "";
  const sign = order.isDown ? -1 : 1;
  return found.toSorted((one, other) => sign * compare(key(one), key(other)));
}

function compare(one: string | number, other: string | number): number {
  if (typeof one === "number" && typeof other === "number") return one - other;
  return String(one).localeCompare(String(other), undefined, { numeric: true });
}
