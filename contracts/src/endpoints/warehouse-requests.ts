// What an operator does with the requests to warehouses, with an API key.
import {
  askedRequestListSchema,
  askedRequestQuerySchema,
  askedRequestSchema,
  cycleCountSchema,
} from "../wms-requests.ts";
import { type Endpoint, emptySchema, ofIdempotency, ofKey, v1 } from "./endpoint.ts";

export const WAREHOUSE_REQUEST_ENDPOINTS = {
  listWmsRequests: {
    method: "GET",
    path: `${v1}/admin/wms/outbox`,
    operation: "listWmsRequests",
    summary: "What warehouses are asked, the newest first",
    tag: "operator",
    callers: ["operator"],
    query: askedRequestQuerySchema,
    answers: { 200: askedRequestListSchema },
    refusals: ofKey,
  },
  resendWmsRequest: {
    method: "POST",
    path: `${v1}/admin/wms/outbox/{requestId}/resend`,
    operation: "resendWmsRequest",
    summary: "Try a request again that was given up",
    tag: "operator",
    callers: ["operator"],
    body: emptySchema,
    answers: { 200: askedRequestSchema },
    refusals: [...ofKey, "WMS_REQUEST_NOT_FOUND", "WRONG_STATE", ...ofIdempotency],
    idempotent: true,
  },
  createCycleCount: {
    method: "POST",
    path: `${v1}/admin/cycle-counts`,
    operation: "createCycleCount",
    summary: "Ask a warehouse to count a shelf",
    tag: "operator",
    callers: ["operator"],
    body: cycleCountSchema,
    answers: { 201: askedRequestSchema },
    refusals: [...ofKey, "PRODUCT_NOT_FOUND", "LOCATION_NOT_FOUND", ...ofIdempotency],
    idempotent: true,
  },
} as const satisfies Record<string, Endpoint>;
