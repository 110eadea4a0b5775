// Where stock lies: a map to see it, and a list to work with.
import type { Location } from "@dropgate/contracts/location";
import { useState } from "react";
import { Link } from "wouter";
import { usePages } from "../../api/use-api.ts";
import { byRole } from "../../may/may.ts";
import { pathTo } from "../../routes/routes.ts";
import { useSession } from "../../session/session.ts";
import { Button } from "../../ui/button.tsx";
import { DataTable, type ShownColumn } from "../../ui/data-table.tsx";
import { Choice } from "../../ui/field.tsx";
import { formats } from "../../ui/formats.ts";
import { Page } from "../../ui/page.tsx";
import { useUrlState } from "../../ui/url-state.ts";
import { inWords } from "../../ui/words.ts";
import { NewLocation } from "./location-form.tsx";
import { PlacesMap } from "./map.tsx";
import { addressText, daysText, TYPES } from "./rules.ts";

const COLUMNS: readonly ShownColumn<Location>[] = [
  {
    id: "name",
    name: "Name",
    text: ({ name }) => name,
    cell: ({ id, name }) => <Link href={pathTo("location", { locationId: id })}>{name}</Link>,
  },
  { id: "id", name: "Id", text: ({ id }) => id },
  { id: "type", name: "Kind", text: ({ type }) => inWords(type) },
  { id: "address", name: "Address", text: ({ address }) => addressText(address), isLong: true },
  { id: "regions", name: "Serves", text: ({ serviceRegions }) => serviceRegions.join(", "), isLong: true },
  {
    id: "methods",
    name: "Ships by",
    text: ({ shippingMethods }) =>
      shippingMethods.map(({ method, cutoff }) => `${inWords(method)} until ${cutoff}`).join(", "),
  },
  { id: "days", name: "Open", text: ({ operatingDays }) => daysText(operatingDays), isExtra: true },
  { id: "zone", name: "Time zone", text: ({ timeZone }) => timeZone, isExtra: true },
  { id: "capacity", name: "Orders a day", text: ({ capacityPerDay }) => capacityPerDay, isNumber: true },
  {
    id: "used",
    name: "In use",
    text: ({ currentUtilization }) => formats.percent(currentUtilization),
    order: ({ currentUtilization }) => currentUtilization,
    isNumber: true,
  },
];

export default function Locations() {
  const { operator } = useSession();
  const url = useUrlState();
  const pages = usePages("listLocations", {});
  const [isAdding, setAdding] = useState(false);
  const type = url.read("type");
  const shown = pages.items.filter((each) => type === "" || each.type === type);
  return (
    <Page
      title="Locations"
      actions={
        <Button tone="primary" whyNot={byRole(operator.role, "run")} onPress={() => setAdding(true)}>
          New location
        </Button>
      }
    >
      {shown.length > 0 && (
        <PlacesMap
          name={`${formats.count(shown.length, "location")} by their coordinates; the list below says the same`}
          places={shown.map(({ id, name, coordinates }) => ({
            id,
            name,
            at: coordinates,
            href: pathTo("location", { locationId: id }),
          }))}
        />
      )}
      <DataTable
        name="Locations"
        columns={COLUMNS}
        pages={pages}
        keyOf={({ id }) => id}
        where={(each) => type === "" || each.type === type}
        filters={
          <Choice
            label="Kind"
            value={type}
            options={[
              { value: "", name: "All kinds" },
              ...TYPES.map((value) => ({ value, name: inWords(value) })),
            ]}
            onChange={(value) => url.write("type", value)}
          />
        }
        empty={<p>There is no location yet. Stock needs one to lie at.</p>}
      />
      {isAdding && <NewLocation onClose={() => setAdding(false)} />}
    </Page>
  );
}
