// The secret that one location shares with its warehouse, in place of WMS_SECRET. It is told to us and never told back.
import { z } from "zod";
import { broughtText, timeSchema } from "./values.ts";
import {
  WMS_SECRET_CHARACTERS_MIN,
  WMS_SECRET_OVERLAP_SECONDS,
  WMS_SECRET_OVERLAP_SECONDS_MAX,
} from "./warehouse-limits.ts";

export const wmsSecretPutSchema = z.strictObject({
  /** Its UTF-8 bytes are the key. Null: WMS_SECRET signs for the location again. */
  secret: broughtText(256)
    .refine(
      (text) => text.length >= WMS_SECRET_CHARACTERS_MIN,
      `${WMS_SECRET_CHARACTERS_MIN} or more characters`,
    )
    .nullable(),
  /** How long events that are signed as before are still believed. */
  overlapSeconds: z
    .number()
    .int()
    .min(0)
    .max(WMS_SECRET_OVERLAP_SECONDS_MAX)
    .default(WMS_SECRET_OVERLAP_SECONDS),
});
export type WmsSecretPut = z.infer<typeof wmsSecretPutSchema>;

export const wmsSecretStateSchema = z.object({
  locationId: z.string(),
  /** `own`: the location's secret. `shared`: WMS_SECRET. */
  signedBy: z.enum(["own", "shared"]),
  /** When that was last changed; null: never. */
  setAt: timeSchema.nullable(),
  /** Until then events that are signed as before are believed too; null: they are not. */
  previousUntil: timeSchema.nullable(),
});
export type WmsSecretState = z.infer<typeof wmsSecretStateSchema>;
