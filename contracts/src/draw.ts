// The proof of the draw as it is published: dropgate-draw-1, fixed byte for byte.
import { z } from "zod";
import { idSchema, timeSchema } from "./values.ts";

export const DRAW_ALGORITHM = "dropgate-draw-1";

const hexSchema = z.string().regex(/^[0-9a-f]{64}$/);

export const drawSchema = z.object({
  saleId: idSchema,
  algorithm: z.literal(DRAW_ALGORITHM),
  commitment: hexSchema,
  /** Null until the sale is closed. */
  secret: hexSchema.nullable(),
  beacon: z.string().nullable(),
  buckets: z.array(
    z.object({
      bucket: z.number().int(),
      count: z.number().int(),
      digest: hexSchema,
      seed: hexSchema,
      firstTicket: z.number().int(),
      sealedAt: timeSchema,
      recovered: z.boolean().optional(),
    }),
  ),
});
export type Draw = z.infer<typeof drawSchema>;

/** One line of `GET …/draw/entries` (NDJSON), in the order in which they were digested. */
export const drawEntrySchema = z.object({
  bucket: z.number().int(),
  entryId: idSchema,
  ticket: z.number().int(),
});
