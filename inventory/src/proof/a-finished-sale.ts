// A small sale from its first visitor to its close, as rows, consistent in every respect: three buckets, a
// lapse and a coming back, releases, expiries, a cancelled order whose unit is sold again, a late confirm, a
// shopper at the limit, a change of rate.
import type { SaleId } from "@dropgate/contracts/ids";
import type { Truth } from "@dropgate/sql";
import { POOLS, QUANTITY, RATE, Story, type StoryEntry, type StoryHold, type StoryUnit } from "./story.ts";
import { writeStory } from "./write-story.ts";

export interface FinishedSale {
  saleId: SaleId;
  /** By ticket, from 1. */
  entryOf(ticket: number): StoryEntry;
  /** The nth hold made for the entry with this ticket, from 1. */
  holdOf(ticket: number, nth?: number): StoryHold;
  units: StoryUnit[];
}

/** Writes the sale; its Redis side is left to whoever fills lanes. */
export async function aFinishedSale(truth: Truth): Promise<FinishedSale> {
  const story = new Story();
  story.append(0, "sale.created", { data: { quantity: QUANTITY, poolCount: POOLS, ...RATE } });
  story.joinAndDraw(0, ["ann", "bea", "cem", "dov", "eve", "fay", "gus", "hal", "ida", "jon", "kim", "lea"]);
  story.append(1, "sale.phase", { data: { from: "lobby", to: "drawing" } });
  story.append(2, "sale.phase", { data: { from: "drawing", to: "live" } });

  story.tick(10, 4);
  story.leave(10.5, 5);
  for (const ticket of [1, 2, 4]) story.claim(11, ticket);
  story.act(11.5, "payment.started", 1, "pending", null, null);
  for (const ticket of [1, 2]) story.confirm(12, ticket);

  story.tick(13, 3);
  story.end(14, "released", 6, "left");
  for (const ticket of [7, 8]) story.claim(14, ticket);
  story.end(15, "released", 7, "released");
  story.confirm(16, 8);
  story.lapse(16, 3);
  story.rejoin(17, 3);

  story.tick(18, 3);
  for (const ticket of [3, 10]) story.claim(19, ticket);
  story.confirm(20, 3);
  story.end(20, "expired", 4, "expired");
  const again = story.entryOf(4).shopper.slice(2);
  story.cancel(21.5, 2);
  story.end(22, "expired", 10, "expired");
  story.confirmLate(22, 4);
  story.joinAndDraw(23, ["max", "nia", again, "oli", "pam"]);
  story.append(23.5, "admission.changed", { data: { ratePerSecond: 5, burst: 6 }, actor: "operator" });
  story.lapse(24, 9);
  story.rejoin(24.5, 9);

  story.tick(25, 3);
  for (const ticket of [11, 12]) story.claim(26, ticket);
  story.confirm(27, 11);
  story.act(27, "payment.started", 12, "pending", null, null);
  story.end(28, "expired", 12, "expired");
  story.joinAndDraw(28.5, ["quy", "rob"], true);

  const [won, gaveBack] = story.tick(29, 2);
  for (const ticket of [won, gaveBack]) if (ticket !== undefined) story.claim(30, ticket);
  if (won !== undefined) story.confirm(31, won);
  if (gaveBack !== undefined) story.end(31, "released", gaveBack, "released");
  story.lapse(32, 9);
  const [soldAgain, ...tooLate] = story.tick(33, 3);
  for (const ticket of [soldAgain, ...tooLate]) if (ticket !== undefined) story.claim(34, ticket);
  if (soldAgain !== undefined) story.confirm(35, soldAgain);
  story.close(60);
  await writeStory(truth, story.rows());
  return story;
}
