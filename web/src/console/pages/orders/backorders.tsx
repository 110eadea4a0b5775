// What orders wait for, the oldest first, as deliveries fill it.

import { Link } from "wouter";
import type { AnswerOf } from "../../api/call.ts";
import { usePages } from "../../api/use-api.ts";
import { pathTo } from "../../routes/routes.ts";
import { DataTable, type ShownColumn } from "../../ui/data-table.tsx";
import { Choice } from "../../ui/field.tsx";
import { Page } from "../../ui/page.tsx";
import { Badge } from "../../ui/stat.tsx";
import { useUrlState } from "../../ui/url-state.ts";
import { When } from "../../ui/when.tsx";
import { inWords } from "../../ui/words.ts";
import { OrderViews } from "./views.tsx";

type Backorder = AnswerOf<"listBackorders">["items"][number];
const EVERY_MS = 5_000;
const STATES = ["open", "filled", "cancelled"] as const;
const TONES = { open: "warning", filled: "good", cancelled: "plain" } as const;

const COLUMNS: readonly ShownColumn<Backorder>[] = [
  {
    id: "order",
    name: "Order",
    text: ({ orderId }) => orderId,
    cell: ({ reservationId, orderId }) => <Link href={pathTo("order", { reservationId })}>{orderId}</Link>,
  },
  { id: "sku", name: "SKU", text: ({ sku }) => sku },
  { id: "quantity", name: "Ordered", text: ({ quantity }) => quantity, isNumber: true },
  { id: "filled", name: "Have come", text: ({ filled }) => filled, isNumber: true },
  {
    id: "state",
    name: "State",
    text: ({ state }) => inWords(state),
    cell: ({ state }) => <Badge tone={TONES[state]}>{inWords(state)}</Badge>,
  },
  {
    id: "since",
    name: "Since",
    text: ({ createdAt }) => createdAt,
    cell: ({ createdAt }) => <When at={createdAt} />,
  },
  {
    id: "ended",
    name: "Ended",
    text: ({ endedAt }) => endedAt,
    cell: ({ endedAt }) => <When at={endedAt} />,
  },
];

export default function Backorders() {
  const url = useUrlState();
  const state = STATES.find((each) => each === url.read("state"));
  const pages = usePages(
    "listBackorders",
    { query: state === undefined ? {} : { state } },
    { everyMs: EVERY_MS },
  );
  return (
    <Page title="Back-orders">
      <OrderViews />
      <DataTable
        name="Back-orders"
        columns={COLUMNS}
        pages={pages}
        keyOf={({ id }) => id}
        filters={
          <Choice
            label="State"
            value={state ?? ""}
            options={[
              { value: "", name: "All" },
              ...STATES.map((value) => ({ value: value as string, name: inWords(value) })),
            ]}
            onChange={(value) => url.write("state", value)}
          />
        }
        empty={<p>No order waits for stock.</p>}
      />
    </Page>
  );
}
