// Support and rehearsal of sales: finding a shopper's entry and its story, giving a place back, copies, dry runs.
import { z } from "zod";
import {
  entrySearchQuerySchema,
  entryStorySchema,
  foundEntryListSchema,
  restoreSchema,
} from "../entry-story.ts";
import {
  rehearsalCreateSchema,
  rehearsalQuerySchema,
  rehearsalSchema,
  rehearsalViewSchema,
} from "../rehearsal.ts";
import { adminSaleSchema, saleCloneSchema } from "../sale.ts";
import { type Endpoint, emptySchema, ofIdempotency, ofKey, v1 } from "./endpoint.ts";

export const ENTRY_SUPPORT_ENDPOINTS = {
  searchEntries: {
    method: "GET",
    path: `${v1}/admin/entries`,
    operation: "searchEntries",
    summary: "Find entries by their id, ticket, shopper, hold or order; the newest first",
    tag: "operator",
    callers: ["operator"],
    query: entrySearchQuerySchema,
    answers: { 200: foundEntryListSchema },
    refusals: [...ofKey, "SALE_NOT_FOUND"],
  },
  getEntryStory: {
    method: "GET",
    path: `${v1}/admin/entries/{entryId}`,
    operation: "getEntryStory",
    summary: "One entry with all that became of it, step by step",
    tag: "operator",
    callers: ["operator"],
    answers: { 200: entryStorySchema },
    refusals: [...ofKey, "ENTRY_NOT_FOUND"],
  },
  restoreEntry: {
    method: "POST",
    path: `${v1}/admin/entries/{entryId}/restore`,
    operation: "restoreEntry",
    summary:
      "Give a shopper who left, or missed an offer, the place back, once; asking again is the same answer",
    tag: "operator",
    callers: ["operator"],
    body: restoreSchema,
    answers: { 200: entryStorySchema },
    refusals: [...ofKey, "ENTRY_NOT_FOUND", "WRONG_STATE", "SALE_CLOSED", ...ofIdempotency],
    idempotent: true,
  },
} as const satisfies Record<string, Endpoint>;

export const SALE_COPY_ENDPOINTS = {
  cloneSale: {
    method: "POST",
    path: `${v1}/admin/sales/{saleId}/clone`,
    operation: "cloneSale",
    summary: "A new sale with the configuration of this one, but for what the body says",
    tag: "operator",
    callers: ["operator"],
    body: saleCloneSchema,
    answers: { 201: adminSaleSchema },
    refusals: [
      ...ofKey,
      "SALE_NOT_FOUND",
      "INVALID_SCHEDULE",
      "SALE_EXISTS",
      "PRODUCT_NOT_FOUND",
      "LOCATION_NOT_FOUND",
      "INSUFFICIENT_STOCK",
      ...ofIdempotency,
    ],
    idempotent: true,
  },
} as const satisfies Record<string, Endpoint>;

export const REHEARSAL_ENDPOINTS = {
  startRehearsal: {
    method: "POST",
    path: `${v1}/admin/sales/{saleId}/dry-run`,
    operation: "startRehearsal",
    summary: "Rehearse a sale: a copy with units of its own, to which simulated shoppers come",
    tag: "operator",
    callers: ["operator"],
    body: rehearsalCreateSchema,
    answers: { 201: rehearsalSchema },
    refusals: [...ofKey, "SALE_NOT_FOUND", "WRONG_STATE", ...ofIdempotency],
    idempotent: true,
  },
  getRehearsal: {
    method: "GET",
    path: `${v1}/admin/sales/{saleId}/dry-run`,
    operation: "getRehearsal",
    summary:
      "The newest rehearsal of a sale, or the one asked for, how it should go and how it goes, and the others",
    tag: "operator",
    callers: ["operator"],
    query: rehearsalQuerySchema,
    answers: { 200: rehearsalViewSchema },
    refusals: [...ofKey, "SALE_NOT_FOUND", "REHEARSAL_NOT_FOUND"],
  },
  stopRehearsal: {
    method: "POST",
    path: `${v1}/admin/sales/{saleId}/dry-run/stop`,
    operation: "stopRehearsal",
    summary: "End the rehearsal that runs; one that has ended stays as it is",
    tag: "operator",
    callers: ["operator"],
    body: emptySchema,
    answers: { 200: rehearsalSchema },
    refusals: [...ofKey, "SALE_NOT_FOUND", "REHEARSAL_NOT_FOUND", ...ofIdempotency],
    idempotent: true,
  },
  removeRehearsals: {
    method: "DELETE",
    path: `${v1}/admin/sales/{saleId}/dry-run`,
    operation: "removeRehearsals",
    summary: "Remove the rehearsals of a sale that have ended, with all that they left",
    tag: "operator",
    callers: ["operator"],
    answers: { 200: z.object({ removed: z.number().int() }) },
    refusals: [...ofKey, "SALE_NOT_FOUND"],
  },
} as const satisfies Record<string, Endpoint>;
