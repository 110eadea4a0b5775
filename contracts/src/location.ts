// Where stock lies and is shipped from: a fulfilment centre, its clock, its days, what it can handle and whom it
// serves.
import { z } from "zod";
import { OPERATING_DAYS_MAX, SERVICE_REGIONS_MAX, SHIPPING_METHODS_MAX, STOCK_MAX } from "./limits.ts";
import { broughtText, idSchema, timeSchema } from "./values.ts";

export const LOCATION_TYPES = ["warehouse", "sortation", "delivery_station", "store"] as const;

function isUnique(values: readonly unknown[]): boolean {
  return new Set(values).size === values.length;
}

/** An offset names no place: its clock would not follow the seasons. */
function isTimeZone(name: string): boolean {
  if (/^[+-]/.test(name)) return false;
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
}

function isHttpAddress(text: string): boolean {
  return /^https?:\/\/[^\s]+$/.test(text) && URL.canParse(text);
}

const countrySchema = z.string().regex(/^[A-Z]{2}$/, "an ISO 3166 code of two letters");

const addressSchema = z.strictObject({
  line1: broughtText(200).optional(),
  city: broughtText(100).optional(),
  region: broughtText(100).optional(),
  postalCode: broughtText(20),
  country: countrySchema,
});

const shippingMethodSchema = z.strictObject({
  method: idSchema,
  /** In the location's own time: an order after it is shipped on the next operating day. */
  cutoff: z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, "a time of day, 00:00 to 23:59"),
});

/** A country, a country and region, or a country and the beginning of its postal codes. */
const SERVICE_REGION = /^[A-Z]{2}(?:-[A-Z0-9]{1,3}|:[A-Z0-9](?:[A-Z0-9 -]{0,10}[A-Z0-9])?)?$/;

const locationFields = {
  name: broughtText(200),
  type: z.enum(LOCATION_TYPES),
  address: addressSchema,
  coordinates: z.strictObject({
    lat: z.number().min(-90).max(90),
    lon: z.number().min(-180).max(180),
  }),
  timeZone: z.string().max(64).refine(isTimeZone, "an IANA time zone such as Europe/Berlin"),
  shippingMethods: z
    .array(shippingMethodSchema)
    .max(SHIPPING_METHODS_MAX)
    .refine((methods) => isUnique(methods.map(({ method }) => method)), "each method once"),
  handles: z.strictObject({ hazmat: z.boolean(), oversized: z.boolean(), refrigerated: z.boolean() }),
  serviceRegions: z
    .array(z.string().regex(SERVICE_REGION, "such as US, US-WA or US:98"))
    .max(SERVICE_REGIONS_MAX)
    .refine(isUnique, "each region once"),
  /** 1 is Monday. */
  operatingDays: z
    .array(z.number().int().min(1).max(7))
    .min(1)
    .max(OPERATING_DAYS_MAX)
    .refine(isUnique, "each day once"),
  /** Orders. */
  capacityPerDay: z.number().int().min(0).max(STOCK_MAX),
};
/** The part of the capacity that is in use. */
const utilizationSchema = z.number().min(0).max(1);
const wmsUrlSchema = z.string().max(2_000).refine(isHttpAddress, "an http(s) address");

export const locationCreateSchema = z.strictObject({
  id: idSchema,
  ...locationFields,
  currentUtilization: utilizationSchema.default(0),
  wmsUrl: wmsUrlSchema.optional(),
});
export type LocationCreate = z.infer<typeof locationCreateSchema>;

export const locationPatchSchema = z
  .strictObject({
    ...locationFields,
    currentUtilization: utilizationSchema,
    wmsUrl: wmsUrlSchema.nullable(),
  })
  .partial();
export type LocationPatch = z.infer<typeof locationPatchSchema>;

export const locationSchema = z.object({
  id: z.string(),
  ...locationFields,
  currentUtilization: utilizationSchema,
  wmsUrl: z.string().optional(),
  /** Raised by every change. */
  version: z.number().int(),
  createdAt: timeSchema,
  updatedAt: timeSchema,
});
export type Location = z.infer<typeof locationSchema>;

export const locationListSchema = z.object({
  items: z.array(locationSchema),
  nextCursor: z.string().nullable(),
});
