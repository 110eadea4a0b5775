// Orders of ordinary products, as facts on the disk: each step is written down before the next one is taken.

import { join } from "node:path";
import type { Money } from "@dropgate/contracts/values";
import { openFactsFile } from "../facts-file.ts";
import type { Owner } from "../pass.ts";
import type { Wanted } from "./wanted.ts";

/**
 *   reserving ─▶ reserved ─▶ charging ─▶ charged ─▶ confirmed ─▶ cancelled   before it was picked: the money went back
 *      │            │           │           └─────▶ refunded                 the stock was gone: the money went back
 *      │            │           └─▶ declined ─▶ charging (another card)
 *      │            └─▶ givenBack, expired                                    so from declined
 *      └─▶ refused
 */
export type PurchaseState =
  | "reserving"
  | "refused"
  | "reserved"
  | "charging"
  | "declined"
  | "charged"
  | "confirmed"
  | "refunded"
  | "cancelled"
  | "givenBack"
  | "expired";

export interface Purchase {
  orderId: string;
  /** The form it was sent with. One form can become several orders, one after the other. */
  formId: string;
  owner: Owner;
  wanted: Wanted;
  title: string;
  /** Of all pieces. */
  price: Money;
  state: PurchaseState;
  /** Null until reserved. */
  reservationId: string | null;
  /** When the stock goes back to the shelf, as the gateway told it. */
  expiresAt: string | null;
  estimatedDelivery: string | null;
  cardEnd: string | null;
  /** Why it was refused or refunded: a problem's code. */
  reason: string | null;
  at: string;
}

export interface PurchaseBook {
  find(orderId: string): Purchase | null;
  /** The oldest first. */
  ofForm(formId: string): Purchase[];
  /** Those of which it is not known how a step ended. */
  unsettled(): Purchase[];
  note(purchase: Purchase): Promise<void>;
  close(): Promise<void>;
}

const UNSETTLED: ReadonlySet<PurchaseState> = new Set(["reserving", "charging", "charged"]);

/** Opens the book in `directory`, which is made. @throws when that cannot be read or written */
export async function openPurchaseBook(directory: string): Promise<PurchaseBook> {
  const purchases = new Map<string, Purchase>();
  const orderIdsOf = new Map<string, Set<string>>();
  const facts = await openFactsFile<Purchase>(join(directory, "purchases.ndjson"), (purchase) => {
    purchases.set(purchase.orderId, purchase);
    const orderIds = orderIdsOf.get(purchase.formId) ?? new Set();
    orderIdsOf.set(purchase.formId, orderIds.add(purchase.orderId));
  });
  const find = (orderId: string): Purchase | null => purchases.get(orderId) ?? null;
  return {
    find,
    ofForm: (formId) => [...(orderIdsOf.get(formId) ?? [])].flatMap((orderId) => find(orderId) ?? []),
    unsettled: () => [...purchases.values()].filter(({ state }) => UNSETTLED.has(state)),
    note: (purchase) => facts.append(purchase),
    close: () => facts.close(),
  };
}
