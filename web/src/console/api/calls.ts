// The calls that the console makes, by name of the contract. The contract itself would bring its schemas along; this
// table does not compile when a method or path in it is not the contract's.
import type { ENDPOINTS, EndpointName } from "@dropgate/contracts/endpoints";

type Line<Name extends EndpointName> =
  `${(typeof ENDPOINTS)[Name]["method"]} ${(typeof ENDPOINTS)[Name]["path"]}`;

export const CALLS = {
  signIn: "POST /api/v1/admin/session",
  getSession: "GET /api/v1/admin/session",
  signOut: "DELETE /api/v1/admin/session",
  signOutEverywhere: "DELETE /api/v1/admin/sessions",
  changePassword: "POST /api/v1/admin/session/password",
  listOperatorNames: "GET /api/v1/admin/operator-names",
  listOperatorActs: "GET /api/v1/admin/operator-acts",

  listAdminSales: "GET /api/v1/admin/sales",
  createSale: "POST /api/v1/admin/sales",
  getAdminSale: "GET /api/v1/admin/sales/{saleId}",
  patchSale: "PATCH /api/v1/admin/sales/{saleId}",
  actOnSale: "POST /api/v1/admin/sales/{saleId}/actions/{action}",
  putAdmission: "PUT /api/v1/admin/sales/{saleId}/admission",
  getPools: "GET /api/v1/admin/sales/{saleId}/pools",
  rebalancePools: "POST /api/v1/admin/sales/{saleId}/pools/rebalance",
  adjustPool: "POST /api/v1/admin/sales/{saleId}/pools/{index}/adjust",
  getSaleMetrics: "GET /api/v1/admin/sales/{saleId}/metrics",
  getReport: "GET /api/v1/admin/sales/{saleId}/report",
  getAudit: "GET /api/v1/admin/sales/{saleId}/audit",
  getDraw: "GET /api/v1/sales/{saleId}/draw",

  listAlerts: "GET /api/v1/admin/alerts",
  listLocations: "GET /api/v1/admin/locations",
  listProducts: "GET /api/v1/admin/products",
} as const satisfies { readonly [Name in EndpointName]?: Line<Name> };

export type CallName = keyof typeof CALLS;
