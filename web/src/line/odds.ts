// What a place is worth, honestly: everyone before it takes at most one unit, so a ticket up to the number of units
// is sure of one. Further back it depends on how many take what they are offered: the stock and the line show that.
import { lowStockLine } from "@dropgate/contracts/stock-band";

export type Odds = "sure" | "likely" | "possible" | "unlikely";

/** What the page sees of a sale. */
export interface SeenSale {
  /** Units of the whole sale. */
  quantity: number;
  stock: "in_stock" | "low_stock" | "out_of_stock";
  /** How many have had their turn. */
  served: number;
}

/** Of those whose turn came, the share that took a unit; a unit in a basket counts as taken. */
export interface Taking {
  least: number;
  most: number;
}

/** Before anything was seen: three in four take theirs ordinarily, fewer than half rarely. */
const TAKING_USUAL = 1 / 1.3;
const TAKING_RARE = 1 / 2;
/** Fewer turns than this are an anecdote. */
const SERVED_MIN = 30;

/** @returns null while too few have had their turn */
export function takingOf({ quantity, stock, served }: SeenSale): Taking | null {
  if (served < SERVED_MIN) return null;
  const low = lowStockLine(quantity);
  const freeLeast = { in_stock: low + 1, low_stock: 1, out_of_stock: 0 }[stock];
  const freeMost = { in_stock: quantity, low_stock: low, out_of_stock: 0 }[stock];
  // The luck of few: what was seen of n may be off by one in their root.
  const luck = 1 / Math.sqrt(served);
  const share = (free: number) => Math.min(1, (quantity - free) / served);
  return {
    least: Math.max(0, share(freeMost) - luck),
    most: Math.min(1, share(freeLeast) + luck),
  };
}

/** What the number is worth by the stock, the line and how many have taken theirs so far. */
export function oddsOf(ticket: number, sale: SeenSale): Odds {
  if (ticket <= sale.quantity) return "sure";
  const { least, most } = takingOf(sale) ?? { least: 0, most: 1 };
  // When everyone before takes with this share, the last unit goes to just this ticket.
  const enough = sale.quantity / ticket;
  const clamped = (share: number) => Math.min(most, Math.max(least, share));
  if (clamped(TAKING_USUAL) <= enough) return "likely";
  return clamped(TAKING_RARE) <= enough ? "possible" : "unlikely";
}
