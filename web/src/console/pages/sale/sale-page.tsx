// What all pages of one sale share: it is read once and kept fresh, its name and phase stand above, its views below them.
import type { AdminSale } from "@dropgate/contracts/sale";
import { useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useEffect } from "react";
import { useParams } from "wouter";
import { useRead } from "../../api/use-api.ts";
import { pathTo } from "../../routes/routes.ts";
import { Refusal, Skeleton } from "../../ui/data-table.tsx";
import { Notice } from "../../ui/notice.tsx";
import { Page, Views } from "../../ui/page.tsx";
import { PhaseBadge } from "./phase-badge.tsx";
import { RehearsalBadge } from "./rehearsal-badge.tsx";

const EVERY_MS = 2_000;

/** @param children of the sale, once it is there */
export function SalePage({
  actions,
  children,
}: {
  actions?: (sale: AdminSale) => ReactNode;
  children: (sale: AdminSale) => ReactNode;
}) {
  const { saleId } = useParams<{ saleId: string }>();
  const {
    value: sale,
    problem,
    again,
  } = useRead("getAdminSale", { parameters: { saleId } }, { everyMs: EVERY_MS });
  const client = useQueryClient();
  const phase = sale?.phase;
  // The bar above all pages lists this sale too: it must not say another phase.
  useEffect(() => {
    if (phase !== undefined) void client.invalidateQueries({ queryKey: ["listAdminSales"] });
  }, [client, phase]);
  const above = { name: "Sales", href: pathTo("sales") };
  if (sale === undefined) {
    return (
      <Page title="Sale" above={above}>
        {problem === null ? <Skeleton /> : <Refusal problem={problem} again={again} />}
      </Page>
    );
  }
  return (
    <Page
      title={sale.title}
      above={above}
      badge={
        <>
          <PhaseBadge phase={sale.phase} /> {sale.rehearsal === true && <RehearsalBadge />}
        </>
      }
      actions={actions?.(sale)}
    >
      {sale.rehearsal === true && (
        <Notice tone="warning">
          This is a rehearsal: only simulated shoppers take part, and nothing is sold. It is removed by
          itself.
        </Notice>
      )}
      <Views name="Views of the sale" views={viewsOf(sale)} />
      {problem !== null && <Refusal problem={problem} again={again} />}
      {children(sale)}
    </Page>
  );
}

function viewsOf({ id: saleId }: AdminSale): { name: string; href: string }[] {
  return [
    { name: "Live", href: pathTo("sale", { saleId }) },
    { name: "Settings", href: pathTo("saleSettings", { saleId }) },
    { name: "Proof", href: pathTo("saleProof", { saleId }) },
    { name: "Dry run", href: pathTo("saleDryRun", { saleId }) },
    { name: "Audit", href: pathTo("saleAudit", { saleId }) },
  ];
}
