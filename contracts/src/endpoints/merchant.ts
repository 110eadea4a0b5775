// What a merchant's server calls.
import { z } from "zod";
import { confirmedSchema, confirmSchema, holdAnswerSchema, reasonSchema } from "../hold.ts";
import { type Endpoint, emptySchema, ofIdempotency, ofKey, v1 } from "./endpoint.ts";

export const MERCHANT_ENDPOINTS = {
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
} as const satisfies Record<string, Endpoint>;
