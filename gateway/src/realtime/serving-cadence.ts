// Tells a sale's sockets of `serving`, each as often as its cadence band says. A band's topic has parts, so that a
// large crowd is written to in turn; the bytes are made once for each change.

import type { KnownSale } from "../sales/known-sale.ts";
import type { WireFrame } from "../socket/backlog.ts";
import { encodeEvent } from "../socket/packet.ts";
import { BAND_WITHOUT_POSITION, CADENCE_BANDS, isDue, partOf } from "./cadence.ts";
import { Line } from "./line.ts";
import type { Outlet } from "./outlet.ts";
import type { Visitor } from "./visitor.ts";

/** A part of a band: who is subscribed to its topic hears it together. */
interface Part {
  topic: string;
  /** Which figures it was told last, and at which beat. */
  figures: string;
  beat: number;
}

export class ServingCadence {
  readonly #sale: KnownSale;
  readonly #outlet: Outlet;
  readonly #line = new Line<Visitor>();
  readonly #bands: Part[][];

  constructor(sale: KnownSale, outlet: Outlet) {
    this.#sale = sale;
    this.#outlet = outlet;
    // Nobody was told anything, and whoever comes is told what is true now: so that is where each part begins.
    const figures = this.#figures();
    this.#bands = CADENCE_BANDS.map(({ everyBeats }, band) =>
      Array.from({ length: everyBeats }, (_, part) => ({
        topic: `serving/${sale.id}/${band}/${part}`,
        figures,
        beat: Number.NEGATIVE_INFINITY,
      })),
    );
  }

  /** The newest state, as a frame of its own. */
  frame(): WireFrame {
    const { serving, waiting, ratePerSecond, toldAtMs } = this.#sale;
    // A page takes the server's time from it, so it must not be the time of a change long ago.
    const at = new Date(Math.max(toldAtMs, Date.now())).toISOString();
    return encodeEvent("serving", { serving, waiting, ratePerSecond, at });
  }

  /** Begins to tell a visitor, who has just been sent the newest state. */
  enter(visitor: Visitor): void {
    this.#subscribe(visitor, BAND_WITHOUT_POSITION);
  }

  leave(visitor: Visitor): void {
    this.#line.remove(visitor);
    visitor.subscribedBand = -1;
  }

  /** Where a visitor stands now. @param ticket null: it has none, or waits no longer */
  place(visitor: Visitor, ticket: number | null): void {
    if (visitor.ticket === (ticket ?? 0)) return;
    this.#line.remove(visitor);
    if (ticket === null) {
      this.#move(visitor, BAND_WITHOUT_POSITION);
      return;
    }
    this.#line.add(visitor, ticket, this.#sale.serving, this.#sale.ratePerSecond);
    this.#move(visitor, visitor.band);
  }

  /**
   * One beat: those who came nearer move up, and what is due is told.
   * @param crowd sockets of the sale in this process
   */
  beat(beat: number, crowd: number): void {
    const { serving, ratePerSecond } = this.#sale;
    this.#line.advance(serving, ratePerSecond, (visitor) => this.#move(visitor, visitor.band));
    const figures = this.#figures();
    let made: WireFrame | null = null;
    const frame = (): WireFrame => {
      made ??= Buffer.from(this.frame());
      return made;
    };
    for (const [band, parts] of this.#bands.entries()) {
      for (const [number, part] of parts.entries()) {
        if (part.figures === figures || !isDue(band, number, beat, part.beat, crowd)) continue;
        part.figures = figures;
        part.beat = beat;
        this.#outlet.publish(part.topic, "serving", frame);
      }
    }
  }

  #figures(): string {
    const { serving, waiting, ratePerSecond } = this.#sale;
    return `${serving}|${waiting}|${ratePerSecond}`;
  }

  #partFor(visitor: Visitor, band: number): Part {
    return this.#bands[band]?.[partOf(band, visitor.slot)] as Part; // every band has all its parts
  }

  #subscribe(visitor: Visitor, band: number): void {
    visitor.subscribedBand = band;
    visitor.socket?.subscribe(this.#partFor(visitor, band).topic);
  }

  #move(visitor: Visitor, band: number): void {
    const { socket, subscribedBand } = visitor;
    if (socket === null || subscribedBand === -1 || subscribedBand === band) return;
    const before = this.#partFor(visitor, subscribedBand);
    const after = this.#partFor(visitor, band);
    socket.unsubscribe(before.topic);
    this.#subscribe(visitor, band);
    // The part it leaves was still to hear what the part it joins has heard already.
    const figures = this.#figures();
    if (before.figures !== figures && after.figures === figures) {
      this.#outlet.sendState(socket, "serving", this.frame());
    }
  }
}
