// Which page stands at which address. Each is loaded when somebody first goes there.
import type { ComponentType, LazyExoticComponent } from "react";
import { lazyPage as lazy } from "./lazy-page.ts";
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
  inventory: lazy(() => import("../pages/inventory/levels.tsx")),
  level: lazy(() => import("../pages/inventory/level.tsx")),
  adjustments: lazy(() => import("../pages/inventory/adjustments.tsx")),
  transfers: lazy(() => import("../pages/inventory/transfers.tsx")),
  locations: lazy(() => import("../pages/locations/locations.tsx")),
  location: lazy(() => import("../pages/locations/location.tsx")),
  orders: lazy(() => import("../pages/orders/orders.tsx")),
  backorders: lazy(() => import("../pages/orders/backorders.tsx")),
  order: lazy(() => import("../pages/orders/order.tsx")),
  inbox: lazy(() => import("../pages/warehouse/inbox.tsx")),
  outbox: lazy(() => import("../pages/warehouse/outbox.tsx")),
  fulfilment: lazy(() => import("../pages/fulfilment/try-out.tsx")),
  alerts: lazy(() => import("../pages/alerts/alerts.tsx")),
  reconciliations: lazy(() => import("../pages/reconciliations/reconciliations.tsx")),
  reconciliation: lazy(() => import("../pages/reconciliations/reconciliation.tsx")),
  settings: lazy(() => import("../pages/settings/overview.tsx")),
  operators: lazy(() => import("../pages/settings/operators.tsx")),
  keys: lazy(() => import("../pages/settings/keys.tsx")),
  shopperKeys: lazy(() => import("../pages/settings/shopper-keys.tsx")),
  signingKeys: lazy(() => import("../pages/settings/signing-keys.tsx")),
  botDefence: lazy(() => import("../pages/settings/bot-defence.tsx")),
  theme: lazy(() => import("../pages/settings/theme.tsx")),
  webhooks: lazy(() => import("../pages/settings/webhooks.tsx")),
  webhook: lazy(() => import("../pages/settings/webhook.tsx")),
};
