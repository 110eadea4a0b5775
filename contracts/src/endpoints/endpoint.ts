// The form of a call of the HTTP contract, and what many of them share.
import { z } from "zod";
import type { ApiScope } from "../keys.ts";
import { PAGE_ITEMS_DEFAULT, PAGE_ITEMS_MAX } from "../limits.ts";
import type { RefusalCode } from "../refusals.ts";
import type { ConsoleScope } from "../roles.ts";

/**
 * How a caller proves itself; several mean any of them. `session`: an operator's own, whatever their role; what API keys
 * of scope `operator` or `admin` open, sessions open by the table of `roles.ts`.
 */
export type Caller = "anyone" | "shopper" | "entry" | "warehouse" | "session" | ApiScope;

export interface Endpoint {
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** With `{name}` for parameters. */
  path: string;
  operation: string;
  summary: string;
  tag: "shopper" | "merchant" | "operator" | "warehouse" | "operations";
  callers: readonly Caller[];
  /** What an operator's role must allow, where that does not follow from method and callers (see consoleScopeOf). */
  consoleScope?: ConsoleScope;
  body?: z.ZodType;
  query?: z.ZodObject;
  /** Status → schema, or null for an answer without a JSON body of ours. */
  answers: Record<number, z.ZodType | null>;
  /** Beside INVALID_REQUEST, BODY_TOO_LARGE, RATE_LIMITED and BUSY, which any call may give. */
  refusals: readonly RefusalCode[];
  /** How large the body may be; 64 KiB unless said otherwise. */
  bodyBytesMax?: number;
  /** Whether an Idempotency-Key counts. */
  idempotent?: boolean;
}

export const emptySchema = z.strictObject({});
export const pageQuerySchema = z.strictObject({
  cursor: z.string().max(500).optional(),
  limit: z.coerce.number().int().min(1).max(PAGE_ITEMS_MAX).default(PAGE_ITEMS_DEFAULT),
});

export const v1 = "/api/v1";
export const ofEntry = [
  "UNAUTHENTICATED",
  "TOKEN_INVALID",
  "TOKEN_EXPIRED",
  "FORBIDDEN",
  "ENTRY_NOT_FOUND",
] as const;
export const ofHold = [
  "UNAUTHENTICATED",
  "TOKEN_INVALID",
  "TOKEN_EXPIRED",
  "FORBIDDEN",
  "HOLD_NOT_FOUND",
] as const;
export const ofKey = ["UNAUTHENTICATED", "FORBIDDEN"] as const;
export const ofIdempotency = [
  "INVALID_IDEMPOTENCY_KEY",
  "IDEMPOTENCY_MISMATCH",
  "IDEMPOTENCY_IN_PROGRESS",
] as const;
