// Everybody who is connected to one sale through this process, and what they are told: the sale when it changes,
// `serving` by cadence, each shopper their own entry, and how it ended.
import type { ShopperKey } from "@dropgate/contracts/ids";
import type { Refusal } from "@dropgate/contracts/refusals";
import { isAway } from "../edge/faults.ts";
import type { KnownSale } from "../sales/known-sale.ts";
import type { Services } from "../services.ts";
import type { WireFrame } from "../socket/backlog.ts";
import { LaneCrowd } from "./lane-crowd.ts";
import type { Outlet } from "./outlet.ts";
import { ServingCadence } from "./serving-cadence.ts";
import { spreadMs } from "./spread.ts";
import type { StandingsServices } from "./standings.ts";
import { type Standing, tellingsOf } from "./telling.ts";
import type { Visitor } from "./visitor.ts";

/** In how many parts a large crowd is told of the sale. */
const SALE_PARTS = 16;
/** Every so many beats a closed sale of which the end is not known yet is asked about again. */
const END_BEATS = 8;

export type RoomServices = StandingsServices & Pick<Services, "bodies" | "sales">;

export class SaleRoom {
  readonly sale: KnownSale;
  readonly #services: RoomServices;
  readonly #outlet: Outlet;
  readonly #onError: (error: unknown) => void;
  readonly #lanes: LaneCrowd[];
  readonly #cadence: ServingCadence;
  /** Parts of the crowd that have not heard the sale's newest state. */
  readonly #saleUnheard = new Set<number>();
  #saleTimer: NodeJS.Timeout | null = null;
  #saleBody: Uint8Array | null = null;
  #saleBytes: WireFrame = "";
  #nextSlot = 0;
  #size = 0;
  /** Of a closed sale: its row and stock were read after the close, so it is known if every unit was sold. */
  #endKnown = false;
  #end: Promise<void> | null = null;

  constructor(sale: KnownSale, services: RoomServices, outlet: Outlet, onError: (error: unknown) => void) {
    this.sale = sale;
    this.#services = services;
    this.#outlet = outlet;
    this.#onError = onError;
    this.#cadence = new ServingCadence(sale, outlet);
    this.#lanes = Array.from(
      { length: sale.ids.laneCount },
      (_, lane) =>
        new LaneCrowd({
          sale,
          lane,
          services,
          endKnown: () => this.#endKnown,
          found: (visitor, standing) => this.#found(visitor, standing),
          onError,
        }),
    );
  }

  /** Connections, those included whose handshake runs. */
  get size(): number {
    return this.#size;
  }

  /**
   * Takes a visitor in, before it is told that it is connected: what changes meanwhile finds it.
   * @returns why not, once its entry was read; null when it is in
   */
  async enter(visitor: Visitor): Promise<Refusal | null> {
    const { turn } = visitor;
    visitor.room = this;
    visitor.slot = this.#nextSlot++;
    this.#size++;
    if (this.sale.phase === "closed" && !this.#endKnown) await this.#learnEnd();
    if (visitor.turn !== turn || visitor.own === null) return null;
    const { own } = visitor;
    return new Promise((resolve) => {
      visitor.onRead = resolve;
      this.#lanes[own.lane]?.add(visitor, own);
    });
  }

  leave(visitor: Visitor): void {
    this.#size--;
    this.#cadence.leave(visitor);
    const { own } = visitor;
    if (own !== null) this.#lanes[own.lane]?.remove(visitor, own);
  }

  /** The full current state, in the packet that says that it is connected. */
  welcome(visitor: Visitor): void {
    const { socket, first } = visitor;
    if (socket === null) return;
    this.#sendNewest(visitor);
    socket.subscribe(this.#saleTopic(visitor.slot % SALE_PARTS));
    this.#cadence.enter(visitor);
    visitor.first = null;
    if (first !== null) this.#tell(visitor, first);
  }

  /** A slow reader reads again: what it missed is replaced by what is. */
  catchUp(visitor: Visitor): void {
    this.#sendNewest(visitor);
    if (visitor.own !== null) this.#lanes[visitor.own.lane]?.look([visitor.own.key]);
  }

  /** Phase, schedule, texts, message or stock band. */
  saleChanged(): void {
    for (let part = 0; part < SALE_PARTS; part++) this.#saleUnheard.add(part);
    this.#tellSale();
    if (this.sale.row.phase === "closed" && !this.#endKnown) {
      this.#endKnown = true;
      this.#lookAtAll(spreadMs(this.#size));
    }
  }

  cardsChanged(lane: number, keys: readonly ShopperKey[]): void {
    this.#lanes[lane]?.look(keys);
  }

  drawn(lane: number): void {
    this.#lanes[lane]?.lookForTickets(spreadMs(this.#size));
  }

  /** Messages of the lane were missed: offers may be among them, so nobody is kept waiting. */
  missed(lane: number): void {
    this.#lanes[lane]?.lookAtAll(0);
  }

  /** @param beat the running number of the beat */
  beat(beat: number): void {
    if (this.#size === 0) return;
    this.#cadence.beat(beat, this.#size);
    if (beat % END_BEATS === 0 && this.sale.phase === "closed" && !this.#endKnown) void this.#learnEnd();
  }

  stop(): void {
    if (this.#saleTimer !== null) clearTimeout(this.#saleTimer);
    for (const lane of this.#lanes) lane.stop();
  }

  #lookAtAll(overMs: number): void {
    for (const lane of this.#lanes) lane.lookAtAll(overMs);
  }

  /** Reads the closed sale again; `saleChanged` comes of it. While PostgreSQL is away the beat asks again. */
  #learnEnd(): Promise<void> {
    this.#end ??= this.#services.sales
      .reread(this.sale)
      .catch((error: unknown) => {
        if (!isAway(error)) this.#onError(error);
      })
      .finally(() => {
        this.#end = null;
      });
    return this.#end;
  }

  #found(visitor: Visitor, standing: Standing | Refusal): void {
    const { onRead } = visitor;
    if ("refusal" in standing) {
      // Of one who is in already it says nothing new: what they were told stands.
      visitor.onRead = null;
      onRead?.(standing);
      return;
    }
    if (visitor.socket?.isConnected) {
      this.#tell(visitor, standing);
      return;
    }
    visitor.first = standing;
    visitor.onRead = null;
    onRead?.(null);
  }

  #tell(visitor: Visitor, standing: Standing): void {
    const { socket } = visitor;
    if (socket === null) return;
    const news = tellingsOf(standing, visitor.told, this.sale.row.sku);
    if (news === null) return;
    visitor.told = news.told;
    for (const telling of news.tellings) this.#outlet.tell(socket, telling);
    this.#cadence.place(visitor, news.told.state === "waiting" ? news.told.ticket : null);
  }

  #sendNewest({ socket }: Visitor): void {
    if (socket === null) return;
    this.#outlet.sendState(socket, "sale", this.#saleFrame());
    this.#outlet.sendState(socket, "serving", this.#cadence.frame());
  }

  #saleTopic(part: number): string {
    return `sale/${this.sale.id}/${part}`;
  }

  /** The bytes of `GET /sales/{saleId}`, as an event: made once for everybody who comes while they are the same. */
  #saleFrame(): WireFrame {
    const body = this.#services.bodies.body(this.sale);
    if (this.#saleBody !== body) {
      this.#saleBody = body;
      this.#saleBytes = Buffer.from(`42["sale",${body.toString()}]`);
    }
    return this.#saleBytes;
  }

  /** Tells the parts that have not heard, spread over a time that follows from the crowd's size. */
  #tellSale(): void {
    if (this.#saleTimer !== null) return;
    const stepMs = spreadMs(this.#size) / SALE_PARTS;
    for (const part of this.#saleUnheard) {
      this.#saleUnheard.delete(part);
      this.#outlet.publish(this.#saleTopic(part), "sale", () => this.#saleFrame());
      if (stepMs > 0 && this.#saleUnheard.size > 0) {
        this.#saleTimer = setTimeout(() => {
          this.#saleTimer = null;
          this.#tellSale();
        }, stepMs);
        return;
      }
    }
  }
}
