// Which page stands at which address. Each is loaded when somebody first goes there.
import { type ComponentType, type LazyExoticComponent, lazy } from "react";
import type { RouteName } from "./routes.ts";

type LazyPage = LazyExoticComponent<ComponentType>;

export const PAGES: Readonly<Record<RouteName, LazyPage>> = {
  sales: lazy(() => import("../pages/sales/sales.tsx")),
  newSale: lazy(() => import("../pages/sales/new-sale.tsx")),
  sale: lazy(() => import("../pages/sale/sale.tsx")),
  saleSettings: lazy(() => import("../pages/sale/settings.tsx")),
};
