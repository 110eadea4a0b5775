// One connection's side of a sale: who it is, where it stands in the line's cadence, and what it was told last,
// so that nothing is told twice and nothing older after something newer.
import type { Refusal } from "@dropgate/contracts/refusals";
import type { Who } from "../callers/callers.ts";
import type { OwnEntry } from "../joining/entry-desk.ts";
import type { Socket } from "../socket/connection.ts";
import type { InLine } from "./line.ts";
import type { Watching } from "./operator-desk.ts";
import type { SaleRoom } from "./sale-room.ts";
import type { Standing, Told } from "./telling.ts";

export type VisitorSocket = Socket<Visitor>;

/** What is kept for each connection: one flat object, no timers, and closures only while it connects. */
export class Visitor implements InLine {
  /** Of a console's session, as the upgrade from our own page brought it. */
  readonly sessionToken: string | null;
  /** Counts its ways in and out, so that what was begun for an earlier one is not finished for a later. */
  turn = 0;
  socket: VisitorSocket | null = null;
  room: SaleRoom | null = null;
  /** Null for a spectator. */
  own: OwnEntry | null = null;
  who: Who | null = null;
  /** Null unless it watches as an operator. */
  watching: Watching | null = null;
  told: Told | null = null;
  /** Read while it connects, told with the welcome. */
  first: Standing | null = null;
  /** While it connects: called with the first reading's end. */
  onRead: ((refusal: Refusal | null) => void) | null = null;
  /** Which part of a crowd it belongs to when something is told to one part after the other. */
  slot = 0;
  /** The band whose topic it is subscribed to; -1 before. */
  subscribedBand = -1;
  /** The next connection of the same shopper: another tab or device. */
  nextTab: Visitor | null = null;
  // See line.ts.
  ticket = 0;
  band = 0;
  nextInLine: InLine | null = null;
  beforeInLine: InLine | null = null;

  constructor(sessionToken: string | null = null) {
    this.sessionToken = sessionToken;
  }

  /** Forgets everything of a stay that is over. */
  reset(): void {
    this.turn++;
    this.onRead?.(null);
    this.socket = null;
    this.room = null;
    this.own = null;
    this.who = null;
    this.watching = null;
    this.told = null;
    this.first = null;
    this.onRead = null;
    this.subscribedBand = -1;
    this.nextTab = null;
  }
}
