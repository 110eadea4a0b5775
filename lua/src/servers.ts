// The connections to Redis: one to the server there is, or one to each server of a cluster that has slots.
// Nothing follows a redirection. A server that says "elsewhere" makes us look again at who has which slot; the
// call has failed, and the next one goes to the new owner, whose run_id is compared like anybody's.
import { HotStoreAway } from "./away.ts";
import { Connection, type ConnectionOptions } from "./connection.ts";
import type { Script } from "./scripts.ts";
import { type Address, newestOf, ownedByOne, ownersIn, type ServerUrls, type SlotMap } from "./slot-map.ts";
import { StayConnected } from "./stay-connected.ts";

/** Between two looks at a cluster in order; a change shows at once by an answer, and at the latest by this. */
const LOOK_MS = 5_000;
/** While a server is missing or a slot has none: a failover is found at most this late. */
const LOOK_MS_BROKEN = 200;
/** A hundred calls that are told "elsewhere" at once are one reason to look. */
const LOOK_MS_MIN = 50;

export interface ServersOptions {
  connection: Omit<ConnectionOptions, "url">;
  urls: ServerUrls;
  scripts: readonly Script[];
  /** Called each time a connection is ready, with the server's run_id. */
  onReady: (runId: string) => void;
  onError: (error: Error) => void;
}

export class Servers {
  readonly #options: ServersOptions;
  readonly #links = new Map<Address, StayConnected<Connection>>();
  readonly #closing = new Set<Promise<void>>();
  readonly #mapListeners = new Set<() => void>();
  /** Whoever waits for a level: told at each change. */
  readonly #waiting = new Set<() => void>();
  #map: SlotMap | null = null;
  #owners: ReadonlySet<Address> = new Set();
  #inCluster = false;
  #looking = false;
  /** Something was amiss while a look was under way: its answer may be older than that. */
  #suspected = false;
  #lookedAtMs = Number.NEGATIVE_INFINITY;
  /** When the next look is planned. */
  #lookAtMs = Number.POSITIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(options: ServersOptions) {
    this.#options = options;
    for (const address of options.urls.seeds.keys()) this.#open(address);
  }

  /** Whether a call could be sent to some server now. */
  get ready(): boolean {
    for (const address of this.#owners) if (this.#links.get(address)?.current) return true;
    return false;
  }

  /** Whether every slot has a server, and each of these is connected. */
  get whole(): boolean {
    if (this.#map === null || this.#map.owners.includes(null)) return false;
    for (const address of this.#owners) if (!this.#links.get(address)?.current) return false;
    return true;
  }

  /** Servers that have slots. */
  get owners(): ReadonlySet<Address> {
    return this.#owners;
  }

  /** Who has a slot; null while that is not known. */
  ownerOf(slot: number): Address | null {
    return this.#map?.owners[slot] ?? null;
  }

  /** The connection to a slot's server; null while there is none. */
  connectionTo(slot: number): Connection | null {
    const owner = this.ownerOf(slot);
    return owner === null ? null : (this.#links.get(owner)?.current ?? null);
  }

  /** Called whenever who has which slot was learnt anew. */
  onMap(listener: () => void): void {
    this.#mapListeners.add(listener);
  }

  /** Something did not go as the slots as we know them would have it: they are looked at again, soon. */
  suspect(): void {
    if (!this.#inCluster) return;
    this.#suspected = true;
    this.#lookIn(LOOK_MS_MIN);
  }

  /** What `level` answers once it is not null. @throws HotStoreAway when it stays null for `msMax` */
  until<Value>(level: () => Value | null, msMax: number): Promise<Value> {
    const now = level();
    if (now !== null) return Promise.resolve(now);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(look);
        reject(new HotStoreAway(`no connection within ${msMax} ms`, "nothing"));
      }, msMax);
      const look = (): void => {
        const value = level();
        if (value === null) return;
        clearTimeout(timer);
        this.#waiting.delete(look);
        resolve(value);
      };
      this.#waiting.add(look);
    });
  }

  /** Ends all connections; calls under way are rejected. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    for (const address of this.#links.keys()) this.#leave(address);
    await Promise.all(this.#closing);
  }

  #open(address: Address): void {
    if (this.#closed || this.#links.has(address)) return;
    const { connection, urls, scripts, onError } = this.#options;
    const options = { ...connection, url: urls.urlOf(address) };
    const link = new StayConnected<Connection>(
      () => Connection.open(options, scripts),
      (opened) => this.#joined(address, opened),
      (error) => {
        onError(error);
        this.suspect();
      },
    );
    this.#links.set(address, link);
  }

  #leave(address: Address): void {
    const link = this.#links.get(address);
    if (!link) return;
    this.#links.delete(address);
    const closing = link.close().finally(() => this.#closing.delete(closing));
    this.#closing.add(closing);
  }

  #joined(address: Address, connection: Connection): void {
    if (!this.#links.has(address)) return;
    this.#inCluster = connection.inCluster;
    if (connection.inCluster) this.#lookIn(0);
    else this.#take(ownedByOne(address));
    void connection.ended.then(() => this.suspect());
    this.#changed();
    this.#options.onReady(connection.runId);
  }

  /** A look that is planned is never put off: calls that are told "elsewhere" all the time would do so for ever. */
  #lookIn(ms: number): void {
    if (this.#closed || this.#looking) return;
    const now = performance.now();
    const atMs = Math.max(now + ms, this.#lookedAtMs + LOOK_MS_MIN);
    if (atMs >= this.#lookAtMs) return;
    this.#lookAtMs = atMs;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#look(), atMs - now);
    this.#timer.unref();
  }

  async #look(): Promise<void> {
    this.#looking = true;
    this.#lookAtMs = Number.POSITIVE_INFINITY;
    this.#suspected = false;
    const asked = [...this.#links].flatMap(([address, { current }]) =>
      current === null ? [] : [current.slotMap(address)],
    );
    const told = await Promise.allSettled(asked);
    const maps = told.flatMap((answer) => (answer.status === "fulfilled" ? [answer.value] : []));
    const newest = newestOf(maps);
    this.#looking = false;
    this.#lookedAtMs = performance.now();
    if (this.#closed) return;
    if (newest === null) {
      // All that we knew are gone, perhaps for good: the addresses we were given know better.
      for (const seed of this.#options.urls.seeds.keys()) this.#open(seed);
    } else if (newest.whole || this.#map === null) {
      this.#take(newest);
    }
    if (this.#suspected) this.#lookIn(LOOK_MS_MIN);
    else this.#lookIn(this.whole ? LOOK_MS : LOOK_MS_BROKEN);
  }

  #take(map: SlotMap): void {
    const before = this.#map;
    this.#map = map;
    this.#owners = ownersIn(map);
    for (const address of this.#owners) this.#open(address);
    for (const address of this.#links.keys()) if (!this.#owners.has(address)) this.#leave(address);
    if (before !== null && before.owners.every((owner, slot) => owner === map.owners[slot])) return;
    for (const tell of this.#mapListeners) tell();
    this.#changed();
  }

  #changed(): void {
    for (const look of this.#waiting) look();
  }
}
