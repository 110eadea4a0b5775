// The states of an entry in words.
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
