// Refusals about what warehouses tell and are asked; a part of the catalogue.
import type { RefusalKind } from "./refusals.ts";

export const WAREHOUSE_REFUSALS = {
  WMS_EVENT_NOT_FOUND: {
    status: 404,
    title: "There is no such event",
    detail: "Check the event's id.",
    mend: "caller",
    retry: false,
  },
  ALERT_NOT_FOUND: {
    status: 404,
    title: "There is no such alert",
    detail: "Check the alert's id.",
    mend: "caller",
    retry: false,
  },
  TRANSFER_NOT_FOUND: {
    status: 404,
    title: "There is no such transfer",
    detail: "Check the transfer's id.",
    mend: "caller",
    retry: false,
  },
  TRANSFER_EXISTS: {
    status: 409,
    title: "There is a transfer of this id already",
    detail: "Choose another id, or leave it out.",
    mend: "caller",
    retry: false,
  },
  PURCHASE_ORDER_EXISTS: {
    status: 409,
    title: "There is a purchase order of this id already",
    detail: "Choose another id.",
    mend: "caller",
    retry: false,
  },
} as const satisfies Record<string, RefusalKind>;
