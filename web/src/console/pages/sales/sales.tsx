// All sales, by phase.
import type { AdminSale } from "@dropgate/contracts/sale";
import { PHASES, type Phase } from "@dropgate/contracts/states/phase";
import { Link } from "wouter";
import { usePages } from "../../api/use-api.ts";
import { byRole, PHASE_NAMES } from "../../may/may.ts";
import { pathTo } from "../../routes/routes.ts";
import { useSession } from "../../session/session.ts";
import { ButtonLink } from "../../ui/button.tsx";
import { DataTable, type ShownColumn } from "../../ui/data-table.tsx";
import { Choice } from "../../ui/field.tsx";
import { formats } from "../../ui/formats.ts";
import { Page } from "../../ui/page.tsx";
import { useUrlState } from "../../ui/url-state.ts";
import { PhaseBadge } from "../sale/phase-badge.tsx";
import { RehearsalBadge } from "../sale/rehearsal-badge.tsx";

const EVERY_MS = 5_000;

const COLUMNS: readonly ShownColumn<AdminSale>[] = [
  {
    id: "title",
    name: "Title",
    text: (sale) => (sale.rehearsal === true ? `${sale.title} (rehearsal)` : sale.title),
    cell: (sale) => (
      <>
        <Link href={pathTo("sale", { saleId: sale.id })}>{sale.title}</Link>{" "}
        {sale.rehearsal === true && <RehearsalBadge />}
      </>
    ),
  },
  {
    id: "phase",
    name: "Phase",
    text: (sale) => PHASE_NAMES[sale.phase],
    order: (sale) => PHASES.indexOf(sale.phase),
    cell: (sale) => <PhaseBadge phase={sale.phase} />,
  },
  {
    id: "opens",
    name: "Opens",
    text: (sale) => sale.schedule.opensAt,
    cell: (sale) => <time dateTime={sale.schedule.opensAt}>{formats.moment(sale.schedule.opensAt)}</time>,
  },
  { id: "units", name: "Units", text: (sale) => sale.quantity, isNumber: true },
  { id: "sold", name: "Sold", text: (sale) => sale.units.sold, isNumber: true },
  { id: "held", name: "Held", text: (sale) => sale.units.held, isNumber: true },
  { id: "free", name: "Free", text: (sale) => sale.units.free, isNumber: true },
  { id: "waiting", name: "Waiting", text: (sale) => sale.queue.waiting, isNumber: true },
  {
    id: "rate",
    name: "Rate a second",
    text: (sale) => sale.admission.ratePerSecond,
    isNumber: true,
    isExtra: true,
  },
  { id: "kind", name: "Kind", text: (sale) => sale.kind, isExtra: true },
  { id: "sku", name: "SKU", text: (sale) => sale.sku, isExtra: true },
  { id: "id", name: "Id", text: (sale) => sale.id, isExtra: true },
  {
    id: "closes",
    name: "Closes",
    text: (sale) => sale.schedule.closesAt,
    cell: (sale) => <time dateTime={sale.schedule.closesAt}>{formats.moment(sale.schedule.closesAt)}</time>,
    isExtra: true,
  },
  {
    id: "created",
    name: "Created",
    text: (sale) => sale.createdAt,
    cell: (sale) => <time dateTime={sale.createdAt}>{formats.moment(sale.createdAt)}</time>,
    isExtra: true,
  },
];

type Filter = Phase | "" | "on";
const FILTERS: readonly { value: Filter; name: string }[] = [
  { value: "", name: "All phases" },
  { value: "on", name: "On now" },
  ...PHASES.map((value) => ({ value, name: PHASE_NAMES[value] })),
];
const REHEARSALS = [
  { value: "", name: "Without" },
  { value: "with", name: "With" },
] as const;

export default function Sales() {
  const { operator } = useSession();
  const url = useUrlState();
  const rehearsals = url.read("rehearsals") === "with" ? "with" : "without";
  const filter = FILTERS.find(({ value }) => value === url.read("phase"))?.value ?? "";
  const query = { rehearsals, ...(filter !== "" && { phase: filter }) } as const;
  const pages = usePages("listAdminSales", { query }, { everyMs: EVERY_MS });
  return (
    <Page
      title="Sales"
      actions={
        byRole(operator.role, "run") === null && (
          <ButtonLink href={pathTo("newSale")} tone="primary">
            New sale
          </ButtonLink>
        )
      }
    >
      <DataTable
        name="Sales"
        columns={COLUMNS}
        pages={pages}
        keyOf={(sale) => sale.id}
        filters={
          <>
            <Choice
              label="Phase"
              value={filter}
              options={FILTERS}
              onChange={(value) => url.write("phase", value)}
            />
            <Choice
              label="Rehearsals"
              value={rehearsals === "with" ? "with" : ""}
              options={REHEARSALS}
              onChange={(value) => url.write("rehearsals", value)}
            />
          </>
        }
        empty={
          <p>
            {filter === "" ? "There is no sale yet. A new one takes a minute." : "No sale is in this phase."}
          </p>
        }
      />
    </Page>
  );
}
