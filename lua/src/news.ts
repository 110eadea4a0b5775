// What lanes and sales tell all gateways, by shard channels: each is heard at the server that has its slot, and
// followed when the slot moves. Nothing is delivered for certain: messages are numbered, and whoever misses one
// reads the cards again.
import type { SaleId, ShopperKey } from "@dropgate/contracts/ids";
import { PHASES } from "@dropgate/contracts/states/phase";
import { type LanePlace, laneChannel, saleChannel } from "./keys.ts";
import { NewsLink, type NewsLinkOptions } from "./news-link.ts";
import type { SaleTold } from "./sale-store.ts";
import type { Servers } from "./servers.ts";
import type { Address, ServerUrls } from "./slot-map.ts";
import { slotOf } from "./slots.ts";
import { StayConnected } from "./stay-connected.ts";

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

export interface NewsOptions {
  connection: Omit<NewsLinkOptions, "url" | "probeMs">;
  /** A subscription that hears nothing for this long asks whether anybody is there. */
  probeMs: number;
  servers: Servers;
  urls: ServerUrls;
  onError: (error: Error) => void;
}

/** A subscription that a server refused is tried again after this: the slot may be on its way. */
const AGAIN_MS = 250;

interface Channel {
  slot: number;
  /** The server whose subscription stands or is under way; null while there is none. */
  at: Address | null;
  listeners: Set<Listener<string>>;
}

export class News {
  readonly #options: NewsOptions;
  readonly #channels = new Map<string, Channel>();
  readonly #links = new Map<Address, StayConnected<NewsLink>>();
  readonly #closing = new Set<Promise<void>>();
  #again: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(options: NewsOptions) {
    this.#options = options;
    options.servers.onMap(() => this.#follow());
  }

  /** Listens to a lane; what is of no known form is left out. @returns what ends it */
  lane(place: LanePlace, listener: Listener<LaneNews>): () => void {
    return this.#listen(laneChannel(place), parseLaneNews, listener);
  }

  /** Listens to what a sale's gateways are told. @returns what ends it */
  sale(saleId: SaleId, listener: Listener<SaleTold>): () => void {
    return this.#listen(saleChannel(saleId), parseSaleNews, listener);
  }

  /** Whether a connection for news stands now with every server. */
  get ready(): boolean {
    return this.#links.size > 0 && [...this.#links.values()].every((link) => link.current !== null);
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#again);
    for (const address of this.#links.keys()) this.#leave(address);
    await Promise.all(this.#closing);
  }

  #listen<Message>(
    name: string,
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
    const channel = this.#channels.get(name) ?? { slot: slotOf(name), at: null, listeners: new Set() };
    channel.listeners.add(hearing);
    this.#channels.set(name, channel);
    if (channel.at === null) this.#settle(name, channel);
    else if (this.#linkAt(channel.at)?.standing.has(name)) queueMicrotask(() => hearing.onListening?.());
    return () => {
      channel.listeners.delete(hearing);
      if (channel.listeners.size > 0 || this.#channels.get(name) !== channel) return;
      this.#channels.delete(name);
      if (channel.at !== null) void this.#linkAt(channel.at)?.unsubscribe(name);
    };
  }

  #linkAt(address: Address): NewsLink | null {
    return this.#links.get(address)?.current ?? null;
  }

  /** Who has which slot was learnt anew: one connection to each of them, and every channel at its own. */
  #follow(): void {
    const { owners } = this.#options.servers;
    for (const address of owners) this.#open(address);
    for (const address of this.#links.keys()) if (!owners.has(address)) this.#leave(address);
    for (const [name, channel] of this.#channels) this.#settle(name, channel);
  }

  #open(address: Address): void {
    if (this.#closed || this.#links.has(address)) return;
    const { connection, probeMs, urls, onError } = this.#options;
    const options = { ...connection, probeMs, url: urls.urlOf(address) };
    const link = new StayConnected<NewsLink>(
      () =>
        NewsLink.open(options, {
          onText: (name, text) => this.#hear(name, text),
          onRefused: (name) => this.#refused(address, name),
        }),
      (opened) => {
        for (const [name, channel] of this.#channels) {
          if (channel.at === address) void this.#subscribe(opened, name);
        }
      },
      onError,
    );
    this.#links.set(address, link);
  }

  #leave(address: Address): void {
    const link = this.#links.get(address);
    if (!link) return;
    this.#links.delete(address);
    for (const channel of this.#channels.values()) if (channel.at === address) channel.at = null;
    const closing = link.close().finally(() => this.#closing.delete(closing));
    this.#closing.add(closing);
  }

  /** Brings a channel to the server that has its slot now. */
  #settle(name: string, channel: Channel): void {
    const owner = this.#options.servers.ownerOf(channel.slot);
    if (owner === null || owner === channel.at || !this.#links.has(owner)) return;
    if (channel.at !== null) void this.#linkAt(channel.at)?.unsubscribe(name);
    channel.at = owner;
    const link = this.#linkAt(owner);
    // A link that is not open yet subscribes to what is its own when it is.
    if (link) void this.#subscribe(link, name);
  }

  async #subscribe(link: NewsLink, name: string): Promise<void> {
    if (!(await link.subscribe(name))) return;
    for (const listener of this.#channels.get(name)?.listeners ?? []) listener.onListening?.();
  }

  /** The server says that the slot is not its own, or not any more. */
  #refused(address: Address, name: string): void {
    this.#options.servers.suspect();
    const channel = this.#channels.get(name);
    if (channel?.at !== address) return;
    channel.at = null;
    this.#again ??= setTimeout(() => {
      this.#again = undefined;
      for (const [each, its] of this.#channels) if (its.at === null) this.#settle(each, its);
    }, AGAIN_MS);
    this.#again.unref();
  }

  #hear(name: string, text: string): void {
    for (const listener of this.#channels.get(name)?.listeners ?? []) listener.onNews(text);
  }
}
