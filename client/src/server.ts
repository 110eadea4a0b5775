// What a merchant's server asks of the gateway: whose pass this is, the life of a hold, and ordinary stock. Every
// answer is a value; what may succeed later is tried again for a bounded time.
import type { Availability, CartCheck, CartChecked } from "@dropgate/contracts/availability";
import type { FulfilmentPlan, OrderInput } from "@dropgate/contracts/fulfilment";
import type { Allocation, Confirm, Hold } from "@dropgate/contracts/hold";
import type { Reservation, ReservationRead } from "@dropgate/contracts/reservation";
import type { Sale } from "@dropgate/contracts/sale";
import { SignJWT } from "jose";
import { type Answered, beginCalls, type CallOptions, type CallParts, orderKey } from "./merchant/call.ts";
import { beginPassVerifier, type PassVerifier } from "./merchant/pass.ts";
import { judgeWebhook, type VerifiedWebhook, type WebhookRequest } from "./merchant/webhook.ts";

export type { Availability, CartCheck, CartChecked } from "@dropgate/contracts/availability";
export type { FulfilmentPlan, OrderInput } from "@dropgate/contracts/fulfilment";
export type { Allocation, Confirm, Hold } from "@dropgate/contracts/hold";
export type { RefusalCode } from "@dropgate/contracts/refusals";
export type { Reservation, ReservationRead } from "@dropgate/contracts/reservation";
export type { Sale } from "@dropgate/contracts/sale";
export type { Problem } from "@dropgate/contracts/values";
export type { WebhookEvent } from "@dropgate/contracts/webhooks";
export type { Answered, CallOptions, Refused } from "./merchant/call.ts";
export type { PassBearer, PassClaims, PassVerifier, VerifiedPass } from "./merchant/pass.ts";
export type { VerifiedWebhook, WebhookRequest } from "./merchant/webhook.ts";

/** Of a shopper's token, unless said otherwise. */
const LIFE_SECONDS = 3_600;

export interface MerchantOptions extends CallParts {
  /** `iss` of the passes that count: the gateway's PUBLIC_URL. Without it, `url`'s origin. */
  issuer?: string;
}

export interface Merchant {
  sale(saleId: string, options?: CallOptions): Promise<Answered<Sale>>;
  /** The public sales, a page of them. */
  sales(cursor?: string): Promise<Answered<{ items: Sale[]; nextCursor: string | null }>>;
  verifyPass: PassVerifier;
  holds: {
    /** The payment has begun: the hold is `pending`, and extended once. */
    startPayment(holdId: string, options?: CallOptions): Promise<Answered<Hold>>;
    /** Paid: the unit is sold under this order. Keyed by the order unless the options say otherwise. */
    confirm(
      holdId: string,
      order: Confirm,
      options?: CallOptions,
    ): Promise<Answered<{ hold: Hold; allocation: Allocation | null }>>;
    /** Payment failed or was abandoned: the unit goes on to the next in line. */
    release(holdId: string, reason?: string, options?: CallOptions): Promise<Answered<Hold>>;
    /** A confirmed order is cancelled before it is picked. */
    cancel(holdId: string, reason?: string, options?: CallOptions): Promise<Answered<Hold>>;
  };
  /** The display view, some seconds old; of the products that there are, in the order asked for. */
  availability(
    skus: readonly string[],
    to?: { postalCode?: string; country: string },
    options?: CallOptions,
  ): Promise<Answered<Availability[]>>;
  /** Makes a key for `signShopperToken`: once, while setting up. Needs an API key of scope `operator`. */
  createShopperKey(): Promise<Answered<ShopperKey>>;
  /** May this go into a cart. */
  checkCart(cart: CartCheck, options?: CallOptions): Promise<Answered<CartChecked>>;
  reservations: {
    /** All lines of an order at chosen locations, or none. Keyed by the order unless the options say otherwise. */
    create(
      order: OrderInput,
      options?: CallOptions,
    ): Promise<Answered<{ reservation: Reservation; plan: FulfilmentPlan }>>;
    read(reservationId: string, options?: CallOptions): Promise<Answered<ReservationRead>>;
    startPayment(reservationId: string, options?: CallOptions): Promise<Answered<Reservation>>;
    /** Answers the reservation that counts from now on: a late confirm may have taken the stock once more. */
    confirm(reservationId: string, orderId: string, options?: CallOptions): Promise<Answered<Reservation>>;
    release(reservationId: string, reason?: string, options?: CallOptions): Promise<Answered<Reservation>>;
    cancel(reservationId: string, reason?: string, options?: CallOptions): Promise<Answered<Reservation>>;
  };
}

/** @throws when the address is none */
export function openMerchant(options: MerchantOptions): Merchant {
  const call = beginCalls(options);
  const { origin } = new URL(options.url);

  async function hold(holdId: string, act: string, body: object, how?: CallOptions): Promise<Answered<Hold>> {
    const path = `/holds/${encodeURIComponent(holdId)}/${act}`;
    const answer = await call<{ hold: Hold }>("POST", path, body, how);
    return answer.ok ? { ok: true, value: answer.value.hold } : answer;
  }

  async function reservation(
    id: string,
    act: string,
    body: object,
    how?: CallOptions,
  ): Promise<Answered<Reservation>> {
    const path = `/reservations/${encodeURIComponent(id)}/${act}`;
    const answer = await call<{ reservation: Reservation }>("POST", path, body, how);
    return answer.ok ? { ok: true, value: answer.value.reservation } : answer;
  }

  return {
    sale: (saleId, how) => call("GET", `/sales/${encodeURIComponent(saleId)}`, undefined, how),
    sales: (cursor) =>
      call("GET", cursor === undefined ? "/sales" : `/sales?${new URLSearchParams({ cursor })}`),
    verifyPass: beginPassVerifier(origin, options.issuer ?? origin),
    holds: {
      startPayment: (holdId, how) => hold(holdId, "payment", {}, how),
      confirm: async (holdId, order, how) =>
        call("POST", `/holds/${encodeURIComponent(holdId)}/confirm`, order, {
          idempotencyKey: await orderKey("confirm", order.orderId),
          ...how,
        }),
      release: (holdId, reason, how) => hold(holdId, "release", because(reason), how),
      cancel: (holdId, reason, how) => hold(holdId, "cancel", because(reason), how),
    },
    async availability(skus, to, how) {
      const query = new URLSearchParams([...skus.map((sku) => ["sku", sku]), ...Object.entries(to ?? {})]);
      const path = `/products/availability?${query}`;
      const answer = await call<{ items: Availability[] }>("GET", path, undefined, how);
      return answer.ok ? { ok: true, value: answer.value.items } : answer;
    },
    // An answer that is lost must not leave a second key behind.
    createShopperKey: () =>
      call("POST", "/admin/shopper-keys", {}, { idempotencyKey: `shopper-key-${crypto.randomUUID()}` }),
    checkCart: (cart, how) => call("POST", "/inventory/check", cart, how),
    reservations: {
      create: async (order, how) =>
        call("POST", "/reservations", order, {
          idempotencyKey: await orderKey("reserve", order.orderId),
          ...how,
        }),
      read: (id, how) => call("GET", `/reservations/${encodeURIComponent(id)}`, undefined, how),
      startPayment: (id, how) => reservation(id, "payment", {}, how),
      async confirm(id, orderId, how) {
        const idempotencyKey = await orderKey("confirm", orderId);
        return reservation(id, "confirm", { orderId }, { idempotencyKey, ...how });
      },
      release: (id, reason, how) => reservation(id, "release", because(reason), how),
      cancel: (id, reason, how) => reservation(id, "cancel", because(reason), how),
    },
  };
}

function because(reason: string | undefined): { reason?: string } {
  return reason === undefined ? {} : { reason };
}

/**
 * Whether a webhook's event is from the gateway, and young.
 * @param secret the webhook's, as it was shown; several while you exchange them
 * @returns the event, with more types and fields than are known here, should the gateway be newer
 */
export function verifyWebhook(
  secret: string | readonly string[],
  request: WebhookRequest,
): Promise<VerifiedWebhook> {
  return judgeWebhook(secret, request, Date.now());
}

/** As `POST /admin/shopper-keys` made it. */
export interface ShopperKey {
  kid: string;
  secret: string;
}

/**
 * @param subject the customer's id at the merchant, 1 to 128 characters
 * @param more `saleId`: it counts for this sale alone; `lifeSeconds`: an hour unless said
 * @returns a JWT for `openQueue`, the element's `shopper-token`, or `#shopper=` behind the waiting room's address
 */
export function signShopperToken(
  key: ShopperKey,
  subject: string,
  { saleId, lifeSeconds = LIFE_SECONDS }: { saleId?: string; lifeSeconds?: number } = {},
): Promise<string> {
  return new SignJWT(saleId === undefined ? {} : { sale: saleId })
    .setProtectedHeader({ alg: "HS256", kid: key.kid })
    .setSubject(subject)
    .setIssuedAt()
    .setExpirationTime(`${lifeSeconds} s`)
    .sign(new TextEncoder().encode(key.secret));
}
