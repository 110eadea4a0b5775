// A sale that somebody changes while somebody else types: fields that only one has touched are theirs; where both have, what
// is being typed stays, and it is said. Pure.
import type { Draft } from "./draft.ts";

/** @param before what both began with */
export function meetDrafts(
  before: Draft,
  mine: Draft,
  theirs: Draft,
): { draft: Draft; both: (keyof Draft)[] } {
  const fields = Object.keys(theirs) as (keyof Draft)[];
  const changed = fields.filter((field) => theirs[field] !== before[field] && theirs[field] !== mine[field]);
  const both = changed.filter((field) => mine[field] !== before[field]);
  const taken = changed.filter((field) => !both.includes(field)).map((field) => [field, theirs[field]]);
  return { draft: { ...mine, ...(Object.fromEntries(taken) as Partial<Draft>) }, both };
}

/** What the fields of a sale that goes on are called in the form. */
export const FIELD_NAMES: Readonly<Partial<Record<keyof Draft, string>>> = {
  title: "title",
  quantity: "units",
  ratePerSecond: "rate",
  lobbyAt: "lobby",
  drawAt: "draw",
  opensAt: "opening",
  closesAt: "closing",
  claimWindowSeconds: "time to claim",
  purchaseWindowSeconds: "time to pay",
  paymentExtensionSeconds: "time once a payment has begun",
  price: "price",
  currency: "currency",
  description: "description",
  imageUrl: "picture",
  checkoutUrl: "checkout",
  message: "message to shoppers",
};
