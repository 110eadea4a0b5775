// What a webhook is told of, as it is typed: names with commas between them. Pure.
import type { Webhook } from "@dropgate/contracts/webhooks";

type EventType = Webhook["events"][number];

const EVENTS: readonly EventType[] = [
  "alert.opened",
  "alert.resolved",
  "sale.phase",
  "hold.confirmed",
  "hold.cancelled",
  "reservation.state",
];
export const ALL_EVENTS = EVENTS.join(", ");

/** As they were typed: one that there is not is refused by the server, not left out in silence. */
export function eventsOf(text: string): EventType[] {
  const named = new Set(text.split(",").map((each) => each.trim()));
  named.delete("");
  return [...named] as EventType[];
}
