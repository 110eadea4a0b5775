// What is asked about stock beside an operator's tables: is it there, may it go into a cart, load it anew.
import {
  availabilitiesQuerySchema,
  availabilitiesSchema,
  availabilityQuerySchema,
  availabilitySchema,
  cartCheckedSchema,
  cartCheckSchema,
  rebuildSchema,
  rebuiltSchema,
} from "../availability.ts";
import { type Endpoint, ofKey, v1 } from "./endpoint.ts";

export const AVAILABILITY_ENDPOINTS = {
  getAvailability: {
    method: "GET",
    path: `${v1}/products/{sku}/availability`,
    operation: "getAvailability",
    summary: "Whether a product can be had, where, and by when",
    tag: "shopper",
    callers: ["anyone"],
    query: availabilityQuerySchema,
    answers: { 200: availabilitySchema },
    refusals: ["PRODUCT_NOT_FOUND"],
  },
  listAvailabilities: {
    method: "GET",
    path: `${v1}/products/availability`,
    operation: "listAvailabilities",
    summary: "The same of several products: sku=…&sku=…; those that there are, in the order asked for",
    tag: "shopper",
    callers: ["anyone"],
    query: availabilitiesQuerySchema,
    answers: { 200: availabilitiesSchema },
    refusals: [],
  },
  checkCart: {
    method: "POST",
    path: `${v1}/inventory/check`,
    operation: "checkCart",
    summary: "May this go into a cart",
    tag: "merchant",
    callers: ["merchant"],
    body: cartCheckSchema,
    answers: { 200: cartCheckedSchema },
    refusals: ofKey,
  },
  rebuildStock: {
    method: "POST",
    path: `${v1}/admin/inventory/rebuild`,
    operation: "rebuildStock",
    summary: "Load the hot store's copy of one product's stock, or all, anew from PostgreSQL",
    tag: "operator",
    callers: ["operator"],
    body: rebuildSchema,
    answers: { 200: rebuiltSchema },
    refusals: ofKey,
  },
} as const satisfies Record<string, Endpoint>;
