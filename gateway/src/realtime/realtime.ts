// The sockets of a gateway: hangs on the frame layer (socket/), lets visitors into the room of their sale, and hands
// on what the sales' channels say (live/).

import type { TemplatedApp } from "uWebSockets.js";
import { SOCKET_ACTS_END_MS_MAX } from "@dropgate/contracts/limits";
import { REFUSALS, type Refusal, refuse } from "@dropgate/contracts/refusals";
import { isAway, refusalOf } from "../edge/faults.ts";
import { problemOf } from "../edge/problem.ts";
import type { KnownSale } from "../sales/known-sale.ts";
import type { Services } from "../services.ts";
import type { Acknowledge, ConnectAnswer } from "../socket/hooks.ts";
import { encodeEvent } from "../socket/packet.ts";
import { SocketServer } from "../socket/socket-server.ts";
import { BEAT_MS } from "./cadence.ts";
import { type Admitted, Entrance, SOCKET_PATH } from "./entrance.ts";
import { OperatorDesk } from "./operator-desk.ts";
import { Outlet, type SentEvent } from "./outlet.ts";
import { SaleRoom } from "./sale-room.ts";
import { answerEvent } from "./shopper-acts.ts";
import { reconnectAfterMs } from "./spread.ts";
import { Visitor, type VisitorSocket } from "./visitor.ts";

export class Realtime {
  readonly #services: Services;
  readonly #server: SocketServer<Visitor>;
  readonly #outlet: Outlet;
  readonly #entrance: Entrance;
  readonly #operators: OperatorDesk;
  /** Kept as long as the process, as the sales are: an empty room costs a few hundred bytes. */
  readonly #rooms = new Map<KnownSale, SaleRoom>();
  readonly #timer: NodeJS.Timeout;
  readonly #stopListening: () => void;
  #beat = 0;
  /** Acts of shoppers that have no answer yet. */
  #acting = 0;
  #isStopping = false;
  #idle: (() => void) | null = null;

  /**
   * Takes `/socket.io/` on `app`, before the app listens.
   * @param counted told of each event's deliveries
   */
  constructor(
    app: TemplatedApp,
    services: Services,
    counted: (event: SentEvent, deliveries: number) => void,
  ) {
    this.#services = services;
    services.figures.visitorsOf = (sale) => this.#rooms.get(sale)?.size ?? 0;
    this.#entrance = new Entrance(services);
    this.#server = new SocketServer<Visitor>(app, {
      beforeUpgrade: (req, res) => {
        const judged = this.#entrance.judgeUpgrade(req, res, performance.now());
        return judged.ok ? { ok: true, data: new Visitor(judged.sessionToken) } : judged;
      },
      onConnect: (socket, auth) => this.#connect(socket, auth),
      onConnected: (socket) => {
        socket.data.room?.welcome(socket.data);
        this.#operators.welcome(socket.data);
      },
      onEvent: (socket, name, args, ack) => this.#act(socket, name, args, ack),
      onCatchUp: (socket) => {
        socket.data.room?.catchUp(socket.data);
        this.#operators.catchUp(socket.data);
      },
      onDisconnect: (socket) => this.#leave(socket.data),
      onClose: (socket) => this.#leave(socket.data),
      onError: (error) => this.#report(error),
    });
    this.#outlet = new Outlet(this.#server, counted);
    this.#operators = new OperatorDesk(services, this.#outlet, (error) => this.#report(error));
    this.#stopListening = services.live.listen({
      onSale: (sale) => this.#rooms.get(sale)?.saleChanged(),
      onCards: (sale, lane, keys) => this.#rooms.get(sale)?.cardsChanged(lane, keys),
      onDrawn: (sale, lane) => this.#rooms.get(sale)?.drawn(lane),
      onMissed: (sale, lane) => this.#rooms.get(sale)?.missed(lane),
    });
    this.#timer = setInterval(() => {
      this.#beat++;
      for (const room of this.#rooms.values()) room.beat(this.#beat);
    }, BEAT_MS);
  }

  /** Open sockets, those included that have not said yet who they are. */
  get size(): number {
    return this.#server.size;
  }

  /** Those of them that are in the room of a sale. */
  get visitors(): number {
    let all = 0;
    for (const room of this.#rooms.values()) all += room.size;
    return all;
  }

  /** Answers what is begun, tells everybody when to come back, spread over the crowd, and lets go of them. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    if (this.#acting > 0) {
      await new Promise<void>((resolve) => {
        this.#idle = resolve;
        setTimeout(resolve, SOCKET_ACTS_END_MS_MAX).unref();
      });
    }
    clearInterval(this.#timer);
    this.#stopListening();
    this.#operators.stop();
    for (const room of this.#rooms.values()) room.stop();
    const crowd = this.#server.size;
    await this.#server.stop(() =>
      encodeEvent("reconnect", { afterMs: reconnectAfterMs(crowd, Math.random()) }),
    );
  }

  async #connect(socket: VisitorSocket, auth: Record<string, unknown>): Promise<ConnectAnswer> {
    const visitor = socket.data;
    this.#leave(visitor);
    const { turn } = visitor;
    const refusal = await this.#letIn(socket, auth, turn).catch((error: unknown) => {
      if (!isAway(error)) this.#report(error);
      return refusalOf(error);
    });
    if (refusal === null) return { ok: true };
    if (visitor.turn === turn) this.#leave(visitor);
    this.#services.metrics.refused(refusal.refusal);
    const data = problemOf(refusal, SOCKET_PATH, Math.random());
    return { ok: false, message: REFUSALS[refusal.refusal].title, data };
  }

  /** @param turn the visitor's own number of this way in: another one means that the socket is gone, or began anew */
  async #letIn(socket: VisitorSocket, auth: Record<string, unknown>, turn: number): Promise<Refusal | null> {
    const visitor = socket.data;
    const admitted = await this.#entrance.admit(auth, visitor.sessionToken);
    if (!admitted.ok) return admitted;
    if (visitor.turn !== turn) return null;
    const { sale, own, who, watching }: Admitted = admitted.value;
    visitor.socket = socket;
    visitor.own = own;
    visitor.who = who;
    visitor.watching = watching;
    return this.#roomOf(sale).enter(visitor);
  }

  #roomOf(sale: KnownSale): SaleRoom {
    let room = this.#rooms.get(sale);
    if (!room) {
      room = new SaleRoom(sale, this.#services, this.#outlet, (error) => this.#report(error));
      this.#rooms.set(sale, room);
    }
    return room;
  }

  async #act(socket: VisitorSocket, name: string, args: unknown[], ack?: Acknowledge): Promise<void> {
    if (this.#isStopping) {
      ack?.({ problem: problemOf(refuse("BUSY"), SOCKET_PATH, Math.random()) });
      return;
    }
    this.#acting++;
    try {
      ack?.(await answerEvent(this.#services, socket.data, name, args));
    } finally {
      this.#acting--;
      if (this.#acting === 0) this.#idle?.();
    }
  }

  #leave(visitor: Visitor): void {
    this.#operators.leave(visitor);
    visitor.room?.leave(visitor);
    visitor.reset();
  }

  #report(error: unknown): void {
    const { log, metrics } = this.#services;
    if (isAway(error)) {
      log.debug({ err: error }, "a store is away; sockets are told when it is back");
      return;
    }
    metrics.unexpected.inc();
    log.error({ err: error }, "the sockets' side failed unexpectedly");
  }
}
