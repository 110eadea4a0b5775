// Stock by SKU and location: what there is, what is promised, what is left.
import type { Level } from "@dropgate/contracts/inventory";
import { Link } from "wouter";
import { usePages } from "../../api/use-api.ts";
import { pathTo } from "../../routes/routes.ts";
import { DataTable, type ShownColumn } from "../../ui/data-table.tsx";
import { Choice, Field } from "../../ui/field.tsx";
import { Page } from "../../ui/page.tsx";
import { Badge } from "../../ui/stat.tsx";
import { useUrlState } from "../../ui/url-state.ts";
import { When } from "../../ui/when.tsx";
import { locationOptions, useLocations } from "../locations/use-locations.ts";
import { AskButtons } from "./ask-buttons.tsx";
import { STANDING_NAMES, STANDING_TONES, STANDINGS, standingOf, wantsStock } from "./standing.ts";
import { StockViews } from "./views.tsx";

const EVERY_MS = 5_000;

const COLUMNS: readonly ShownColumn<Level>[] = [
  {
    id: "sku",
    name: "SKU",
    text: ({ sku }) => sku,
    cell: ({ sku, locationId }) => <Link href={pathTo("level", {}, { sku, locationId })}>{sku}</Link>,
  },
  { id: "location", name: "Location", text: ({ locationId }) => locationId },
  {
    id: "standing",
    name: "Standing",
    text: (level) => STANDING_NAMES[standingOf(level)],
    order: (level) => STANDINGS.indexOf(standingOf(level)),
    cell: (level) => <StandingBadge level={level} />,
  },
  { id: "available", name: "Available", text: ({ available }) => available, isNumber: true },
  { id: "onHand", name: "On hand", text: ({ onHand }) => onHand, isNumber: true },
  { id: "reserved", name: "Reserved", text: ({ reserved }) => reserved, isNumber: true },
  { id: "allocated", name: "Allocated", text: ({ allocated }) => allocated, isNumber: true },
  { id: "in", name: "On the way here", text: ({ inTransitIn }) => inTransitIn, isNumber: true },
  {
    id: "out",
    name: "On the way out",
    text: ({ inTransitOut }) => inTransitOut,
    isNumber: true,
    isExtra: true,
  },
  { id: "damaged", name: "Damaged", text: ({ damaged }) => damaged, isNumber: true, isExtra: true },
  {
    id: "reorder",
    name: "Reorder at",
    text: ({ reorderPoint }) => reorderPoint,
    isNumber: true,
    isExtra: true,
  },
  {
    id: "safety",
    name: "Safety stock",
    text: ({ safetyStock }) => safetyStock,
    isNumber: true,
    isExtra: true,
  },
  {
    id: "counted",
    name: "Counted",
    text: ({ lastCountedAt }) => lastCountedAt,
    cell: ({ lastCountedAt }) => <When at={lastCountedAt} />,
    isExtra: true,
  },
  {
    id: "updated",
    name: "Changed",
    text: ({ lastUpdatedAt }) => lastUpdatedAt,
    cell: ({ lastUpdatedAt }) => <When at={lastUpdatedAt} />,
    isExtra: true,
  },
];

export function StandingBadge({ level }: { level: Level }) {
  const standing = standingOf(level);
  return <Badge tone={STANDING_TONES[standing]}>{STANDING_NAMES[standing]}</Badge>;
}

const FILTERS = [
  { value: "", name: "All" },
  { value: "wanting", name: "Low, none or short" },
  ...STANDINGS.map((value) => ({ value, name: STANDING_NAMES[value] })),
];

export default function Levels() {
  const url = useUrlState();
  const [sku, locationId, standing] = [url.read("sku"), url.read("location"), url.read("standing")];
  const pages = usePages(
    "listLevels",
    { query: { ...(sku !== "" && { sku }), ...(locationId !== "" && { locationId }) } },
    { everyMs: EVERY_MS },
  );
  const fits = (level: Level): boolean => {
    const stands = standingOf(level);
    return standing === "" || (standing === "wanting" ? wantsStock(stands) : stands === standing);
  };
  return (
    <Page title="Inventory" actions={<AskButtons asks={["correction", "delivery"]} />}>
      <StockViews />
      <DataTable
        name="Levels"
        columns={COLUMNS}
        pages={pages}
        keyOf={(level) => `${level.locationId}/${level.sku}`}
        where={fits}
        filters={
          <>
            <Choice
              label="Location"
              value={locationId}
              options={locationOptions(useLocations(), "All locations")}
              onChange={(value) => url.write("location", value)}
            />
            <Choice
              label="Standing"
              value={standing}
              options={FILTERS}
              onChange={(value) => url.write("standing", value)}
            />
            <Field
              label="One SKU"
              type="search"
              value={sku}
              onChange={(value) => url.write("sku", value)}
              placeholder="Exactly"
            />
          </>
        }
        empty={
          <p>
            {sku === "" && locationId === ""
              ? "There is no stock yet. A level begins with its first delivery or correction."
              : "No level has this SKU and location."}
          </p>
        }
      />
    </Page>
  );
}
