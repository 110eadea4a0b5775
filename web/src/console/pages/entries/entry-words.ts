// Where an entry stands, in words. Pure.
import type { EntryStory } from "@dropgate/contracts/entry-story";
import type { EntryState } from "@dropgate/contracts/states/entry";

export const ENTRY_NAMES: Readonly<Record<EntryState, string>> = {
  waiting: "In line",
  offered: "Has an offer",
  held: "Holds a unit",
  purchased: "Has bought",
  left: "Has left",
  missed: "Missed the offer",
  released: "Gave the unit back",
  expired: "Ran out of time",
  sold_out: "Sold out",
};

type Standing = Pick<
  EntryStory,
  "state" | "ticket" | "position" | "unit" | "orderId" | "claimBy" | "expiresAt" | "steps" | "phase"
>;

interface Writing {
  number: (value: number) => string;
  /** @param at ISO */
  clock: (at: string) => string;
}

/** What can be told to the shopper on the telephone: one sentence on how it is now, and what may come. */
export function standingOf(story: Standing, { number, clock }: Writing): string {
  const unit = story.unit === null ? "a unit" : `unit ${number(story.unit)}`;
  switch (story.state) {
    case "waiting":
      return waitingOf(story, number);
    case "offered":
      return story.claimBy === null
        ? `Has ${unit} on offer.`
        : `Has ${unit} on offer, until ${clock(story.claimBy)}. Unclaimed by then, it goes to the next in line.`;
    case "held":
      return story.expiresAt === null
        ? `Holds ${unit}.`
        : `Holds ${unit} and has until ${clock(story.expiresAt)} to pay.`;
    case "purchased":
      return story.orderId === null
        ? `Has bought ${unit}.`
        : `Has bought ${unit} with order ${story.orderId}.`;
    case "left":
      return `Left the line${lastAt(story, ["left", "left_at_limit"], clock)} and holds nothing.`;
    case "missed":
      return `Did not claim the offer${lastAt(story, ["lapsed", "passed"], clock)}. May come back once, for the next free unit.`;
    case "released":
      return `Gave the unit back${lastAt(story, ["released", "cancelled"], clock)} and holds nothing.`;
    case "expired":
      return `Did not pay in time${lastAt(story, ["expired"], clock)}: the unit went to the next in line.`;
    case "sold_out":
      return "Waited to the end: all units were sold before their turn.";
  }
}

function waitingOf({ ticket, position, phase }: Standing, number: Writing["number"]): string {
  if (ticket === null) return "Is in the lobby: numbers are given when the order is drawn.";
  const ahead =
    position === null || position <= 1 ? "next in line" : `in line with ${number(position - 1)} ahead`;
  const paused = phase === "paused" ? " The sale is paused; the place is safe." : "";
  return `Is ${ahead}.${paused}`;
}

function lastAt({ steps }: Standing, kinds: readonly string[], clock: Writing["clock"]): string {
  const at = steps.findLast(({ kind }) => kinds.includes(kind))?.at;
  return at === undefined ? "" : ` at ${clock(at)}`;
}
