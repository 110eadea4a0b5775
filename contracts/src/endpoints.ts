// Every call of the HTTP contract, as data: the gateway's router, the OpenAPI document and the tests of
// bad input all read this one list.
import { z } from "zod";
import { drawSchema } from "./draw.ts";
import { entrySchema, joinedSchema, joinSchema } from "./entry.ts";
import {
  attemptedSchema,
  claimedSchema,
  confirmedSchema,
  confirmSchema,
  holdAnswerSchema,
  reasonSchema,
} from "./hold.ts";
import type { ApiScope } from "./keys.ts";
import {
  apiKeyCreatedSchema,
  apiKeyCreateSchema,
  shopperKeyCreatedSchema,
  shopperKeyCreateSchema,
} from "./keys.ts";
import { PAGE_ITEMS_DEFAULT, PAGE_ITEMS_MAX } from "./limits.ts";
import type { RefusalCode } from "./refusals.ts";
import { reportSchema } from "./report.ts";
import {
  adminSaleListSchema,
  adminSaleSchema,
  admissionSchema,
  pauseSchema,
  saleCreateSchema,
  saleListSchema,
  salePatchSchema,
  saleSchema,
} from "./sale.ts";
import { idSchema } from "./values.ts";

/** How a caller proves itself; several mean any of them. */
export type Caller = "anyone" | "shopper" | "entry" | ApiScope;

export interface Endpoint {
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** With `{name}` for parameters. */
  path: string;
  operation: string;
  summary: string;
  tag: "shopper" | "merchant" | "operator" | "operations";
  callers: readonly Caller[];
  body?: z.ZodType;
  query?: z.ZodObject;
  /** Status → schema, or null for an answer without a JSON body of ours. */
  answers: Record<number, z.ZodType | null>;
  /** Beside INVALID_REQUEST, BODY_TOO_LARGE, RATE_LIMITED and BUSY, which any call may give. */
  refusals: readonly RefusalCode[];
  /** Whether an Idempotency-Key counts. */
  idempotent?: boolean;
}

export const emptySchema = z.strictObject({});
export const pageQuerySchema = z.strictObject({
  cursor: z.string().max(500).optional(),
  limit: z.coerce.number().int().min(1).max(PAGE_ITEMS_MAX).default(PAGE_ITEMS_DEFAULT),
});

const v1 = "/api/v1";
const ofEntry = [
  "UNAUTHENTICATED",
  "TOKEN_INVALID",
  "TOKEN_EXPIRED",
  "FORBIDDEN",
  "ENTRY_NOT_FOUND",
] as const;
const ofHold = ["UNAUTHENTICATED", "TOKEN_INVALID", "TOKEN_EXPIRED", "FORBIDDEN", "HOLD_NOT_FOUND"] as const;
const ofKey = ["UNAUTHENTICATED", "FORBIDDEN"] as const;
const ofIdempotency = ["INVALID_IDEMPOTENCY_KEY", "IDEMPOTENCY_MISMATCH", "IDEMPOTENCY_IN_PROGRESS"] as const;

export const ENDPOINTS = {
  listSales: {
    method: "GET",
    path: `${v1}/sales`,
    operation: "listSales",
    summary: "The public sales",
    tag: "shopper",
    callers: ["anyone"],
    query: pageQuerySchema,
    answers: { 200: saleListSchema },
    refusals: [],
  },
  getSale: {
    method: "GET",
    path: `${v1}/sales/{saleId}`,
    operation: "getSale",
    summary: "One sale; sets the shopper's cookie",
    tag: "shopper",
    callers: ["anyone"],
    answers: { 200: saleSchema },
    refusals: ["SALE_NOT_FOUND"],
  },
  join: {
    method: "POST",
    path: `${v1}/sales/{saleId}/entries`,
    operation: "join",
    summary: "Join the sale; joining again is the same entry",
    tag: "shopper",
    callers: ["shopper"],
    body: joinSchema,
    answers: { 200: joinedSchema, 201: joinedSchema },
    refusals: [
      "UNAUTHENTICATED",
      "TOKEN_INVALID",
      "TOKEN_EXPIRED",
      "FORBIDDEN",
      "IDENTITY_REQUIRED",
      "CHALLENGE_REQUIRED",
      "SALE_NOT_FOUND",
      "SALE_NOT_OPEN",
      "SALE_CLOSED",
      "ALREADY_PURCHASED",
      "WRONG_STATE",
    ],
  },
  attempt: {
    method: "POST",
    path: `${v1}/sales/{saleId}/attempts`,
    operation: "attempt",
    summary: "Try to get a unit of a rush now; a shopper with a live hold gets that one again",
    tag: "shopper",
    callers: ["shopper"],
    body: joinSchema,
    answers: { 200: attemptedSchema },
    refusals: [
      "UNAUTHENTICATED",
      "TOKEN_INVALID",
      "TOKEN_EXPIRED",
      "FORBIDDEN",
      "IDENTITY_REQUIRED",
      "CHALLENGE_REQUIRED",
      "SALE_NOT_FOUND",
      "SALE_NOT_OPEN",
      "SOLD_OUT",
      "ALREADY_PURCHASED",
      "WRONG_STATE",
    ],
  },
  getEntry: {
    method: "GET",
    path: `${v1}/entries/{entryId}`,
    operation: "getEntry",
    summary: "The entry, for a client that polls",
    tag: "shopper",
    callers: ["entry", "shopper"],
    answers: { 200: entrySchema },
    refusals: ofEntry,
  },
  leave: {
    method: "DELETE",
    path: `${v1}/entries/{entryId}`,
    operation: "leave",
    summary: "Leave the line; an offered or held unit goes back",
    tag: "shopper",
    callers: ["entry", "shopper"],
    body: emptySchema,
    answers: { 200: emptySchema },
    refusals: [...ofEntry, "WRONG_STATE"],
  },
  rejoin: {
    method: "POST",
    path: `${v1}/entries/{entryId}/rejoin`,
    operation: "rejoin",
    summary: "Come back once after a missed offer, with the old ticket",
    tag: "shopper",
    callers: ["entry", "shopper"],
    body: emptySchema,
    answers: { 200: entrySchema },
    refusals: [...ofEntry, "WRONG_STATE", "SALE_CLOSED"],
  },
  claim: {
    method: "POST",
    path: `${v1}/holds/{holdId}/claim`,
    operation: "claim",
    summary: "Accept the offer: the unit is held for the purchase window",
    tag: "shopper",
    callers: ["entry", "shopper"],
    body: emptySchema,
    answers: { 200: claimedSchema },
    refusals: [...ofHold, "WRONG_STATE", "HOLD_EXPIRED"],
  },
  release: {
    method: "POST",
    path: `${v1}/holds/{holdId}/release`,
    operation: "release",
    summary: "Give the unit back",
    tag: "shopper",
    callers: ["entry", "shopper", "merchant"],
    body: reasonSchema,
    answers: { 200: holdAnswerSchema },
    refusals: [...ofHold, "WRONG_STATE", "HOLD_EXPIRED", ...ofIdempotency],
    idempotent: true,
  },
  getDraw: {
    method: "GET",
    path: `${v1}/sales/{saleId}/draw`,
    operation: "getDraw",
    summary: "The draw's proof",
    tag: "shopper",
    callers: ["anyone"],
    answers: { 200: drawSchema },
    refusals: ["SALE_NOT_FOUND"],
  },
  getDrawEntries: {
    method: "GET",
    path: `${v1}/sales/{saleId}/draw/entries`,
    operation: "getDrawEntries",
    summary: "The drawn entries as NDJSON, in the order in which they were digested",
    tag: "shopper",
    callers: ["anyone"],
    query: z.strictObject({ bucket: z.coerce.number().int().min(0).optional() }),
    answers: { 200: null },
    refusals: ["SALE_NOT_FOUND"],
  },
  jwks: {
    method: "GET",
    path: "/.well-known/jwks.json",
    operation: "jwks",
    summary: "Public keys that verify passes",
    tag: "merchant",
    callers: ["anyone"],
    answers: { 200: z.object({ keys: z.array(z.record(z.string(), z.unknown())) }) },
    refusals: [],
  },
  startPayment: {
    method: "POST",
    path: `${v1}/holds/{holdId}/payment`,
    operation: "startPayment",
    summary: "Payment started: extended once",
    tag: "merchant",
    callers: ["merchant"],
    body: emptySchema,
    answers: { 200: holdAnswerSchema },
    refusals: [...ofKey, "HOLD_NOT_FOUND", "WRONG_STATE", "HOLD_EXPIRED", ...ofIdempotency],
    idempotent: true,
  },
  confirm: {
    method: "POST",
    path: `${v1}/holds/{holdId}/confirm`,
    operation: "confirm",
    summary: "Paid: the unit is sold under this order",
    tag: "merchant",
    callers: ["merchant"],
    body: confirmSchema,
    answers: { 200: confirmedSchema },
    refusals: [...ofKey, "HOLD_NOT_FOUND", "WRONG_STATE", "HOLD_EXPIRED", "ORDER_EXISTS", ...ofIdempotency],
    idempotent: true,
  },
  cancel: {
    method: "POST",
    path: `${v1}/holds/{holdId}/cancel`,
    operation: "cancel",
    summary: "A confirmed order is cancelled: its unit returns under its number",
    tag: "merchant",
    callers: ["merchant"],
    body: reasonSchema,
    answers: { 200: holdAnswerSchema },
    refusals: [...ofKey, "HOLD_NOT_FOUND", "WRONG_STATE", ...ofIdempotency],
    idempotent: true,
  },
  createSale: {
    method: "POST",
    path: `${v1}/admin/sales`,
    operation: "createSale",
    summary: "Create a sale with its units",
    tag: "operator",
    callers: ["operator"],
    body: saleCreateSchema,
    answers: { 201: adminSaleSchema },
    refusals: [...ofKey, "INVALID_SCHEDULE", "SALE_EXISTS", "INSUFFICIENT_STOCK", ...ofIdempotency],
    idempotent: true,
  },
  listAdminSales: {
    method: "GET",
    path: `${v1}/admin/sales`,
    operation: "listAdminSales",
    summary: "All sales",
    tag: "operator",
    callers: ["operator"],
    query: pageQuerySchema,
    answers: { 200: adminSaleListSchema },
    refusals: ofKey,
  },
  getAdminSale: {
    method: "GET",
    path: `${v1}/admin/sales/{saleId}`,
    operation: "getAdminSale",
    summary: "One sale with its settings",
    tag: "operator",
    callers: ["operator"],
    answers: { 200: adminSaleSchema },
    refusals: [...ofKey, "SALE_NOT_FOUND"],
  },
  patchSale: {
    method: "PATCH",
    path: `${v1}/admin/sales/{saleId}`,
    operation: "patchSale",
    summary: "Change texts, windows or the schedule",
    tag: "operator",
    callers: ["operator"],
    body: salePatchSchema,
    answers: { 200: adminSaleSchema },
    refusals: [...ofKey, "SALE_NOT_FOUND", "INVALID_SCHEDULE", "WRONG_STATE", ...ofIdempotency],
    idempotent: true,
  },
  actOnSale: {
    method: "POST",
    path: `${v1}/admin/sales/{saleId}/actions/{action}`,
    operation: "actOnSale",
    summary: "Drive the sale by hand: open, draw, pause, resume, close",
    tag: "operator",
    callers: ["operator"],
    body: pauseSchema,
    answers: { 200: adminSaleSchema },
    refusals: [...ofKey, "SALE_NOT_FOUND", "WRONG_STATE", ...ofIdempotency],
    idempotent: true,
  },
  putAdmission: {
    method: "PUT",
    path: `${v1}/admin/sales/{saleId}/admission`,
    operation: "putAdmission",
    summary: "The rate of admission, live",
    tag: "operator",
    callers: ["operator"],
    body: admissionSchema,
    answers: { 200: adminSaleSchema },
    refusals: [...ofKey, "SALE_NOT_FOUND", "WRONG_STATE", ...ofIdempotency],
    idempotent: true,
  },
  getPools: {
    method: "GET",
    path: `${v1}/admin/sales/{saleId}/pools`,
    operation: "getPools",
    summary: "Each pool's units",
    tag: "operator",
    callers: ["operator"],
    answers: {
      200: z.object({
        items: z.array(
          z.object({
            index: z.number().int(),
            capacity: z.number().int(),
            available: z.number().int(),
            held: z.number().int(),
            sold: z.number().int(),
          }),
        ),
      }),
    },
    refusals: [...ofKey, "SALE_NOT_FOUND"],
  },
  getReport: {
    method: "GET",
    path: `${v1}/admin/sales/{saleId}/report`,
    operation: "getReport",
    summary: "The proof, recomputed from PostgreSQL",
    tag: "operator",
    callers: ["operator"],
    answers: { 200: reportSchema },
    refusals: [...ofKey, "SALE_NOT_FOUND"],
  },
  getAudit: {
    method: "GET",
    path: `${v1}/admin/sales/{saleId}/audit`,
    operation: "getAudit",
    summary: "Every transaction, paged",
    tag: "operator",
    callers: ["operator"],
    query: pageQuerySchema,
    answers: {
      200: z.object({
        items: z.array(z.record(z.string(), z.unknown())),
        nextCursor: z.string().nullable(),
      }),
    },
    refusals: [...ofKey, "SALE_NOT_FOUND"],
  },
  createApiKey: {
    method: "POST",
    path: `${v1}/admin/api-keys`,
    operation: "createApiKey",
    summary: "Make an API key; it is shown once",
    tag: "operator",
    callers: ["admin"],
    body: apiKeyCreateSchema,
    answers: { 201: apiKeyCreatedSchema },
    refusals: [...ofKey, ...ofIdempotency],
    idempotent: true,
  },
  createShopperKey: {
    method: "POST",
    path: `${v1}/admin/shopper-keys`,
    operation: "createShopperKey",
    summary: "Make or register the key with which a shop signs who its shoppers are",
    tag: "operator",
    callers: ["operator"],
    body: shopperKeyCreateSchema,
    answers: { 201: shopperKeyCreatedSchema },
    refusals: [...ofKey, ...ofIdempotency],
    idempotent: true,
  },
  healthz: {
    method: "GET",
    path: "/healthz",
    operation: "healthz",
    summary: "The process is up",
    tag: "operations",
    callers: ["anyone"],
    answers: { 200: z.object({ ok: z.literal(true) }) },
    refusals: [],
  },
  readyz: {
    method: "GET",
    path: "/readyz",
    operation: "readyz",
    summary: "Stores reachable, scripts loaded, a worker alive",
    tag: "operations",
    callers: ["anyone"],
    answers: {
      200: z.object({ ok: z.boolean(), reasons: z.array(z.string()) }),
      503: z.object({ ok: z.boolean(), reasons: z.array(z.string()) }),
    },
    refusals: [],
  },
  metrics: {
    method: "GET",
    path: "/metrics",
    operation: "metrics",
    summary: "Prometheus",
    tag: "operations",
    callers: ["anyone"],
    answers: { 200: null },
    refusals: [],
  },
  openapi: {
    method: "GET",
    path: "/openapi.json",
    operation: "openapi",
    summary: "This contract",
    tag: "operations",
    callers: ["anyone"],
    answers: { 200: null },
    refusals: [],
  },
} as const satisfies Record<string, Endpoint>;
export type EndpointName = keyof typeof ENDPOINTS;

export const SALE_ACTIONS = ["open", "draw", "pause", "resume", "close"] as const;
export type SaleAction = (typeof SALE_ACTIONS)[number];

/** The form of each path parameter; what does not fit is the object's own 404. */
export const PARAMETERS: Record<string, { schema: z.ZodType; missing: RefusalCode }> = {
  saleId: { schema: idSchema, missing: "SALE_NOT_FOUND" },
  entryId: { schema: idSchema, missing: "ENTRY_NOT_FOUND" },
  holdId: { schema: idSchema, missing: "HOLD_NOT_FOUND" },
  action: { schema: z.enum(SALE_ACTIONS), missing: "NOT_FOUND" },
};
