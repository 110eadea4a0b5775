// What lanes and sales tell all gateways, by shard channels, on a connection of its own. Nothing here is
// delivered for certain: messages are numbered, and whoever misses one reads the cards again.
import type { SaleId, ShopperKey } from "@dropgate/contracts/ids";
import { PHASES } from "@dropgate/contracts/states/phase";
import type { Redis } from "ioredis";
import { HotStoreAway } from "./away.ts";
import { bareClient, type ConnectionOptions } from "./connection.ts";
import { type LanePlace, laneChannel, saleChannel } from "./keys.ts";
import type { SaleTold } from "./sale-store.ts";
import { type Ending, StayConnected } from "./stay-connected.ts";

/**
 * `stored`: journals up to `seq` may go. `cards`: read these again. `drawn`: the bucket's tickets are in the
 * cards. `pulse`: repeats the newest number. `free`: the pool was
 * empty and is not any more. `flip`: the lane has a new epoch.
 */
export type LaneNewsBody =
  | { t: "stored"; seq: number }
  | { t: "cards"; keys: ShopperKey[] }
  | { t: "drawn"; bucket: number }
  | { t: "pulse" }
  | { t: "free" }
  | { t: "flip" };

export interface LaneNews {
  epoch: number;
  number: number;
  body: LaneNewsBody;
}

/** Whether something was missed between two messages of a lane; `last` is null before the first. */
export function missedNews(last: Pick<LaneNews, "epoch" | "number"> | null, next: LaneNews): boolean {
  if (last === null || last.epoch !== next.epoch) return true;
  return next.number !== last.number + (next.body.t === "pulse" ? 0 : 1);
}

/** Reads a lane's message `epoch|number|json`; null when it is of no form that we know. */
export function parseLaneNews(text: string): LaneNews | null {
  const match = /^(\d+)\|(\d+)\|(\{.*\})$/s.exec(text);
  if (match?.[3] === undefined) return null;
  const body: LaneNewsBody = JSON.parse(match[3]);
  if (!["stored", "cards", "drawn", "pulse", "free", "flip"].includes(body.t)) return null;
  return { epoch: Number(match[1]), number: Number(match[2]), body };
}

function parseSaleNews(text: string): SaleTold | null {
  const told: Omit<SaleTold, "ratePerSecond" | "atMs"> & { rate: number; at: number } = JSON.parse(text);
  if (!PHASES.includes(told.phase)) return null;
  const { rate, at, ...rest } = told;
  return { ...rest, ratePerSecond: rate, atMs: at };
}

export interface Listener<Message> {
  onNews: (message: Message) => void;
  /** The subscription stands, at first or again after a break: what was told before may have been missed. */
  onListening?: () => void;
}

export interface NewsOptions extends ConnectionOptions {
  /** A subscription that hears nothing for this long asks whether anybody is there. */
  probeMs: number;
}

class NewsLink implements Ending {
  readonly ended: Promise<void>;
  /** Channels whose subscription the server has confirmed. */
  readonly standing = new Set<string>();
  readonly #redis: Redis;
  readonly #callMsMax: number;
  #heard = false;

  private constructor(redis: Redis, callMsMax: number) {
    this.#redis = redis;
    this.#callMsMax = callMsMax;
    this.ended = new Promise((resolve) => redis.once("end", () => resolve()));
  }

  static async open(
    options: NewsOptions,
    onText: (channel: string, text: string) => void,
  ): Promise<NewsLink> {
    const redis = bareClient(options);
    let broke: unknown;
    redis.on("error", (error: unknown) => {
      broke = error;
    });
    const link = new NewsLink(redis, options.callMsMax);
    redis.on("smessage", (channel: string, text: string) => {
      link.#heard = true;
      onText(channel, text);
    });
    try {
      await redis.connect();
    } catch (error) {
      redis.disconnect();
      throw new HotStoreAway("no connection for news", "nothing", broke ?? error);
    }
    const timer = setInterval(() => link.#probe(), options.probeMs);
    timer.unref();
    void link.ended.then(() => clearInterval(timer));
    return link;
  }

  /** Whether the subscription stands; when it does not, the connection is given up. */
  async subscribe(channel: string): Promise<boolean> {
    const timer = setTimeout(() => this.drop(), this.#callMsMax);
    try {
      await this.#redis.ssubscribe(channel);
      this.standing.add(channel);
      return true;
    } catch {
      // Not swallowed: the next connection subscribes to everything anew and says so to each listener.
      this.drop();
      return false;
    } finally {
      clearTimeout(timer);
    }
  }

  async unsubscribe(channel: string): Promise<void> {
    this.standing.delete(channel);
    try {
      await this.#redis.sunsubscribe(channel);
    } catch {
      this.drop();
    }
  }

  drop(): void {
    this.#redis.disconnect();
  }

  // A half-open connection looks like a quiet one; subscribing again to what we have is answered only by a
  // living server.
  #probe(): void {
    const [channel] = this.standing;
    if (!this.#heard && channel !== undefined) void this.subscribe(channel);
    this.#heard = false;
  }
}

export class News {
  readonly #listeners = new Map<string, Set<Listener<string>>>();
  readonly #link: StayConnected<NewsLink>;

  constructor(options: NewsOptions, onError: (error: Error) => void) {
    this.#link = new StayConnected(
      () => NewsLink.open(options, (channel, text) => this.#hear(channel, text)),
      (link) => {
        for (const channel of this.#listeners.keys()) void this.#subscribe(link, channel);
      },
      onError,
    );
  }

  /** Listens to a lane; what is of no known form is left out. @returns what ends it */
  lane(place: LanePlace, listener: Listener<LaneNews>): () => void {
    return this.#listen(laneChannel(place), parseLaneNews, listener);
  }

  /** Listens to what a sale's gateways are told. @returns what ends it */
  sale(saleId: SaleId, listener: Listener<SaleTold>): () => void {
    return this.#listen(saleChannel(saleId), parseSaleNews, listener);
  }

  /** Whether a connection for news stands now. */
  get ready(): boolean {
    return this.#link.current !== null;
  }

  close(): Promise<void> {
    return this.#link.close();
  }

  #listen<Message>(
    channel: string,
    parse: (text: string) => Message | null,
    listener: Listener<Message>,
  ): () => void {
    const hearing: Listener<string> = {
      onNews: (text) => {
        const message = parse(text);
        if (message !== null) listener.onNews(message);
      },
      onListening: () => listener.onListening?.(),
    };
    const others = this.#listeners.get(channel);
    const all = others ?? new Set();
    all.add(hearing);
    this.#listeners.set(channel, all);
    const link = this.#link.current;
    if (link && !others) void this.#subscribe(link, channel);
    else if (link?.standing.has(channel)) queueMicrotask(() => hearing.onListening?.());
    return () => {
      all.delete(hearing);
      if (all.size > 0 || this.#listeners.get(channel) !== all) return;
      this.#listeners.delete(channel);
      void this.#link.current?.unsubscribe(channel);
    };
  }

  async #subscribe(link: NewsLink, channel: string): Promise<void> {
    if (!(await link.subscribe(channel))) return;
    for (const listener of this.#listeners.get(channel) ?? []) listener.onListening?.();
  }

  #hear(channel: string, text: string): void {
    for (const listener of this.#listeners.get(channel) ?? []) listener.onNews(text);
  }
}
