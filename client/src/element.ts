// What `<dropgate-queue>` tells the page around it, as types: the element itself is the gateway's `/embed.js`. Whoever
// writes `import type {} from "@dropgate/client/element"` has its events in every `addEventListener`.
import type { OutcomeOfEntry } from "@dropgate/contracts/entry";
import type { OfferMade, QueueState, UnitHeld } from "./happenings.ts";

/**
 * Why the card is not there. `origin`: this page is not on the gateway's list. `page`: something in this page keeps it
 * out. `unknown`: there is no such sale. `away`: no answer; it is tried again.
 */
export type CardTrouble = "origin" | "page" | "unknown" | "away";

/** The element's events, all of which bubble. */
export interface DropgateQueueEvents {
  "dropgate:state": CustomEvent<QueueState>;
  "dropgate:offer": CustomEvent<OfferMade>;
  "dropgate:held": CustomEvent<UnitHeld>;
  "dropgate:outcome": CustomEvent<OutcomeOfEntry>;
  "dropgate:error": CustomEvent<{ reason: CardTrouble }>;
}

declare global {
  interface GlobalEventHandlersEventMap extends DropgateQueueEvents {}
}
