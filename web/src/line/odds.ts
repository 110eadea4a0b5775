// What a place is worth, honestly: everyone before it takes at most one unit, so a ticket up to the number of units
// is sure of one, and far beyond that only returns help.

export type Odds = "sure" | "likely" | "possible" | "unlikely";

/** Some who are offered a unit let it pass: up to a third more than the units has been ordinary, twice is rare. */
const LIKELY_SHARE = 1.3;
const POSSIBLE_SHARE = 2;

/** @param quantity units of the whole sale */
export function oddsOf(ticket: number, quantity: number): Odds {
  if (ticket <= quantity) return "sure";
  if (ticket <= quantity * LIKELY_SHARE) return "likely";
  return ticket <= quantity * POSSIBLE_SHARE ? "possible" : "unlikely";
}
