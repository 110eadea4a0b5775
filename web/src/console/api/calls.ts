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
  cloneSale: "POST /api/v1/admin/sales/{saleId}/clone",
  startRehearsal: "POST /api/v1/admin/sales/{saleId}/dry-run",
  getRehearsal: "GET /api/v1/admin/sales/{saleId}/dry-run",
  stopRehearsal: "POST /api/v1/admin/sales/{saleId}/dry-run/stop",
  actOnSale: "POST /api/v1/admin/sales/{saleId}/actions/{action}",
  putAdmission: "PUT /api/v1/admin/sales/{saleId}/admission",
  getPools: "GET /api/v1/admin/sales/{saleId}/pools",
  rebalancePools: "POST /api/v1/admin/sales/{saleId}/pools/rebalance",
  adjustPool: "POST /api/v1/admin/sales/{saleId}/pools/{index}/adjust",
  getSaleMetrics: "GET /api/v1/admin/sales/{saleId}/metrics",
  getReport: "GET /api/v1/admin/sales/{saleId}/report",
  getAudit: "GET /api/v1/admin/sales/{saleId}/audit",
  getDraw: "GET /api/v1/sales/{saleId}/draw",

  searchEntries: "GET /api/v1/admin/entries",
  getEntryStory: "GET /api/v1/admin/entries/{entryId}",
  restoreEntry: "POST /api/v1/admin/entries/{entryId}/restore",

  listLevels: "GET /api/v1/admin/inventory",
  patchLevel: "PATCH /api/v1/admin/inventory",
  listTransactions: "GET /api/v1/admin/inventory/ledger",
  getInventoryReport: "GET /api/v1/admin/inventory/report",
  listAdjustments: "GET /api/v1/admin/adjustments",
  createAdjustment: "POST /api/v1/admin/adjustments",
  approveAdjustment: "POST /api/v1/admin/adjustments/{adjustmentId}/approve",
  rejectAdjustment: "POST /api/v1/admin/adjustments/{adjustmentId}/reject",
  listTransfers: "GET /api/v1/admin/transfers",
  createTransfer: "POST /api/v1/admin/transfers",
  closeTransfer: "POST /api/v1/admin/transfers/{transferId}/close",
  createPurchaseOrder: "POST /api/v1/admin/purchase-orders",
  createCycleCount: "POST /api/v1/admin/cycle-counts",
  listProducts: "GET /api/v1/admin/products",
  listLocations: "GET /api/v1/admin/locations",
  createLocation: "POST /api/v1/admin/locations",
  getLocation: "GET /api/v1/admin/locations/{locationId}",
  patchLocation: "PATCH /api/v1/admin/locations/{locationId}",

  listReservations: "GET /api/v1/admin/reservations",
  getReservationStory: "GET /api/v1/admin/reservations/{reservationId}",
  listBackorders: "GET /api/v1/admin/backorders",
  planFulfilment: "POST /api/v1/fulfilment/plans",

  listWmsInbox: "GET /api/v1/admin/wms/inbox",
  retryWmsEvent: "POST /api/v1/admin/wms/inbox/{eventId}/retry",
  discardWmsEvent: "POST /api/v1/admin/wms/inbox/{eventId}/discard",
  listWmsRequests: "GET /api/v1/admin/wms/outbox",
  resendWmsRequest: "POST /api/v1/admin/wms/outbox/{requestId}/resend",

  listAlerts: "GET /api/v1/admin/alerts",
  acknowledgeAlert: "POST /api/v1/admin/alerts/{alertId}/acknowledge",
  resolveAlert: "POST /api/v1/admin/alerts/{alertId}/resolve",
  listReconciliations: "GET /api/v1/admin/reconciliations",
  createReconciliation: "POST /api/v1/admin/reconciliations",
  getReconciliation: "GET /api/v1/admin/reconciliations/{reconciliationId}",
  listDifferences: "GET /api/v1/admin/reconciliations/{reconciliationId}/differences",
  applyReconciliation: "POST /api/v1/admin/reconciliations/{reconciliationId}/apply",

  listOperators: "GET /api/v1/admin/operators",
  createOperator: "POST /api/v1/admin/operators",
  patchOperator: "PATCH /api/v1/admin/operators/{operatorId}",
  resetPassword: "POST /api/v1/admin/operators/{operatorId}/reset-password",
} as const satisfies { readonly [Name in EndpointName]?: Line<Name> };

export type CallName = keyof typeof CALLS;
