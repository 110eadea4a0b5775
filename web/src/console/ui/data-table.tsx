// A list of the contract as a table: searched, ordered, its columns chosen, more loaded by cursor, exported. All of that
// stands in the address. Loading, empty, refused and not allowed have a look of their own.
import { type ReactNode, useEffect, useId, useRef, useState } from "react";
import type { Outcome, Trouble } from "../api/call.ts";
import { sentenceOf } from "../api/problem.ts";
import type { Paged } from "../api/use-api.ts";
import { Button } from "./button.tsx";
import { ColumnMenu } from "./column-menu.tsx";
import { csvOf, saveFile } from "./csv.ts";
import styles from "./data-table.module.css";
import { Choice } from "./field.tsx";
import { formats } from "./formats.ts";
import { Notice } from "./notice.tsx";
import { say } from "./status.tsx";
import {
  arrange,
  type Column,
  nextOrder,
  noneInWords,
  orderChoices,
  readOrder,
  shownColumns,
  shownInWords,
} from "./table-state.ts";
import { useUrlState } from "./url-state.ts";

export interface ShownColumn<Row> extends Column<Row> {
  /** What is seen; `text` when absent. The first column's link is what the keyboard steps through. */
  cell?: (row: Row) => ReactNode;
}

export interface DataTableProps<Row> {
  /** What it lists, as a heading and for readers: "Sales". */
  name: string;
  columns: readonly ShownColumn<Row>[];
  pages: Paged<Row>;
  keyOf: (row: Row) => string;
  /** Beside the search: choices that the server or the page filters by. */
  filters?: ReactNode;
  /** Rows that are shown at all, by filters of the page. */
  where?: (row: Row) => boolean;
  /** What to do where there is nothing at all. */
  empty: ReactNode;
  /** In the address, before the table's own words, where a page has several tables. */
  prefix?: string;
  /** Of the exported file, without its ending. */
  file?: string;
  /** Where the server writes the whole list as CSV itself: the search does not count for it, and the button says so. */
  exported?: () => Promise<Outcome<Blob>>;
}

const EXPORT_ROWS_MAX = 100_000;

/** On a phone rows are laid out as cards; browsers forget for readers what a table is that is no table to the eye. */
const AS = {
  table: { role: "table" },
  rows: { role: "rowgroup" },
  row: { role: "row" },
  head: { role: "columnheader" },
  cell: { role: "cell" },
};

export function DataTable<Row>(props: DataTableProps<Row>) {
  const { name, columns, pages, keyOf, filters, where, empty, prefix = "", file, exported } = props;
  const url = useUrlState();
  const key = (word: string): string => `${prefix}${word}`;
  const order = readOrder(url.read(key("sort")));
  const find = url.read(key("find"));
  const shown = shownColumns(columns, url.read(key("cols")));
  const rows = arrange(where === undefined ? pages.items : pages.items.filter(where), columns, {
    find,
    order,
  });
  const body = useRef<HTMLTableSectionElement>(null);
  useEffect(() => {
    const element = body.current;
    const hear = (event: KeyboardEvent): void => stepRows(event, element);
    element?.addEventListener("keydown", hear);
    return () => element?.removeEventListener("keydown", hear);
  }, []);
  const looked = { loaded: pages.items.length, hasMore: pages.hasMore };
  const status = pages.isLoading ? "Loading …" : shownInWords(rows.length, looked);

  return (
    <section className={styles["table"]} aria-label={name}>
      <div className={styles["tools"]}>
        <label className={styles["search"]}>
          <span className="only-read">Search in {name.toLowerCase()}</span>
          <input
            type="search"
            value={find}
            placeholder="Search"
            data-search
            onChange={(event) => url.write(key("find"), event.target.value)}
          />
        </label>
        <Tools areSet={url.names().some((name) => name !== key("find") && name !== key("cols"))}>
          {filters}
          {/* Where the heads of the columns have no room. */}
          {rows.length > 1 && (
            <div className={styles["order"]}>
              <Choice
                label="Sort by"
                value={url.read(key("sort"))}
                options={orderChoices(shown)}
                onChange={(value) => url.write(key("sort"), value)}
              />
            </div>
          )}
          <span className={styles["push"]} />
          <ColumnMenu
            columns={columns}
            text={url.read(key("cols"))}
            onChange={(text) => url.write(key("cols"), text)}
          />
          <ExportButton
            {...{ columns, pages, where, find, order: url.read(key("sort")), file: file ?? name, exported }}
          />
        </Tools>
      </div>
      {pages.problem !== null && <Refusal problem={pages.problem} again={pages.again} />}
      <div className={styles["scroll"]}>
        <table {...AS.table} data-empty={rows.length === 0}>
          <caption className="only-read">{name}</caption>
          <thead {...AS.rows}>
            <tr {...AS.row}>
              {shown.map(({ id, name: title, isNumber, isAct = false }) => (
                <th
                  key={id}
                  {...AS.head}
                  scope="col"
                  data-number={isNumber}
                  aria-sort={order?.column === id ? (order.isDown ? "descending" : "ascending") : undefined}
                >
                  {isAct ? (
                    <span className="only-read">{title}</span>
                  ) : (
                    <button type="button" onClick={() => url.write(key("sort"), nextOrder(order, id))}>
                      {title}
                      <span aria-hidden="true">
                        {order?.column === id ? (order.isDown ? " ↓" : " ↑") : ""}
                      </span>
                    </button>
                  )}
                </th>
              ))}
            </tr>
          </thead>
          <tbody ref={body} {...AS.rows}>
            {rows.map((row) => (
              <tr key={keyOf(row)} {...AS.row}>
                {shown.map((column) => (
                  <Cell key={column.id} column={column} row={row} />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
        {pages.isLoading && <Skeleton />}
        {!pages.isLoading && pages.problem === null && rows.length === 0 && (
          <div className={styles["empty"]}>
            {pages.items.length === 0 ? empty : <p>{noneInWords(looked)}</p>}
          </div>
        )}
      </div>
      <div className={styles["foot"]}>
        <output>{status}</output>
        {pages.hasMore && (
          <Button size="small" isBusy={pages.isLoadingMore} onPress={pages.more}>
            Load more
          </Button>
        )}
      </div>
    </section>
  );
}

/**
 * All but the search: on a phone behind a button, for otherwise the list begins below the fold.
 * @param areSet whether the address says any of it, so that whoever comes by it sees why they see so little
 */
function Tools({ areSet, children }: { areSet: boolean; children: ReactNode }) {
  const id = useId();
  const [isOpen, setOpen] = useState(areSet);
  return (
    <>
      <span className={styles["opener"]}>
        <Button size="small" isExpanded={isOpen} controls={id} onPress={() => setOpen(!isOpen)}>
          Filter, sort, export
        </Button>
      </span>
      <div id={id} className={styles["more"]} data-open={isOpen}>
        {children}
      </div>
    </>
  );
}

/** As a card each cell says of what it is, and one with nothing in it is left out. */
function Cell<Row>({ column, row }: { column: ShownColumn<Row>; row: Row }) {
  const text = column.text(row);
  const content = column.cell?.(row) ?? plain(text);
  return (
    <td
      {...AS.cell}
      data-name={column.isAct === true ? undefined : column.name}
      data-number={column.isNumber}
      data-long={column.isLong === true || column.isAct}
      data-empty={content === false || content === NOTHING || undefined}
    >
      {content}
    </td>
  );
}

const NOTHING = "–";

function plain(value: string | number | null): string {
  if (value === null || value === "") return NOTHING;
  return typeof value === "number" ? formats.number(value) : value;
}

/** What went wrong, or is not this role's, where the list would be. */
export function Refusal({ problem, again }: { problem: Trouble; again: () => void }) {
  if (problem.code === "FORBIDDEN") {
    return <Notice tone="plain">Your role may not see this. An admin can give you another one.</Notice>;
  }
  return (
    <Notice
      tone="bad"
      action={
        <Button size="small" onPress={again}>
          Try again
        </Button>
      }
    >
      {sentenceOf(problem)}
    </Notice>
  );
}

export function Skeleton({ lines = 5 }: { lines?: number }) {
  const id = useId();
  return (
    <div className={styles["skeleton"]} aria-hidden="true">
      {Array.from({ length: lines }, (_line, i) => (
        <span key={`${id}${i}`} />
      ))}
    </div>
  );
}

/** Arrows, Home and End step through what the rows lead to. */
function stepRows(event: KeyboardEvent, body: HTMLElement | null): void {
  const links = [...(body?.querySelectorAll<HTMLElement>("tr td:first-child :is(a, button)") ?? [])];
  const at = links.indexOf(document.activeElement as HTMLElement);
  const steps: Record<string, number> = {
    ArrowDown: at + 1,
    ArrowUp: at - 1,
    Home: 0,
    End: links.length - 1,
  };
  const to = steps[event.key];
  if (at === -1 || to === undefined) return;
  event.preventDefault();
  links[to]?.focus();
}

interface Exported<Row> {
  columns: readonly Column<Row>[];
  pages: Paged<Row>;
  where: ((row: Row) => boolean) | undefined;
  find: string;
  order: string;
  file: string;
  exported: (() => Promise<Outcome<Blob>>) | undefined;
}

function csvName(file: string): string {
  return `${file.toLowerCase().replaceAll(/\W+/g, "-")}.csv`;
}

/** Everything that fits the search and the filters, not only what was loaded; all columns. Or what the server writes. */
function ExportButton<Row>({ columns, pages, where, find, order, file, exported }: Exported<Row>) {
  const [isBusy, setBusy] = useState(false);
  async function save(): Promise<void> {
    setBusy(true);
    if (exported !== undefined) {
      const written = await exported();
      setBusy(false);
      if (written.ok) saveFile(csvName(file), written.value);
      else say(sentenceOf(written.problem), "bad");
      return;
    }
    const outcome = await pages.all(EXPORT_ROWS_MAX);
    setBusy(false);
    if (!outcome.ok) return say(sentenceOf(outcome.problem), "bad");
    const { items, isCut } = outcome.value;
    const rows = arrange(where === undefined ? items : items.filter(where), columns, {
      find,
      order: readOrder(order),
    });
    const text = csvOf(
      columns.map(({ name }) => name),
      rows.map((row) => columns.map((column) => column.text(row))),
    );
    saveFile(csvName(file), new Blob([text], { type: "text/csv" }));
    const cut = isCut
      ? ` There are more: a file has at most ${formats.number(EXPORT_ROWS_MAX)} of them.`
      : "";
    say(`${formats.count(rows.length, "row")} exported.${cut}`);
  }
  return (
    <Button size="small" isBusy={isBusy} onPress={() => void save()}>
      {exported !== undefined && find !== "" ? "Export all as CSV" : "Export CSV"}
    </Button>
  );
}
