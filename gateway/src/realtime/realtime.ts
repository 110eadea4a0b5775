// What shoppers and spectators hear over their sockets: the sale, the line, their own entry, and each change
// of these; and where they come in. Hangs on the sale's channels (live/) and on the frame layer (socket/).

import type { HttpRequest, HttpResponse, TemplatedApp } from "uWebSockets.js";
import type { ShopperKey } from "@dropgate/contracts/ids";
import { SERVING_INTERVAL_MS, SPREAD_MS_MAX } from "@dropgate/contracts/limits";
import { handshakeSchema } from "@dropgate/contracts/realtime";
import { type Outcome, REFUSALS, type Refusal, refuse } from "@dropgate/contracts/refusals";
import { mayActAs } from "../callers/api-keys.ts";
import { countedAs, peerText, TrustedProxies } from "../edge/address.ts";
import { isAway, refusalOf } from "../edge/faults.ts";
import { judgeOrigin, type OriginRules, originRules } from "../edge/origins.ts";
import { problemOf } from "../edge/problem.ts";
import { RateLimit } from "../edge/rate-limit.ts";
import type { KnownSale } from "../sales/known-sale.ts";
import type { Services } from "../services.ts";
import type { Acknowledge, ConnectAnswer, UpgradeAnswer } from "../socket/hooks.ts";
import { encodeEvent } from "../socket/packet.ts";
import { SocketServer } from "../socket/socket-server.ts";
import { BAND_INTERVALS_MS, type Band, spreadMs } from "./cadence.ts";
import { SaleRoom, SHARDS } from "./sale-room.ts";
import { answerEvent } from "./shopper-acts.ts";
import { Standings } from "./standings.ts";
import { type Standing, type Telling, tellingsOf, type Visitor, type VisitorSocket } from "./visitor.ts";

/** Reads that failed because a store was away are tried again this often. */
const RETRY_MS = 500;
/** A crowd is read again in portions of this many shoppers. */
const PORTION = 200;

export class Realtime {
  readonly #services: Services;
  readonly #server: SocketServer<Visitor>;
  readonly #rooms = new Map<KnownSale, SaleRoom>();
  readonly #standings: Standings;
  readonly #origins: OriginRules;
  readonly #proxies: TrustedProxies;
  readonly #connects: RateLimit | null;
  readonly #timers: NodeJS.Timeout[];
  readonly #stopListening: () => void;
  /** Shoppers whose card could not be read, or changed while it was: by room, read again soon. */
  readonly #unread = new Map<SaleRoom, Map<number, Set<ShopperKey>>>();
  /** What a socket is told as soon as it is connected: read while its handshake ran. */
  readonly #welcome = new WeakMap<VisitorSocket, Standing>();
  framesOut = 0;

  /** Takes `/socket.io/` on `app`, before the app listens. */
  constructor(app: TemplatedApp, services: Services) {
    this.#services = services;
    const { settings, live } = services;
    this.#standings = new Standings(services);
    this.#origins = originRules(settings.ALLOWED_ORIGINS, settings.PUBLIC_URL);
    this.#proxies = new TrustedProxies(settings.TRUSTED_PROXIES);
    this.#connects = settings.JOINS_PER_ADDRESS === null ? null : new RateLimit(settings.JOINS_PER_ADDRESS);
    this.#server = new SocketServer<Visitor>(app, {
      beforeUpgrade: (req, res) => this.#beforeUpgrade(req, res),
      onConnect: (socket, auth) => this.#connect(socket, auth),
      onConnected: (socket) => this.#welcomeIn(socket),
      onEvent: (socket, name, args, ack) => this.#event(socket, name, args, ack),
      onCatchUp: (socket) => this.#catchUp(socket),
      onClose: (socket) => this.#leave(socket),
      onError: (error) => services.log.error({ err: error }, "a socket's event failed"),
    });
    this.#stopListening = live.listen({
      onSale: (sale) => this.#tellSale(sale),
      onCards: (sale, lane, keys) => this.#look(this.#rooms.get(sale), lane, keys),
      onDrawn: (sale, lane) => this.#lookAtLane(sale, lane),
      onMissed: (sale, lane) => this.#lookAtLane(sale, lane),
    });
    this.#timers = [
      setInterval(() => this.#tellServing(), SERVING_INTERVAL_MS),
      setInterval(() => this.#lookAgain(), RETRY_MS),
    ];
  }

  /** Open connections. */
  get size(): number {
    return this.#server.size;
  }

  /** Tells everybody when to come back, spread over the crowd, and lets go of them. */
  async stop(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    this.#stopListening();
    const overMs = 500 + spreadMs(this.#server.size, SPREAD_MS_MAX);
    await this.#server.stop(() => encodeEvent("reconnect", { afterMs: Math.round(Math.random() * overMs) }));
  }

  #beforeUpgrade(req: HttpRequest, res: HttpResponse): UpgradeAnswer<Visitor> {
    const origin = req.getHeader("origin");
    if (origin !== "" && judgeOrigin(this.#origins, origin, req.getHeader("host")) === "foreign") {
      return this.#shut("403 Forbidden", refuse("ORIGIN_REFUSED"));
    }
    if (this.#connects !== null) {
      const peer = peerText(res.getRemoteAddress());
      const address = countedAs(this.#proxies.callerOf(peer, req.getHeader("x-forwarded-for")));
      const retryAfterMs = this.#connects.take(address, performance.now());
      if (retryAfterMs > 0)
        return this.#shut("429 Too Many Requests", refuse("RATE_LIMITED", { retryAfterMs }));
    }
    return { ok: true, data: { room: null, own: null, who: null, band: 2, told: null } };
  }

  #shut(status: string, refusal: Refusal): UpgradeAnswer<Visitor> {
    const problem = problemOf(refusal, "/socket.io/", Math.random());
    return {
      ok: false,
      status,
      body: JSON.stringify(problem),
      headers: { "content-type": "application/problem+json" },
    };
  }

  async #connect(socket: VisitorSocket, auth: Record<string, unknown>): Promise<ConnectAnswer> {
    let admitted: Outcome<KnownSale>;
    try {
      admitted = await this.#admit(socket.data, auth);
    } catch (error) {
      admitted = refusalOf(error);
    }
    if (!admitted.ok) {
      const problem = problemOf(admitted, "/socket.io/", Math.random());
      return { ok: false, message: REFUSALS[admitted.refusal].title, data: problem };
    }
    this.#services.live.follow(admitted.value);
    const room = this.#roomOf(admitted.value);
    socket.data.room = room;
    // In the room before the card is read: a change that comes meanwhile finds the socket.
    room.add(socket);
    const { own } = socket.data;
    if (own !== null) {
      try {
        const standing = await this.#standings.of(own, null);
        if (standing !== null) this.#welcome.set(socket, standing);
      } catch (error) {
        // "One moment, your place is safe": in, and told as soon as the store is back.
        if (!isAway(error)) throw error;
        this.#remember(room, own.lane, own.key);
      }
    }
    return { ok: true };
  }

  async #admit(visitor: Visitor, auth: Record<string, unknown>): Promise<Outcome<KnownSale>> {
    const parsed = handshakeSchema.safeParse(auth);
    if (!parsed.success) {
      return refuse("UNAUTHENTICATED", { detail: "Send auth: {token} of an entry, or {saleId} to watch." });
    }
    const { callers, entries, sales } = this.#services;
    if ("token" in parsed.data) {
      const who = callers.entryToken(parsed.data.token);
      if (!who.ok) return who;
      const own = await entries.own(who.value.claims.entry, who.value);
      if (!own.ok) return own;
      visitor.who = who.value;
      visitor.own = own.value;
      return { ok: true, value: own.value.sale };
    }
    const { saleId, apiKey } = parsed.data;
    if (apiKey !== undefined) {
      const caller = await callers.apiKey(apiKey);
      if (caller === null) return refuse("TOKEN_INVALID");
      if (!mayActAs(caller, ["operator"])) return refuse("FORBIDDEN");
    }
    const sale = await sales.find(saleId);
    return sale === null ? refuse("SALE_NOT_FOUND") : { ok: true, value: sale };
  }

  #roomOf(sale: KnownSale): SaleRoom {
    let room = this.#rooms.get(sale);
    if (!room) {
      room = new SaleRoom(sale);
      this.#rooms.set(sale, room);
    }
    return room;
  }

  #leave(socket: VisitorSocket): void {
    const { room } = socket.data;
    if (room === null) return;
    socket.data.room = null;
    room.remove(socket);
    if (room.size === 0) this.#rooms.delete(room.sale);
  }

  /** The full current state, in the same packet as the connect. */
  #welcomeIn(socket: VisitorSocket): void {
    const { room, own } = socket.data;
    if (room === null) return;
    socket.sendState("sale", this.#saleFrame(room.sale));
    socket.sendState("serving", servingFrame(room.sale));
    this.framesOut += 2;
    const standing = this.#welcome.get(socket);
    this.#welcome.delete(socket);
    if (standing) this.#tell(socket, standing);
    room.place(socket);
    // What changed between the reading and now was told to connected sockets only.
    if (own !== null) this.#look(room, own.lane, [own.key]);
  }

  async #event(socket: VisitorSocket, name: string, args: unknown[], ack?: Acknowledge): Promise<void> {
    const answer = await answerEvent(this.#services, socket.data, name, args);
    ack?.(answer);
  }

  #catchUp(socket: VisitorSocket): void {
    const { room, own } = socket.data;
    if (room === null) return;
    socket.sendState("sale", this.#saleFrame(room.sale));
    socket.sendState("serving", servingFrame(room.sale));
    if (own !== null) this.#look(room, own.lane, [own.key]);
  }

  #saleFrame(sale: KnownSale): string {
    return `42["sale",${this.#services.bodies.body(sale).toString()}]`;
  }

  #tellSale(sale: KnownSale): void {
    const room = this.#rooms.get(sale);
    if (!room) return;
    const stepMs = spreadMs(room.size, SPREAD_MS_MAX) / SHARDS;
    for (let shard = 0; shard < SHARDS; shard++) {
      const publish = (): void => {
        this.framesOut += this.#server.subscribers(room.shardTopic(shard));
        this.#server.publish(room.shardTopic(shard), this.#saleFrame(sale));
      };
      if (stepMs === 0) publish();
      else setTimeout(publish, shard * stepMs).unref();
    }
    if (sale.phase === "closed" && !sale.isBehind) {
      for (let lane = 0; lane < sale.ids.laneCount; lane++) this.#lookAtLane(sale, lane);
    }
  }

  /** Four times a second: each band whose interval is over, if the line has moved since it heard last. */
  #tellServing(): void {
    const nowMs = performance.now();
    for (const room of this.#rooms.values()) {
      const { sale } = room;
      const figures = `${sale.serving}|${sale.waiting}|${sale.ratePerSecond}`;
      let frame: string | null = null;
      for (const [band, intervalMs] of BAND_INTERVALS_MS.entries()) {
        // A little early rather than a whole interval late.
        if (nowMs - (room.heardAtMs[band] ?? 0) < intervalMs - SERVING_INTERVAL_MS / 2) continue;
        if (room.heard[band] === figures) continue;
        room.heardAtMs[band] = nowMs;
        room.heard[band] = figures;
        frame ??= servingFrame(sale);
        const topic = room.bandTopic(band as Band);
        this.framesOut += this.#server.subscribers(topic);
        this.#server.publish(topic, frame);
        if (band > 0) room.replace(band as Band);
      }
    }
  }

  /** Everybody of a lane may have news: read in portions, spread by the size of the crowd. */
  #lookAtLane(sale: KnownSale, lane: number): void {
    const room = this.#rooms.get(sale);
    if (!room) return;
    const keys = room.keysOf(lane);
    const stepMs = (spreadMs(room.size, SPREAD_MS_MAX) * PORTION) / Math.max(1, keys.length);
    for (let from = 0, step = 0; from < keys.length; from += PORTION, step++) {
      const portion = keys.slice(from, from + PORTION);
      if (stepMs === 0 || step === 0) this.#look(room, lane, portion);
      else setTimeout(() => this.#look(room, lane, portion), step * stepMs).unref();
    }
  }

  /** Reads these shoppers' cards again and tells their connections what is new. */
  #look(room: SaleRoom | undefined, lane: number, keys: readonly ShopperKey[]): void {
    if (!room) return;
    for (const key of keys) {
      const sockets = room.of(lane, key);
      if (sockets && sockets.size > 0) void this.#lookAt(room, lane, key, sockets);
    }
  }

  async #lookAt(
    room: SaleRoom,
    lane: number,
    key: ShopperKey,
    sockets: ReadonlySet<VisitorSocket>,
  ): Promise<void> {
    // Several tabs may show different attempts: each entry is read once.
    const byEntry = new Map<string, VisitorSocket[]>();
    for (const socket of sockets) {
      const { own } = socket.data;
      if (own === null) continue;
      const tabs = byEntry.get(own.entryId);
      if (tabs) tabs.push(socket);
      else byEntry.set(own.entryId, [socket]);
    }
    for (const tabs of byEntry.values()) {
      const own = tabs[0]?.data.own;
      if (!own) continue;
      const lastHoldId = tabs.find((tab) => tab.data.told?.holdId)?.data.told?.holdId ?? null;
      try {
        const standing = await this.#standings.of(own, lastHoldId);
        if (standing === null) continue;
        for (const tab of tabs) {
          if (tab.isConnected) this.#tell(tab, standing);
        }
      } catch (error) {
        if (!isAway(error)) this.#services.log.error({ err: error }, "a shopper's card could not be read");
        this.#remember(room, lane, key);
      }
    }
  }

  #remember(room: SaleRoom, lane: number, key: ShopperKey): void {
    const lanes = this.#unread.get(room) ?? new Map<number, Set<ShopperKey>>();
    this.#unread.set(room, lanes);
    const keys = lanes.get(lane) ?? new Set();
    lanes.set(lane, keys.add(key));
  }

  #lookAgain(): void {
    for (const [room, lanes] of this.#unread) {
      this.#unread.delete(room);
      for (const [lane, keys] of lanes) this.#look(room, lane, [...keys]);
    }
  }

  #tell(socket: VisitorSocket, standing: Standing): void {
    const { room, told } = socket.data;
    if (room === null) return;
    const news = tellingsOf(standing, told, room.sale.row.sku);
    if (news === null) return;
    socket.data.told = news.told;
    for (const telling of news.tellings) this.#send(socket, telling);
    if (news.told.ticket !== told?.ticket) room.place(socket);
  }

  #send(socket: VisitorSocket, { name, payload }: Telling): void {
    this.framesOut++;
    const frame = encodeEvent(name, payload);
    // An outcome is told once, so it may not be replaced; of the others the newest is what counts.
    if (name === "outcome") socket.send(frame);
    else socket.sendState(name, frame);
  }
}

function servingFrame(sale: KnownSale): string {
  return encodeEvent("serving", {
    serving: sale.serving,
    waiting: sale.waiting,
    ratePerSecond: sale.ratePerSecond,
    at: new Date(Math.max(sale.toldAtMs, Date.now())).toISOString(),
  });
}
