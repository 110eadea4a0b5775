// Reservations of ordinary checkouts, and the orders of sales once they are confirmed: one shape for both.
import { z } from "zod";
import { pageQuerySchema } from "./endpoints/endpoint.ts";
import { planSchema } from "./fulfilment.ts";
import { transactionSchema } from "./inventory.ts";
import { HOLD_STATES } from "./states/hold.ts";
import { idSchema, orderIdSchema, timeSchema } from "./values.ts";

export const RESERVATION_STATES = [
  "active",
  "pending",
  "confirmed",
  "allocated",
  "released",
  "expired",
  "cancelled",
] as const satisfies readonly (typeof HOLD_STATES)[number][];

const progressSchema = z.object({
  picked: z.number().int(),
  packed: z.number().int(),
  shipped: z.number().int(),
  /** Given back, or looked for elsewhere. */
  released: z.number().int(),
});

export const reservationSchema = z.object({
  id: idSchema,
  orderId: z.string(),
  state: z.enum(RESERVATION_STATES),
  /** Null: it has no window, for it is a sale's order or a late confirm. */
  expiresAt: timeSchema.nullable(),
  extended: z.boolean(),
  lines: z.array(
    z.object({
      sku: z.string(),
      quantity: z.number().int(),
      locationId: idSchema,
      ...progressSchema.shape,
    }),
  ),
  /** What it waits for. */
  backorders: z.array(
    z.object({
      sku: z.string(),
      quantity: z.number().int(),
      filled: z.number().int(),
      state: z.enum(["open", "filled", "cancelled"]),
    }),
  ),
  createdAt: timeSchema,
  confirmedAt: timeSchema.nullable(),
  endedAt: timeSchema.nullable(),
  reason: z.string().nullable(),
  /** Of a late confirm: the expired one that it stands for. */
  replaces: z.string().optional(),
  holdId: z.string().optional(),
  saleId: z.string().optional(),
});
export type Reservation = z.infer<typeof reservationSchema>;

export const reservationAnswerSchema = z.object({ reservation: reservationSchema });

/** How far a location is with what ships from it. Each time is the last piece's; null: not told yet. */
export const orderShipmentSchema = z.object({
  locationId: idSchema,
  pickedAt: timeSchema.nullable(),
  packedAt: timeSchema.nullable(),
  shippedAt: timeSchema.nullable(),
  /** As the warehouse gave them, one for each parcel that has one. */
  tracking: z.array(z.string()),
});
export type OrderShipment = z.infer<typeof orderShipmentSchema>;
/** A reservation as it is read, with what its warehouses have told. */
export const reservationReadSchema = reservationAnswerSchema.extend({
  shipments: z.array(orderShipmentSchema),
});
export type ReservationRead = z.infer<typeof reservationReadSchema>;
export const reservedSchema = z.object({ reservation: reservationSchema, plan: planSchema });
export const plannedSchema = z.object({ plan: planSchema });
export const reservationConfirmSchema = z.strictObject({ orderId: orderIdSchema.optional() });

export const reservationListSchema = z.object({
  items: z.array(reservationSchema),
  nextCursor: z.string().nullable(),
});
export const reservationQuerySchema = pageQuerySchema.extend({
  state: z.enum(RESERVATION_STATES).optional(),
  orderId: orderIdSchema.optional(),
});

/** A reservation with what it was asked for, its plan, and all that happened to it, the oldest first. */
export const reservationStorySchema = z.object({
  reservation: reservationSchema,
  request: z.unknown(),
  plan: z.unknown(),
  story: z.array(transactionSchema),
});
