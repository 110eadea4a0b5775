// Every call of the HTTP contract, as data: the gateway's router, the OpenAPI document and the tests of
// bad input all read this one list.
import { z } from "zod";
import { AVAILABILITY_ENDPOINTS } from "./endpoints/availability.ts";
import { CONSOLE_ENDPOINTS } from "./endpoints/console.ts";
import type { Endpoint } from "./endpoints/endpoint.ts";
import { INVENTORY_ENDPOINTS } from "./endpoints/inventory.ts";
import { MERCHANT_ENDPOINTS } from "./endpoints/merchant.ts";
import { NOTIFICATION_ENDPOINTS } from "./endpoints/notification.ts";
import { OPERATIONS_ENDPOINTS } from "./endpoints/operations.ts";
import { OPERATOR_ENDPOINTS } from "./endpoints/operator.ts";
import { RECONCILIATION_ENDPOINTS } from "./endpoints/reconciliation.ts";
import { RESERVATION_ENDPOINTS } from "./endpoints/reservations.ts";
import {
  ENTRY_SUPPORT_ENDPOINTS,
  REHEARSAL_ENDPOINTS,
  SALE_COPY_ENDPOINTS,
} from "./endpoints/sale-support.ts";
import { SETTINGS_ENDPOINTS } from "./endpoints/settings.ts";
import { SHOPPER_ENDPOINTS } from "./endpoints/shopper.ts";
import { THEME_ENDPOINTS } from "./endpoints/theme.ts";
import { WAREHOUSE_ENDPOINTS } from "./endpoints/warehouse.ts";
import { WAREHOUSE_REQUEST_ENDPOINTS } from "./endpoints/warehouse-requests.ts";
import { POOLS_MAX } from "./limits.ts";
import type { RefusalCode } from "./refusals.ts";
import { broughtText, idSchema, nthSchema, skuSchema } from "./values.ts";

export const ENDPOINTS = {
  ...SHOPPER_ENDPOINTS,
  ...NOTIFICATION_ENDPOINTS,
  ...MERCHANT_ENDPOINTS,
  ...OPERATOR_ENDPOINTS,
  ...SALE_COPY_ENDPOINTS,
  ...REHEARSAL_ENDPOINTS,
  ...ENTRY_SUPPORT_ENDPOINTS,
  ...CONSOLE_ENDPOINTS,
  ...THEME_ENDPOINTS,
  ...SETTINGS_ENDPOINTS,
  ...INVENTORY_ENDPOINTS,
  ...RECONCILIATION_ENDPOINTS,
  ...RESERVATION_ENDPOINTS,
  ...WAREHOUSE_ENDPOINTS,
  ...WAREHOUSE_REQUEST_ENDPOINTS,
  ...AVAILABILITY_ENDPOINTS,
  ...OPERATIONS_ENDPOINTS,
} as const satisfies Record<string, Endpoint>;
export type EndpointName = keyof typeof ENDPOINTS;

export const SALE_ACTIONS = ["open", "draw", "pause", "resume", "close"] as const;
export type SaleAction = (typeof SALE_ACTIONS)[number];

/** The form of each path parameter; what does not fit is the object's own 404. */
export const PARAMETERS: Record<string, { schema: z.ZodType; missing: RefusalCode }> = {
  saleId: { schema: idSchema, missing: "SALE_NOT_FOUND" },
  entryId: { schema: idSchema, missing: "ENTRY_NOT_FOUND" },
  holdId: { schema: idSchema, missing: "HOLD_NOT_FOUND" },
  sku: { schema: skuSchema, missing: "PRODUCT_NOT_FOUND" },
  locationId: { schema: idSchema, missing: "LOCATION_NOT_FOUND" },
  eventId: { schema: broughtText(128), missing: "WMS_EVENT_NOT_FOUND" },
  alertId: { schema: idSchema, missing: "ALERT_NOT_FOUND" },
  transferId: { schema: idSchema, missing: "TRANSFER_NOT_FOUND" },
  reservationId: { schema: idSchema, missing: "RESERVATION_NOT_FOUND" },
  reconciliationId: { schema: idSchema, missing: "RECONCILIATION_NOT_FOUND" },
  adjustmentId: { schema: idSchema, missing: "ADJUSTMENT_NOT_FOUND" },
  operatorId: { schema: idSchema, missing: "OPERATOR_NOT_FOUND" },
  requestId: { schema: idSchema, missing: "WMS_REQUEST_NOT_FOUND" },
  keyId: { schema: idSchema, missing: "API_KEY_NOT_FOUND" },
  kid: { schema: broughtText(128), missing: "SHOPPER_KEY_NOT_FOUND" },
  signingKid: { schema: broughtText(128), missing: "SIGNING_KEY_NOT_FOUND" },
  webhookId: { schema: idSchema, missing: "WEBHOOK_NOT_FOUND" },
  deliveryId: { schema: nthSchema, missing: "DELIVERY_NOT_FOUND" },
  index: {
    schema: z.coerce
      .number()
      .int()
      .min(0)
      .max(POOLS_MAX - 1),
    missing: "NOT_FOUND",
  },
  action: { schema: z.enum(SALE_ACTIONS), missing: "NOT_FOUND" },
};
