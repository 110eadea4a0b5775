// What the shop sells every day, beside the drop: its own words, prices and pictures. Whether a product can be had is
// the inventory's to say. A shop whose inventory does not know one of them does not show it.

import type { Money } from "@dropgate/contracts/values";

export interface Article {
  sku: string;
  title: string;
  price: Money;
  /** One sentence for the grid. */
  words: string;
  /** The file's name under `/`. */
  picture: string;
}

function article(sku: string, title: string, cents: number, words: string): Article {
  const picture = `${sku.toLowerCase()}.svg`;
  return { sku, title, price: { amount: cents, currency: "EUR" }, words, picture };
}

/** In the order of the grid. */
export const ARTICLES: readonly Article[] = [
  article("AURORA-PAD", "Aurora Controller", 6_900, "Light in the hand, quiet on the sofa."),
  article("AURORA-DOCK", "Charging Dock", 3_900, "Two controllers, full by the morning."),
  article("AURORA-SOUND", "Headset", 12_900, "Hears the room, or leaves it outside."),
  article("AURORA-SLEEVE", "Travel Sleeve", 2_900, "Felt and wool, for a console on the move."),
  article("AURORA-LIGHT", "Northern Lamp", 5_900, "The sky of a cold night, dimmable."),
  article("AURORA-PRINT", "Art Print, numbered", 1_900, "The console as it was first drawn."),
];

export function findArticle(sku: string): Article | null {
  return ARTICLES.find((each) => each.sku === sku) ?? null;
}
