// Passes and orders, in an append-only file: one JSON line a fact, on the disk before anything that follows from it.
// So a shop that dies between charging a card and confirming knows, when it starts again, what it owes to whom. It is
// read once at start and never rewritten; a demo's some thousand orders fit.

import { createHash } from "node:crypto";
import { mkdir, open, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Money } from "@dropgate/contracts/values";
import type { Owner, PassClaims } from "./pass.ts";

/**
 *   charging ─▶ charged ─▶ confirmed
 *      │           └─────▶ refunded     the unit was gone: the money went back
 *      └─▶ declined ─▶ charging (another card)
 */
export type OrderState = "charging" | "declined" | "charged" | "confirmed" | "refunded";

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
  const digest = createHash("sha256").update(`${claims.saleId}\n${claims.holdId}`).digest();
  // Without letters and digits that look alike, for it is read aloud.
  const letters = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
  const text = Array.from(digest.subarray(0, 10), (byte) => letters[byte % 32]).join("");
  return `HF-${text.slice(0, 5)}-${text.slice(5)}`;
}

/** Opens the book in `directory`, which is made. @throws when that cannot be read or written */
export async function openOrderBook(directory: string): Promise<OrderBook> {
  await mkdir(directory, { recursive: true });
  const path = join(directory, "orders.ndjson");
  const passes = new Map<string, KeptPass>();
  const orders = new Map<string, Order>();
  const holdOf = new Map<string, string>();
  const givenBack = new Set<string>();

  function take(fact: Fact): void {
    if (fact.fact === "pass") passes.set(fact.claims.holdId, fact);
    else if (fact.fact === "givenBack") givenBack.add(fact.holdId);
    else {
      orders.set(fact.holdId, fact);
      holdOf.set(fact.orderId, fact.holdId);
    }
  }

  const written = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return "";
    throw error;
  });
  for (const line of written.split("\n")) {
    // A last line that a crash cut off was never on the disk whole, so nothing followed from it.
    const fact = parseFact(line);
    if (fact !== null) take(fact);
  }
  const file = await open(path, "a", 0o600);
  if (written !== "" && !written.endsWith("\n")) await file.appendFile("\n");

  let writing: Promise<void> = Promise.resolve();
  function append(fact: Fact): Promise<void> {
    const write = async (): Promise<void> => {
      await file.appendFile(`${JSON.stringify(fact)}\n`);
      await file.datasync();
      take(fact);
    };
    // One after the other, and a failed write fails its own caller alone.
    const mine = writing.then(write);
    writing = mine.catch(() => {});
    return mine;
  }

  return {
    passOf: (holdId) => passes.get(holdId) ?? null,
    orderOf: (holdId) => orders.get(holdId) ?? null,
    findOrder: (orderId) => orders.get(holdOf.get(orderId) ?? "") ?? null,
    isGivenBack: (holdId) => givenBack.has(holdId),
    unsettled: () => [...orders.values()].filter(({ state }) => state === "charging" || state === "charged"),
    keepPass: (pass) => append({ fact: "pass", ...pass }),
    note: (order) => append({ fact: "order", ...order }),
    giveBack: (holdId) => append({ fact: "givenBack", holdId }),
    close: async () => {
      await writing;
      await file.close();
    },
  };
}

function parseFact(line: string): Fact | null {
  try {
    return line === "" ? null : JSON.parse(line);
  } catch {
    return null;
  }
}
