// One order: what of it ships from where and how far that is, what it waits for, and its whole story.
import type { Reservation } from "@dropgate/contracts/reservation";
import { Link, useParams } from "wouter";
import { useActors } from "../../actors/actors.ts";
import { useRead } from "../../api/use-api.ts";
import { pathTo } from "../../routes/routes.ts";
import { allAtOnce } from "../../ui/all-at-once.ts";
import { DataTable, Refusal, Skeleton } from "../../ui/data-table.tsx";
import { Card, Facts, Raw } from "../../ui/facts.tsx";
import { formats } from "../../ui/formats.ts";
import { Page, Section } from "../../ui/page.tsx";
import { Badge } from "../../ui/stat.tsx";
import { transactionColumns } from "../inventory/ledger.tsx";
import { ORDER_STATE_NAMES, ORDER_TONES, progressText } from "./order-states.ts";

const EVERY_MS = 5_000;

export default function OrderPage() {
  const { reservationId } = useParams<{ reservationId: string }>();
  const actor = useActors();
  const read = useRead("getReservationStory", { parameters: { reservationId } }, { everyMs: EVERY_MS });
  const above = { name: "Orders", href: pathTo("orders") };
  if (read.value === undefined) {
    return (
      <Page title="Order" above={above}>
        {read.problem === null ? <Skeleton /> : <Refusal problem={read.problem} again={read.again} />}
      </Page>
    );
  }
  const { reservation, story, request, plan } = read.value;
  return (
    <Page
      title={`Order ${reservation.orderId}`}
      above={above}
      badge={<Badge tone={ORDER_TONES[reservation.state]}>{ORDER_STATE_NAMES[reservation.state]}</Badge>}
    >
      <Card>
        <Facts
          facts={[
            ["Reservation", reservation.id],
            ["Created", formats.exact(reservation.createdAt)],
            ["Confirmed", reservation.confirmedAt && formats.exact(reservation.confirmedAt)],
            [
              "Expires",
              reservation.expiresAt &&
                `${formats.exact(reservation.expiresAt)}${reservation.extended ? ", extended for the payment" : ""}`,
            ],
            ["Ended", reservation.endedAt && formats.exact(reservation.endedAt)],
            ["Why it ended", reservation.reason],
            [
              "Sale",
              reservation.saleId !== undefined && (
                <Link href={pathTo("sale", { saleId: reservation.saleId })}>{reservation.saleId}</Link>
              ),
            ],
          ]}
        />
      </Card>
      <Shipments reservation={reservation} />
      <Section title="Story">
        <DataTable
          name="What happened"
          columns={transactionColumns(actor)}
          pages={allAtOnce(story, read)}
          keyOf={({ id }) => String(id)}
          empty={<p>Nothing has happened to it yet.</p>}
          file={`order ${reservation.orderId}`}
        />
      </Section>
      <Raw name="What was asked for, as it came" value={request} />
      <Raw name="The plan it was given" value={plan} />
    </Page>
  );
}

function Shipments({ reservation: { lines, backorders } }: { reservation: Reservation }) {
  const places = [...new Set(lines.map(({ locationId }) => locationId))];
  return (
    <Section title="Shipments">
      {places.map((place) => (
        <Card key={place}>
          <h3>
            From <Link href={pathTo("location", { locationId: place })}>{place}</Link>
          </h3>
          <Facts
            facts={lines
              .filter(({ locationId }) => locationId === place)
              .map((line) => [`${line.quantity} × ${line.sku}`, progressText(line)] as const)}
          />
        </Card>
      ))}
      {backorders.length > 0 && (
        <Card>
          <h3>Back-ordered</h3>
          <Facts
            facts={backorders.map(
              ({ sku, quantity, filled, state }) =>
                [`${quantity} × ${sku}`, `${filled} of ${quantity} have come, ${state}`] as const,
            )}
          />
        </Card>
      )}
    </Section>
  );
}
