import { expect, test } from "vitest";
import {
  arrange,
  type Column,
  nextOrder,
  noneInWords,
  orderChoices,
  readOrder,
  shownColumns,
  shownInWords,
  toggleColumn,
} from "./table-state.ts";

interface Row {
  name: string;
  count: number;
}
const columns: Column<Row>[] = [
  { id: "name", name: "Name", text: (row) => row.name },
  { id: "count", name: "Count", text: (row) => row.count, isNumber: true },
];
const rows: Row[] = [
  { name: "Shoe 10", count: 9 },
  { name: "Shoe 9", count: 10 },
  { name: "Vase", count: 1 },
];
const names = (find: string, order: string) =>
  arrange(rows, columns, { find, order: readOrder(order) }).map(({ name }) => name);

test("numbers are ordered as numbers, also within names, and down is the other way round", () => {
  expect(names("", "count")).toEqual(["Vase", "Shoe 10", "Shoe 9"]);
  expect(names("", "name")).toEqual(["Shoe 9", "Shoe 10", "Vase"]);
  expect(names("", "-count")).toEqual(["Shoe 9", "Shoe 10", "Vase"]);
});

test("without an order, or by a column that is not there, rows stay as the server gave them", () => {
  expect(names("", "")).toEqual(rows.map(({ name }) => name));
  expect(names("", "gone")).toEqual(rows.map(({ name }) => name));
});

test("a search finds the rows that say every word, in any column and any case", () => {
  expect(names("shoe 10", "")).toEqual(["Shoe 10", "Shoe 9"]);
  expect(names("SHOE 9 10", "")).toEqual(["Shoe 10", "Shoe 9"]);
  expect(names("vase 9", "")).toEqual([]);
});

test("pressing a column goes up, down, and back", () => {
  const first = nextOrder(null, "name");
  const second = nextOrder(readOrder(first), "name");
  const third = nextOrder(readOrder(second), "name");
  expect([first, second, third]).toEqual(["name", "-name", ""]);
  expect(nextOrder(readOrder("-count"), "name")).toBe("name");
});

test("the address names only the columns that differ from how it is at first", () => {
  const set = [{ id: "a" }, { id: "b", isExtra: true }];
  const shown = (text: string) => shownColumns(set, text).map(({ id }) => id);
  expect(shown("")).toEqual(["a"]);
  expect(shown(toggleColumn("", "b"))).toEqual(["a", "b"]);
  expect(shown(toggleColumn("b", "a"))).toEqual(["b"]);
  expect(toggleColumn("b", "b")).toBe("");
});

test("on a phone every order can be chosen, but none by buttons", () => {
  const choices = orderChoices([...columns, { id: "acts", name: "Change", isAct: true }]);
  expect(choices.map(({ value }) => value)).toEqual(["", "name", "-name", "count", "-count"]);
  expect(readOrder(choices[2]?.value ?? "")).toEqual({ column: "name", isDown: true });
});

test("a search that looked through a part of the list does not say that there is nothing", () => {
  const part = { loaded: 50, hasMore: true };
  expect(noneInWords({ loaded: 50, hasMore: false })).toBe("Nothing fits the search and the filters.");
  expect(noneInWords(part)).toMatch(/^None of the first 50 .* load more to look further\.$/);
  expect(shownInWords(3, part)).toMatch(/^3 of the first 50 shown; .* not looked at yet\.$/);
  expect(shownInWords(50, part)).toBe("The first 50 shown.");
  expect(shownInWords(3, { loaded: 900, hasMore: false })).toBe("3 of 900 shown.");
  expect(shownInWords(0, { loaded: 0, hasMore: false })).toBe("");
});
