// The small values that every resource is made of, as schemas: ids, times, text, money.
import { z } from "zod";
import { ID_PATTERN } from "./ids.ts";

/** Ids that Dropgate makes, and sale and location ids. */
export const idSchema = z.string().regex(ID_PATTERN, "1 to 64 of A–Z a–z 0–9 _ -");

// Control characters, and the lone surrogates that no UTF-8 can carry.
const NOT_TEXT = /[\p{Cc}\p{Cs}]/u;
/** Text that merchants bring, compared byte for byte: no control characters, no lone surrogates. */
export function broughtText(lengthMax: number) {
  return z
    .string()
    .min(1)
    .max(lengthMax)
    .refine((text) => !NOT_TEXT.test(text), "no control characters");
}
/** Ids that are numbers to us. */
export const nthSchema = z.string().regex(/^[1-9]\d{0,14}$/, "a number");
export const skuSchema = broughtText(64);
export const orderIdSchema = broughtText(128);
export const subjectSchema = broughtText(128);

/** An RFC 3339 time in UTC; the years a sale may lie in. */
export const timeSchema = z.iso.datetime({ offset: true }).refine((text) => {
  const year = new Date(text).getUTCFullYear();
  return year >= 2000 && year <= 9000;
}, "a time between the years 2000 and 9000");

/** Minor units of a currency. */
export const moneySchema = z.strictObject({
  amount: z.number().int().min(0).max(Number.MAX_SAFE_INTEGER),
  currency: z.string().regex(/^[A-Z]{3}$/, "an ISO 4217 code"),
});
export type Money = z.infer<typeof moneySchema>;

const WEB_ADDRESS = /^https?:\/\/[^\s]+$|^\/(?!\/)[^\s]*$/;
/** An http(s) address, or a path on our own host. */
export const addressSchema = z.string().max(2_000).regex(WEB_ADDRESS, "an http(s) address or a path");

/** RFC 9457. */
export const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  detail: z.string(),
  code: z.string(),
  instance: z.string(),
  errors: z.array(z.object({ pointer: z.string(), detail: z.string() })).optional(),
  retryAfterMs: z.number().int().optional(),
  final: z.boolean().optional(),
});
export type Problem = z.infer<typeof problemSchema>;
