// Passes and the orders of sales, as facts on the disk (facts-file.ts): a shop that dies between charging a card and
// confirming finishes when it is back.

import { join } from "node:path";
import type { PassClaims } from "@dropgate/client/server";
import type { Money } from "@dropgate/contracts/values";
import { openFactsFile } from "./facts-file.ts";
import { orderNumberOf } from "./order-number.ts";
import type { Owner } from "./pass.ts";

/**
 *   charging ─▶ charged ─▶ confirmed ─▶ cancelled     before it was picked: the money went back
 *      │           └─────▶ refunded                   the unit was gone: the money went back
 *      └─▶ declined ─▶ charging (another card)
 */
export type OrderState = "charging" | "declined" | "charged" | "confirmed" | "refunded" | "cancelled";

export interface KeptPass {
  claims: PassClaims;
  owner: Owner;
  title: string;
  price: Money | null;
}

export interface Order {
  orderId: string;
  holdId: string;
  state: OrderState;
  cardEnd: string;
  /** Under which the warehouse's progress is read; null until confirmed, and of a sale that brings its own units. */
  reservationId: string | null;
  /** Why it was refunded: a problem's code. */
  reason: string | null;
  at: string;
}

type Fact =
  | ({ fact: "pass" } & KeptPass)
  | ({ fact: "order" } & Order)
  | { fact: "givenBack"; holdId: string };

export interface OrderBook {
  passOf(holdId: string): KeptPass | null;
  orderOf(holdId: string): Order | null;
  findOrder(orderId: string): Order | null;
  isGivenBack(holdId: string): boolean;
  /** Orders whose money was taken, or may have been, and whose unit is not settled. */
  unsettled(): Order[];
  keepPass(pass: KeptPass): Promise<void>;
  note(order: Order): Promise<void>;
  giveBack(holdId: string): Promise<void>;
  close(): Promise<void>;
}

/** The order's number follows from the hold, so that a double click and a restart name the same order. */
export function orderIdOf(claims: Pick<PassClaims, "saleId" | "holdId">): string {
  return orderNumberOf(`${claims.saleId}\n${claims.holdId}`);
}

/** Opens the book in `directory`, which is made. @throws when that cannot be read or written */
export async function openOrderBook(directory: string): Promise<OrderBook> {
  const passes = new Map<string, KeptPass>();
  const orders = new Map<string, Order>();
  const holdOf = new Map<string, string>();
  const givenBack = new Set<string>();

  const facts = await openFactsFile<Fact>(join(directory, "orders.ndjson"), (fact) => {
    if (fact.fact === "pass") passes.set(fact.claims.holdId, fact);
    else if (fact.fact === "givenBack") givenBack.add(fact.holdId);
    else {
      // Orders that an older shop wrote down say nothing of it.
      orders.set(fact.holdId, { ...fact, reservationId: fact.reservationId ?? null });
      holdOf.set(fact.orderId, fact.holdId);
    }
  });

  return {
    passOf: (holdId) => passes.get(holdId) ?? null,
    orderOf: (holdId) => orders.get(holdId) ?? null,
    findOrder: (orderId) => orders.get(holdOf.get(orderId) ?? "") ?? null,
    isGivenBack: (holdId) => givenBack.has(holdId),
    unsettled: () => [...orders.values()].filter(({ state }) => state === "charging" || state === "charged"),
    keepPass: (pass) => facts.append({ fact: "pass", ...pass }),
    note: (order) => facts.append({ fact: "order", ...order }),
    giveBack: (holdId) => facts.append({ fact: "givenBack", holdId }),
    close: () => facts.close(),
  };
}
