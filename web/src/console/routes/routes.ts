// Every address of the console, in one table; nothing else writes a path. What a page filters, sorts and shows is in the
// query, so that an address can be sent to a colleague.

/** Below `/console`, as wouter matches them. The order is the order of matching. */
export const ROUTES = {
  sales: "/sales",
  newSale: "/new-sale",
  sale: "/sales/:saleId",
  saleSettings: "/sales/:saleId/settings",
  saleProof: "/sales/:saleId/proof",
  saleReport: "/sales/:saleId/report",
  saleDryRun: "/sales/:saleId/dry-run",
  saleAudit: "/sales/:saleId/audit",
  entries: "/entries",
  entry: "/entries/:entryId",
  audit: "/audit",
  inventory: "/inventory",
  level: "/inventory/level",
  adjustments: "/inventory/corrections",
  transfers: "/inventory/transfers",
  locations: "/locations",
  location: "/locations/:locationId",
  orders: "/orders",
  backorders: "/orders/waiting",
  order: "/orders/:reservationId",
  inbox: "/warehouse",
  outbox: "/warehouse/asked",
  fulfilment: "/fulfilment",
  alerts: "/alerts",
  reconciliations: "/reconciliations",
  reconciliation: "/reconciliations/:reconciliationId",
  settings: "/settings",
  operators: "/settings/operators",
  keys: "/settings/keys",
  shopperKeys: "/settings/shopper-keys",
  signingKeys: "/settings/signing-keys",
  botDefence: "/settings/bot-defence",
  theme: "/settings/theme",
  webhooks: "/settings/webhooks",
  webhook: "/settings/webhooks/:webhookId",
} as const;
export type RouteName = keyof typeof ROUTES;

export const BASE = "/console";

type ParameterOf<Path> = Path extends `${string}:${infer Name}/${infer Rest}`
  ? Name | ParameterOf<Rest>
  : Path extends `${string}:${infer Name}`
    ? Name
    : never;
type Parameters<Name extends RouteName> = Record<ParameterOf<(typeof ROUTES)[Name]>, string>;
type Search = Readonly<Record<string, string | number | null | undefined>>;

/**
 * The path of a page, for links and for going there.
 * @param parameters of its path, written as they are
 * @param search what stands behind the question mark; what is empty is left out
 */
export function pathTo<Name extends RouteName>(
  name: Name,
  ...[parameters, search]: [ParameterOf<(typeof ROUTES)[Name]>] extends [never]
    ? [parameters?: Record<string, never>, search?: Search]
    : [parameters: Parameters<Name>, search?: Search]
): string {
  const values: Readonly<Record<string, string>> = parameters ?? {};
  const path = ROUTES[name].replace(/:(\w+)/g, (_all, key: string) => encodeURIComponent(values[key] ?? ""));
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(search ?? {})) {
    if (value !== undefined && value !== null && value !== "") query.set(key, String(value));
  }
  const text = query.toString();
  return text === "" ? path : `${path}?${text}`;
}

/** Those without parameters, so that they can be gone to from anywhere. */
type PlainRoute = {
  [Name in RouteName]: [ParameterOf<(typeof ROUTES)[Name]>] extends [never] ? Name : never;
}[RouteName];

export interface Place {
  name: string;
  route: PlainRoute;
  /** Pressed after `g`. */
  key: string;
}

/** The navigation on the left, as it is read. */
export const PLACES: readonly Place[] = [
  { name: "Sales", route: "sales", key: "s" },
  { name: "Entries", route: "entries", key: "e" },
  { name: "Inventory", route: "inventory", key: "i" },
  { name: "Locations", route: "locations", key: "l" },
  { name: "Orders", route: "orders", key: "o" },
  { name: "Warehouse", route: "inbox", key: "w" },
  { name: "Fulfilment", route: "fulfilment", key: "f" },
  { name: "Alerts", route: "alerts", key: "a" },
  { name: "Reconciliation", route: "reconciliations", key: "r" },
  { name: "Audit", route: "audit", key: "u" },
  { name: "Settings", route: "settings", key: "t" },
];
