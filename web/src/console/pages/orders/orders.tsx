// Reservations of checkouts and the orders they became.
import type { Reservation } from "@dropgate/contracts/reservation";
import { Link } from "wouter";
import { usePages } from "../../api/use-api.ts";
import { pathTo } from "../../routes/routes.ts";
import { DataTable, type ShownColumn } from "../../ui/data-table.tsx";
import { Choice, Field } from "../../ui/field.tsx";
import { Page } from "../../ui/page.tsx";
import { Badge } from "../../ui/stat.tsx";
import { useUrlState } from "../../ui/url-state.ts";
import { When } from "../../ui/when.tsx";
import { ORDER_STATE_NAMES, ORDER_STATES, ORDER_TONES } from "./order-states.ts";
import { OrderViews } from "./views.tsx";

const EVERY_MS = 5_000;

const COLUMNS: readonly ShownColumn<Reservation>[] = [
  {
    id: "order",
    name: "Order",
    text: ({ orderId }) => orderId,
    cell: ({ id, orderId }) => <Link href={pathTo("order", { reservationId: id })}>{orderId}</Link>,
  },
  {
    id: "state",
    name: "State",
    text: ({ state }) => ORDER_STATE_NAMES[state],
    cell: ({ state }) => <Badge tone={ORDER_TONES[state]}>{ORDER_STATE_NAMES[state]}</Badge>,
  },
  {
    id: "items",
    name: "Items",
    text: ({ lines }) => lines.map(({ sku, quantity }) => `${quantity} × ${sku}`).join(", "),
  },
  {
    id: "locations",
    name: "From",
    text: ({ lines }) => [...new Set(lines.map(({ locationId }) => locationId))].join(", "),
  },
  {
    id: "waits",
    name: "Waits for",
    text: ({ backorders }) =>
      backorders
        .filter(({ state }) => state === "open")
        .map(({ sku, quantity, filled }) => `${quantity - filled} × ${sku}`)
        .join(", "),
  },
  {
    id: "created",
    name: "Created",
    text: ({ createdAt }) => createdAt,
    cell: ({ createdAt }) => <When at={createdAt} />,
  },
  {
    id: "expires",
    name: "Expires",
    text: ({ expiresAt }) => expiresAt,
    cell: ({ expiresAt }) => <When at={expiresAt} />,
    isExtra: true,
  },
  { id: "sale", name: "Sale", text: ({ saleId }) => saleId ?? null, isExtra: true },
  { id: "id", name: "Reservation", text: ({ id }) => id, isExtra: true },
];

export default function Orders() {
  const url = useUrlState();
  const orderId = url.read("order");
  const state = ORDER_STATES.find((each) => each === url.read("state"));
  const pages = usePages(
    "listReservations",
    { query: { ...(orderId !== "" && { orderId }), ...(state !== undefined && { state }) } },
    { everyMs: EVERY_MS },
  );
  return (
    <Page title="Orders">
      <OrderViews />
      <DataTable
        name="Orders"
        columns={COLUMNS}
        pages={pages}
        keyOf={({ id }) => id}
        filters={
          <>
            <Choice
              label="State"
              value={state ?? ""}
              options={[
                { value: "", name: "All" },
                ...ORDER_STATES.map((value) => ({ value: value as string, name: ORDER_STATE_NAMES[value] })),
              ]}
              onChange={(value) => url.write("state", value)}
            />
            <Field
              label="One order number"
              type="search"
              value={orderId}
              onChange={(value) => url.write("order", value)}
              placeholder="Exactly"
            />
          </>
        }
        empty={
          <p>
            {orderId === "" && state === undefined
              ? "There is no order yet. They come from checkouts, and from sales when a purchase is confirmed."
              : "No order has this number and state."}
          </p>
        }
      />
    </Page>
  );
}
