// What is sold: the facts of a product that shipping and shelves go by.
import { z } from "zod";
import { MEASURE_MAX } from "./limits.ts";
import { broughtText, moneySchema, skuSchema, timeSchema } from "./values.ts";

const measureSchema = z.number().int().min(0).max(MEASURE_MAX);

const productFields = {
  title: broughtText(200),
  price: moneySchema,
  weightGrams: measureSchema,
  dimensionsMm: z.strictObject({ length: measureSchema, width: measureSchema, height: measureSchema }),
  hazmat: z.boolean(),
  oversized: z.boolean(),
  refrigerated: z.boolean(),
};

export const productCreateSchema = z.strictObject({
  sku: skuSchema,
  ...productFields,
  /** Whether it is sold before there is any. */
  preorder: z.boolean().default(false),
});
export type ProductCreate = z.infer<typeof productCreateSchema>;

export const productPatchSchema = z.strictObject({ ...productFields, preorder: z.boolean() }).partial();
export type ProductPatch = z.infer<typeof productPatchSchema>;

export const productSchema = z.object({
  sku: z.string(),
  ...productFields,
  preorder: z.boolean(),
  /** Raised by every change. */
  version: z.number().int(),
  createdAt: timeSchema,
  updatedAt: timeSchema,
});
export type Product = z.infer<typeof productSchema>;

export const productListSchema = z.object({
  items: z.array(productSchema),
  nextCursor: z.string().nullable(),
});
