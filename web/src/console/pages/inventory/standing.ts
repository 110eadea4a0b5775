// How a level stands, in a word: what an operator looks for in a long list. Pure.
import type { Level } from "@dropgate/contracts/inventory";

export const STANDINGS = ["short", "off_sale", "none", "low", "fine"] as const;
export type Standing = (typeof STANDINGS)[number];

export const STANDING_NAMES: Readonly<Record<Standing, string>> = {
  short: "Promised more than there is",
  off_sale: "Not for sale",
  none: "None left",
  low: "Low",
  fine: "Enough",
};

export const STANDING_TONES = {
  short: "bad",
  off_sale: "plain",
  none: "warning",
  low: "warning",
  fine: "good",
} as const satisfies Record<Standing, string>;

export function standingOf(level: Pick<Level, "available" | "sellable" | "reorderPoint">): Standing {
  if (level.available < 0) return "short";
  if (!level.sellable) return "off_sale";
  if (level.available === 0) return "none";
  return level.reorderPoint > 0 && level.available <= level.reorderPoint ? "low" : "fine";
}

/** Levels that somebody should order for, or look at. */
export function wantsStock(standing: Standing): boolean {
  return standing === "short" || standing === "none" || standing === "low";
}
