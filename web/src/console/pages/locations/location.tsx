// One location: its rules, where it stands, and what lies there.
import { useState } from "react";
import { useParams } from "wouter";
import { useRead } from "../../api/use-api.ts";
import { byRole } from "../../may/may.ts";
import { pathTo } from "../../routes/routes.ts";
import { useSession } from "../../session/session.ts";
import { Button, ButtonLink } from "../../ui/button.tsx";
import { Refusal, Skeleton } from "../../ui/data-table.tsx";
import { Card, Facts } from "../../ui/facts.tsx";
import { formats } from "../../ui/formats.ts";
import { Page } from "../../ui/page.tsx";
import { Badge } from "../../ui/stat.tsx";
import { inWords } from "../../ui/words.ts";
import { ChangeLocation } from "./location-form.tsx";
import { PlacesMap } from "./map.tsx";
import { addressText, daysText } from "./rules.ts";
import { useLocations } from "./use-locations.ts";
import { WarehouseSecret } from "./warehouse-secret.tsx";

export default function LocationPage() {
  const { locationId } = useParams<{ locationId: string }>();
  const { operator } = useSession();
  const [isOpen, setOpen] = useState(false);
  const { value: location, problem, again } = useRead("getLocation", { parameters: { locationId } });
  const all = useLocations();
  const above = { name: "Locations", href: pathTo("locations") };
  if (location === undefined) {
    return (
      <Page title={locationId} above={above}>
        {problem === null ? <Skeleton /> : <Refusal problem={problem} again={again} />}
      </Page>
    );
  }
  const handled = Object.entries(location.handles).filter(([, isHandled]) => isHandled);
  return (
    <Page
      title={location.name}
      above={above}
      badge={<Badge>{inWords(location.type)}</Badge>}
      actions={
        <>
          <ButtonLink href={pathTo("inventory", {}, { location: location.id })}>What lies there</ButtonLink>
          <Button whyNot={byRole(operator.role, "run")} onPress={() => setOpen(true)}>
            Change the rules
          </Button>
        </>
      }
    >
      <Card>
        <Facts
          facts={[
            ["Id", location.id],
            ["Address", addressText(location.address)],
            ["Coordinates", `${location.coordinates.lat}, ${location.coordinates.lon}`],
            ["Time zone", location.timeZone],
            ["Open", daysText(location.operatingDays)],
            [
              "Ships by",
              location.shippingMethods
                .map(({ method, cutoff }) => `${inWords(method)}, orders until ${cutoff}`)
                .join("; "),
            ],
            ["Serves", location.serviceRegions.join(", ")],
            ["Can handle", handled.map(([name]) => inWords(name)).join(", ") || "ordinary goods only"],
            [
              "Capacity",
              `${formats.count(location.capacityPerDay, "order")} a day, ${formats.percent(location.currentUtilization)} in use`,
            ],
            ["Warehouse system", location.wmsUrl ?? "the one of the settings (WMS_URL)"],
            ["Changed", formats.exact(location.updatedAt)],
          ]}
        />
      </Card>
      <PlacesMap
        name={`${location.name} among the locations`}
        places={all
          .map((each) => ({
            id: each.id,
            name: each.name,
            at: each.coordinates,
            tone: each.id === location.id ? ("chosen" as const) : ("faint" as const),
            href: pathTo("location", { locationId: each.id }),
          }))
          .toSorted((one) => (one.id === location.id ? 1 : -1))}
      />
      <WarehouseSecret locationId={location.id} name={location.name} />
      {isOpen && <ChangeLocation location={location} onClose={() => setOpen(false)} />}
    </Page>
  );
}
