// Which page stands at which address. Each is loaded when somebody first goes there.
import { type ComponentType, type LazyExoticComponent, lazy } from "react";
import type { RouteName } from "./routes.ts";

type LazyPage = LazyExoticComponent<ComponentType>;

export const PAGES: Readonly<Record<RouteName, LazyPage>> = {
  sales: lazy(() => import("../pages/sales/sales.tsx")),
  newSale: lazy(() => import("../pages/sales/new-sale.tsx")),
  sale: lazy(() => import("../pages/sale/sale.tsx")),
  saleSettings: lazy(() => import("../pages/sale/settings.tsx")),
  saleProof: lazy(() => import("../pages/sale/proof.tsx")),
  saleReport: lazy(() => import("../pages/sale/report.tsx")),
  saleDryRun: lazy(() => import("../pages/sale/dry-run.tsx")),
  saleAudit: lazy(() => import("../pages/sale/sale-audit.tsx")),
  entries: lazy(() => import("../pages/entries/entries.tsx")),
  entry: lazy(() => import("../pages/entries/entry.tsx")),
  audit: lazy(() => import("../pages/audit/audit.tsx")),
};
