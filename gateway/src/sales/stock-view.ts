// What the public is told of a sale's stock: a band and a sentence, and an exact number only when few are left.
import type { Phase } from "@dropgate/contracts/states/phase";
import { lowStockLine } from "@dropgate/contracts/stock-band";
import type { Stock } from "./known-sale.ts";

/** @param free counted up to the line and one */
export function stockOf(
  sale: { phase: Phase; quantity: number },
  counted: { free: number; someHeld: boolean },
): Stock {
  if (sale.phase === "sold_out") return { status: "out_of_stock", message: "Sold out" };
  if (sale.phase === "closed") return { status: "out_of_stock", message: "The sale is over" };
  if (counted.free === 0) {
    return counted.someHeld
      ? { status: "out_of_stock", message: "All units are in baskets; some may come back" }
      : { status: "out_of_stock", message: "Sold out" };
  }
  if (counted.free <= lowStockLine(sale.quantity)) {
    return { status: "low_stock", message: `Only ${counted.free} left` };
  }
  return { status: "in_stock", message: "In stock" };
}
