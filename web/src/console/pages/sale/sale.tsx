// One sale in the big moment: its phase, the buttons that drive it, and its figures.
import { useParams } from "wouter";
import { useRead } from "../../api/use-api.ts";
import { pathTo } from "../../routes/routes.ts";
import { Refusal, Skeleton } from "../../ui/data-table.tsx";
import { formats } from "../../ui/formats.ts";
import { Page } from "../../ui/page.tsx";
import { Stat, Stats } from "../../ui/stat.tsx";
import { Drive } from "./drive.tsx";
import { PhaseBadge } from "./phase-badge.tsx";

const EVERY_MS = 2_000;

export default function Sale() {
  const { saleId } = useParams<{ saleId: string }>();
  const {
    value: sale,
    problem,
    again,
  } = useRead("getAdminSale", { parameters: { saleId } }, { everyMs: EVERY_MS });
  const above = { name: "Sales", href: pathTo("sales") };
  if (sale === undefined) {
    return (
      <Page title="Sale" above={above}>
        {problem === null ? <Skeleton /> : <Refusal problem={problem} again={again} />}
      </Page>
    );
  }
  return (
    <Page title={sale.title} above={above} badge={<PhaseBadge phase={sale.phase} />}>
      {problem !== null && <Refusal problem={problem} again={again} />}
      <Drive sale={sale} />
      <Stats>
        <Stat name="Waiting" value={formats.number(sale.queue.waiting)} />
        <Stat
          name="Sold"
          value={formats.number(sale.units.sold)}
          more={`of ${formats.number(sale.quantity)}`}
        />
        <Stat name="Held" value={formats.number(sale.units.held)} />
        <Stat name="Free" value={formats.number(sale.units.free)} />
      </Stats>
    </Page>
  );
}
