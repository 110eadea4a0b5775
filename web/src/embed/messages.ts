// What the element in a merchant's page and the waiting room in its frame say to each other. The frame calls out; the
// element answers its own frame with one end of a channel, and all else goes over that: nobody else hears it.
// Types alone: the element shares no code with the page.
import type { QueueEvents } from "@dropgate/client/happenings";

/** The frame is there. It says no more than that, for it does not know yet to whom. */
export interface Ready {
  type: "dropgate:ready";
}

/** With the channel's end. Only the gateway's origin hears it. */
export interface Hello {
  type: "dropgate:hello";
  shopperToken: string | null;
}

/** Of those that the element passes on. */
export type ToldName = Exclude<keyof QueueEvents, "link">;

export type FromFrame =
  | { type: "told"; name: ToldName; detail: QueueEvents[ToldName] }
  /** How high the card is, in px. */
  | { type: "size"; height: number }
  | { type: "title"; title: string }
  /** There is no such sale. */
  | { type: "unknown" };

export type ToFrame =
  | { type: "shopperToken"; shopperToken: string | null }
  /** The offer may take the keyboard: nothing else in the merchant's page has it. */
  | { type: "focus" };
