// The catalogue of refusals: a refusal is part of the job, has a stable code, and says whose move is next.
// docs/reference/refusals.md tells each in words; a test compares the two in both directions.

import { OPERATOR_REFUSALS } from "./operator-refusals.ts";
import { SETTINGS_REFUSALS } from "./settings-refusals.ts";
import { WAREHOUSE_REFUSALS } from "./warehouse-refusals.ts";

export interface RefusalKind {
  status: 400 | 401 | 403 | 404 | 405 | 409 | 413 | 415 | 429 | 431 | 503;
  title: string;
  /** What whoever gets it can do; the problem's `detail` when nothing more exact is known. */
  detail: string;
  /** Who can mend it. */
  mend: "caller" | "operator" | "time" | "nobody";
  /** Whether the same request may succeed later; then `Retry-After` and `retryAfterMs` come with it. */
  retry: boolean;
}

export const REFUSALS = {
  INVALID_REQUEST: {
    status: 400,
    title: "The request is not valid",
    detail: "See errors for each field and what was expected of it.",
    mend: "caller",
    retry: false,
  },
  INVALID_JSON: {
    status: 400,
    title: "The body is not JSON that we read",
    detail: "Send UTF-8 JSON, nested at most 32 deep, each key once.",
    mend: "caller",
    retry: false,
  },
  INVALID_SCHEDULE: {
    status: 400,
    title: "The schedule does not run forward",
    detail: "lobbyAt ≤ drawAt ≤ opensAt < closesAt, and closesAt must lie ahead.",
    mend: "caller",
    retry: false,
  },
  WANTED_DATE_PAST: {
    status: 400,
    title: "The wanted delivery date is past",
    detail: "Ask for today or a later day.",
    mend: "caller",
    retry: false,
  },
  MIXED_CURRENCIES: {
    status: 400,
    title: "The products have prices in several currencies",
    detail: "An order is in one currency: split it.",
    mend: "caller",
    retry: false,
  },
  INVALID_IDEMPOTENCY_KEY: {
    status: 400,
    title: "The Idempotency-Key is not valid",
    detail: "Use 1 to 255 printable ASCII characters.",
    mend: "caller",
    retry: false,
  },
  UNAUTHENTICATED: {
    status: 401,
    title: "Who is asking was not proven",
    detail: "Send the cookie that this answer sets, a shopper's token or an API key.",
    mend: "caller",
    retry: false,
  },
  TOKEN_INVALID: {
    status: 401,
    title: "The token is not valid",
    detail: "It is malformed, signed by someone else, or for another sale.",
    mend: "caller",
    retry: false,
  },
  SIGNATURE_INVALID: {
    status: 401,
    title: "The signature is not valid",
    detail:
      'Send X-Signature: t=<unix seconds>,v1=<hex HMAC-SHA256 of "<t>.<body>">, under the secret that we share.',
    mend: "caller",
    retry: false,
  },
  TOKEN_EXPIRED: {
    status: 401,
    title: "The token has expired",
    detail: "Ask for a new one and try again.",
    mend: "caller",
    retry: false,
  },
  IDENTITY_REQUIRED: {
    status: 401,
    title: "This sale needs a signed-in shopper",
    detail: "Join with a shopper JWT from the shop: in this sale one person has one place.",
    mend: "caller",
    retry: false,
  },
  FORBIDDEN: {
    status: 403,
    title: "This is not yours",
    detail: "The token is good, but it belongs to another person, sale or scope.",
    mend: "caller",
    retry: false,
  },
  ORIGIN_REFUSED: {
    status: 403,
    title: "This page may not connect here",
    detail: "Its origin is not ours; the operator can add it to ALLOWED_ORIGINS.",
    mend: "operator",
    retry: false,
  },
  REHEARSAL_ONLY: {
    status: 403,
    title: "This is a rehearsal",
    detail: "Only simulated shoppers take part, and nothing is sold. The sale itself has another address.",
    mend: "nobody",
    retry: false,
  },
  CHALLENGE_REQUIRED: {
    status: 403,
    title: "Solve the puzzle first",
    detail: "Send the solution as challenge with the join.",
    mend: "caller",
    retry: false,
  },
  NOT_FOUND: {
    status: 404,
    title: "There is nothing at this address",
    detail: "See /openapi.json for what there is.",
    mend: "caller",
    retry: false,
  },
  SALE_NOT_FOUND: {
    status: 404,
    title: "There is no such sale",
    detail: "Check the sale's id.",
    mend: "caller",
    retry: false,
  },
  ENTRY_NOT_FOUND: {
    status: 404,
    title: "There is no such entry",
    detail: "Check the entry's id, or join the sale.",
    mend: "caller",
    retry: false,
  },
  HOLD_NOT_FOUND: {
    status: 404,
    title: "There is no such hold",
    detail: "Check the hold's id.",
    mend: "caller",
    retry: false,
  },
  PRODUCT_NOT_FOUND: {
    status: 404,
    title: "There is no such product",
    detail: "Check the SKU, or add the product first.",
    mend: "caller",
    retry: false,
  },
  LOCATION_NOT_FOUND: {
    status: 404,
    title: "There is no such location",
    detail: "Check the location's id, or add the location first.",
    mend: "caller",
    retry: false,
  },
  LEVEL_NOT_FOUND: {
    status: 404,
    title: "This location has never had this product",
    detail: "A level is born by its first delivery or adjustment.",
    mend: "caller",
    retry: false,
  },
  RESERVATION_NOT_FOUND: {
    status: 404,
    title: "There is no such reservation",
    detail: "Check the reservation's id.",
    mend: "caller",
    retry: false,
  },
  ...WAREHOUSE_REFUSALS,
  ...OPERATOR_REFUSALS,
  REHEARSAL_NOT_FOUND: {
    status: 404,
    title: "This sale has no rehearsal",
    detail: "Start one with POST dry-run.",
    mend: "caller",
    retry: false,
  },
  ...SETTINGS_REFUSALS,
  RECONCILIATION_NOT_FOUND: {
    status: 404,
    title: "There is no such reconciliation",
    detail: "Ask the list which there are.",
    mend: "caller",
    retry: false,
  },
  ADJUSTMENT_NOT_FOUND: {
    status: 404,
    title: "There is no such adjustment",
    detail: "Check the adjustment's id.",
    mend: "caller",
    retry: false,
  },
  WMS_REQUEST_NOT_FOUND: {
    status: 404,
    title: "There is no such request to a warehouse",
    detail: "Check the request's id.",
    mend: "caller",
    retry: false,
  },
  METHOD_NOT_ALLOWED: {
    status: 405,
    title: "This address does not take that method",
    detail: "The Allow header says which it takes.",
    mend: "caller",
    retry: false,
  },
  SALE_NOT_OPEN: {
    status: 409,
    title: "The sale has not opened yet",
    detail: "Its lobby opens at schedule.lobbyAt.",
    mend: "time",
    retry: false,
  },
  SALE_CLOSED: {
    status: 409,
    title: "The sale is closed",
    detail: "Nobody can join any more.",
    mend: "nobody",
    retry: false,
  },
  SALE_EXISTS: {
    status: 409,
    title: "There is a sale with this id already",
    detail: "Choose another id, or none.",
    mend: "caller",
    retry: false,
  },
  WRONG_STATE: {
    status: 409,
    title: "That cannot be done in this state",
    detail: "Something happened before; read the object again.",
    mend: "caller",
    retry: false,
  },
  HOLD_EXPIRED: {
    status: 409,
    title: "The hold has ended",
    detail: "Its time was up and the unit went on to the next in line. Give a captured payment back.",
    mend: "nobody",
    retry: false,
  },
  ORDER_EXISTS: {
    status: 409,
    title: "This order id belongs to another hold",
    detail: "An order has one hold; use another order id.",
    mend: "caller",
    retry: false,
  },
  ALREADY_PURCHASED: {
    status: 409,
    title: "The limit for one shopper is reached",
    detail: "This shopper has bought as many as the sale allows.",
    mend: "nobody",
    retry: false,
  },
  SOLD_OUT: {
    status: 409,
    title: "All units are sold or in baskets",
    detail: "final says whether one may still come back.",
    mend: "time",
    retry: false,
  },
  WANTED_DATE_NOT_REACHABLE: {
    status: 409,
    title: "No location delivers by the wanted date",
    detail: "Ask for a later day, or without one.",
    mend: "caller",
    retry: false,
  },
  NO_ROUTE: {
    status: 409,
    title: "No location ships this there",
    detail: "No location serves the address, offers the speed, or may handle the goods.",
    mend: "caller",
    retry: false,
  },
  INSUFFICIENT_STOCK: {
    status: 409,
    title: "There is not that much stock",
    detail: "Ask for less.",
    mend: "caller",
    retry: false,
  },
  STOCK_TOO_LARGE: {
    status: 409,
    title: "That is more than a level can count",
    detail: "A quantity is at most a thousand million.",
    mend: "caller",
    retry: false,
  },
  PRODUCT_EXISTS: {
    status: 409,
    title: "There is a product with this SKU already",
    detail: "Change that one, or choose another SKU.",
    mend: "caller",
    retry: false,
  },
  LOCATION_EXISTS: {
    status: 409,
    title: "There is a location with this id already",
    detail: "Change that one, or choose another id.",
    mend: "caller",
    retry: false,
  },
  IDEMPOTENCY_MISMATCH: {
    status: 409,
    title: "This Idempotency-Key came with another body",
    detail: "Use a new key for a new request.",
    mend: "caller",
    retry: false,
  },
  IDEMPOTENCY_IN_PROGRESS: {
    status: 409,
    title: "The first request with this Idempotency-Key is still running",
    detail: "Ask again a little later; the answer will be the first one's.",
    mend: "time",
    retry: true,
  },
  BODY_TOO_LARGE: {
    status: 413,
    title: "The body is too large",
    detail: "At most 64 KiB (1 MiB for imports).",
    mend: "caller",
    retry: false,
  },
  UNSUPPORTED_MEDIA_TYPE: {
    status: 415,
    title: "The body is not JSON",
    detail: "Send Content-Type: application/json.",
    mend: "caller",
    retry: false,
  },
  RATE_LIMITED: {
    status: 429,
    title: "Too many requests",
    detail: "Your place is safe; ask again after retryAfterMs.",
    mend: "time",
    retry: true,
  },
  HEADERS_TOO_LARGE: {
    status: 431,
    title: "The headers are too large",
    detail: "At most 16 KiB in all.",
    mend: "caller",
    retry: false,
  },
  BUSY: {
    status: 503,
    title: "One moment, please",
    detail:
      "A store is away or full. Nothing was changed and no place was lost; ask again after retryAfterMs.",
    mend: "time",
    retry: true,
  },
} as const satisfies Record<string, RefusalKind>;

export type RefusalCode = keyof typeof REFUSALS;

/** A refusal as code passes it around: the code and what only the refuser knows. */
export interface Refusal {
  ok: false;
  refusal: RefusalCode;
  detail?: string;
  errors?: { pointer: string; detail: string }[];
  /** Milliseconds after which to ask again; drawn from the usual range when absent and `retry` is true. */
  retryAfterMs?: number;
  /** SOLD_OUT only. */
  final?: boolean;
}

/** A refusal with its code, and detail when more exact than the catalogue's. */
export function refuse(refusal: RefusalCode, more: Omit<Refusal, "ok" | "refusal"> = {}): Refusal {
  return { ok: false, refusal, ...more };
}

export type Outcome<Value> = { ok: true; value: Value } | Refusal;
