// Support finds a shopper: by whatever they can tell of themselves.
import type { FoundEntry } from "@dropgate/contracts/entry-story";
import { useState } from "react";
import { Link } from "wouter";
import { usePages, useRead } from "../../api/use-api.ts";
import { pathTo } from "../../routes/routes.ts";
import { Button } from "../../ui/button.tsx";
import { DataTable, type ShownColumn } from "../../ui/data-table.tsx";
import { Choice, Field } from "../../ui/field.tsx";
import { Form } from "../../ui/form.tsx";
import { formats } from "../../ui/formats.ts";
import { Page } from "../../ui/page.tsx";
import { useUrlState } from "../../ui/url-state.ts";
import { RehearsalBadge } from "../sale/rehearsal-badge.tsx";
import { ENTRY_NAMES } from "./entry-words.ts";

const COLUMNS: readonly ShownColumn<FoundEntry>[] = [
  {
    id: "shopper",
    name: "Shopper",
    text: (entry) => entry.shopper.id,
    cell: (entry) => <Link href={pathTo("entry", { entryId: entry.entryId })}>{entry.shopper.id}</Link>,
  },
  {
    id: "sale",
    name: "Sale",
    isLong: true,
    text: ({ saleTitle, rehearsal }) => (rehearsal === true ? `${saleTitle} (rehearsal)` : saleTitle),
    cell: ({ saleTitle, rehearsal }) => (
      <>
        {saleTitle} {rehearsal === true && <RehearsalBadge />}
      </>
    ),
  },
  { id: "state", name: "Stands", text: (entry) => ENTRY_NAMES[entry.state] },
  { id: "ticket", name: "Ticket", text: (entry) => entry.ticket, isNumber: true },
  { id: "unit", name: "Unit", text: (entry) => entry.unit, isNumber: true },
  { id: "order", name: "Order", text: (entry) => entry.orderId, isLong: true },
  {
    id: "joined",
    name: "Joined",
    text: (entry) => entry.joinedAt,
    cell: (entry) => <time dateTime={entry.joinedAt}>{formats.moment(entry.joinedAt)}</time>,
  },
  { id: "attempt", name: "Attempt", text: (entry) => entry.attempt, isNumber: true, isExtra: true },
  { id: "id", name: "Entry", text: (entry) => entry.entryId, isExtra: true, isLong: true },
  { id: "hold", name: "Hold", text: (entry) => entry.holdId, isExtra: true, isLong: true },
];

/** Of the newest sales; another one is named by its id in the address. */
const SALES_OFFERED = 50;

export default function Entries() {
  const url = useUrlState();
  const q = url.read("q");
  const saleId = url.read("sale");
  const [typed, setTyped] = useState(q);
  const sales = useRead("listAdminSales", { query: { limit: SALES_OFFERED } });
  const newest = sales.value?.items.map(({ id, title }) => ({ value: id, name: title }));
  const isOlder = saleId !== "" && newest !== undefined && !newest.some(({ value }) => value === saleId);
  const older = useRead("getAdminSale", { parameters: { saleId } }, { isWanted: isOlder });
  const pages = usePages(
    "searchEntries",
    { query: { q, ...(saleId !== "" && { saleId }) } },
    { isWanted: q !== "" },
  );
  return (
    <Page title="Entries">
      <Form
        label="Find an entry"
        className="row"
        onSubmit={() => {
          url.write("q", typed.trim());
        }}
      >
        <Field
          label="Entry, ticket, shopper, hold or order"
          type="search"
          required
          value={typed}
          onChange={setTyped}
        />
        <Choice
          label="Sale"
          value={saleId}
          options={[
            { value: "", name: "Any" },
            ...(newest ?? []),
            // What is looked through has to stand there, also where it is none of the newest.
            ...(isOlder ? [{ value: saleId, name: older.value?.title ?? saleId }] : []),
          ]}
          onChange={(value) => url.write("sale", value)}
        />
        <Button type="submit" tone="primary">
          Find
        </Button>
      </Form>
      {q === "" ? (
        <p className="soft">
          Ask the shopper for the number on their page, the number of their order, or the address they signed
          in with.
        </p>
      ) : (
        <DataTable
          name="Entries"
          columns={COLUMNS}
          pages={pages}
          keyOf={(entry) => entry.entryId}
          empty={<p>Nobody is found by “{q}”. It has to be the whole of it, letter by letter.</p>}
        />
      )}
    </Page>
  );
}
