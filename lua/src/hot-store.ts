// The way to Redis, one server or a cluster: each call goes to the server of its slot, by a connection that
// counts as ready only when that server is known by name and every script is loaded.
import type { SaleId } from "@dropgate/contracts/ids";
import { HotStoreAway } from "./away.ts";
import type { ConnectionOptions } from "./connection.ts";
import { packArguments } from "./header.ts";
import {
  type EpochPlace,
  laneKeys,
  type SlotPlace,
  type StockPlace,
  saleKeys,
  slotTag,
  stockTag,
} from "./keys.ts";
import type { Arrival, LaneAddress, LaneAnswer } from "./lane-answers.ts";
import { type Reply, readArrival, readList } from "./lane-replies.ts";
import { LaneStore, readAnswer } from "./lane-store.ts";
import { News } from "./news.ts";
import { SaleStore } from "./sale-store.ts";
import type { CallScript, ScriptCall } from "./script-call.ts";
import type { ScriptName } from "./scripts.generated.ts";
import { readScripts, type Script, type ScriptTransform } from "./scripts.ts";
import { Servers } from "./servers.ts";
import { ServerUrls } from "./slot-map.ts";
import { slotOf } from "./slots.ts";
import { StockStore } from "./stock-store.ts";

/** An answer later than this is of no use to a shopper who waits for it. */
const CALL_MS_MAX = 2_000;
const CONNECT_MS_MAX = 2_000;
/** More than one call's time, for a slow script is not a dead server. */
const SILENCE_MS_MAX = 3_000;
/** While a sale lives its ticks send more often than this, so that a quiet channel is worth a question. */
const NEWS_PROBE_MS = 5_000;

export interface HotStoreOptions {
  /** `redis://…`, of one server or of several of a cluster, by comma; a server says itself which it is. */
  url: string;
  /** How long a call waits for its answer; then HotStoreAway, outcome unknown. */
  callMsMax?: number;
  /** How long opening a connection may take, loading included. */
  connectMsMax?: number;
  /** A server that owes answers and is silent for this long is given up, and connected to anew. */
  silenceMsMax?: number;
  /** How often a subscription that hears nothing asks whether anybody is there. */
  newsProbeMs?: number;
  /** What CLIENT LIST calls us. */
  name?: string;
  /** Told of each connection that could not be made; another is tried by itself. */
  onError?: (error: Error) => void;
  /** Called each time a connection is ready, with the server's run_id. */
  onReady?: (runId: string) => void;
  /** Changes what is loaded; the tests take guards out with it. */
  transform?: ScriptTransform;
}

export class HotStore {
  readonly news: News;
  readonly #scripts: Map<ScriptName, Script>;
  readonly #servers: Servers;

  /** Begins to connect at once; `whenReady` waits for it. */
  constructor(options: HotStoreOptions) {
    const connection: Omit<ConnectionOptions, "url"> = {
      connectMsMax: options.connectMsMax ?? CONNECT_MS_MAX,
      callMsMax: options.callMsMax ?? CALL_MS_MAX,
      silenceMsMax: options.silenceMsMax ?? SILENCE_MS_MAX,
      name: options.name ?? "dropgate",
    };
    const onError = options.onError ?? (() => {});
    const urls = new ServerUrls(options.url);
    this.#scripts = readScripts(options.transform);
    this.#servers = new Servers({
      connection,
      urls,
      scripts: [...this.#scripts.values()],
      onReady: (runId) => options.onReady?.(runId),
      onError,
    });
    this.news = new News({
      connection: { ...connection, name: `${connection.name}:news` },
      probeMs: options.newsProbeMs ?? NEWS_PROBE_MS,
      servers: this.#servers,
      urls,
      onError,
    });
  }

  /** Whether a call would be sent now, to one lane at least: on a cluster the others' servers may be away. */
  get ready(): boolean {
    return this.#servers.ready;
  }

  /** Whether every lane's calls would be sent now. */
  get whole(): boolean {
    return this.#servers.whole;
  }

  /** The run_id of the server that has a lane's slot, or a sale's own; null while it is not connected. */
  runIdOf(place: SlotPlace): string | null {
    return this.#servers.connectionTo(slotOf(slotTag(place)))?.runId ?? null;
  }

  /** Resolves when every lane's calls would be sent. @throws HotStoreAway when that is not so within `msMax` */
  async whenReady(msMax: number): Promise<void> {
    await this.#servers.until(() => this.whole || null, msMax);
  }

  /** The run_id as soon as the place's server is connected. @throws HotStoreAway when it is not within `msMax` */
  whenReachable(place: SlotPlace, msMax: number): Promise<string> {
    return this.#servers.until(() => this.runIdOf(place), msMax);
  }

  /** @param options.callMsMax instead of the store's own, for callers on a budget (SCRIPT_MS_MAX) */
  lane(address: LaneAddress, options: { callMsMax?: number } = {}): LaneStore {
    return new LaneStore(this.#call, address, options.callMsMax);
  }

  sale(saleId: SaleId): SaleStore {
    return new SaleStore(this.#call, saleId);
  }

  /** What is mirrored and shown of a SKU. */
  stock(place: StockPlace): StockStore {
    const slot = slotOf(stockTag(place));
    return new StockStore(this.#call, place, slot, () => this.#servers.connectionTo(slot)?.runId ?? null);
  }

  /**
   * Arrivals that an epoch which ended, or was lost sight of, still has after `afterSeq`, in order, at most
   * `count`. Asked without a fence, of whatever server there is: for a rebuild, under the lane's lock.
   */
  async survivors(place: EpochPlace, afterSeq: number, count: number): Promise<Arrival[]> {
    const [, records] = await this.#call("survivors", {
      keys: laneKeys(place),
      fixed: { after: afterSeq, count },
      each: [],
    });
    return readList(records).map(readArrival);
  }

  /** Frees the keys of an epoch that has ended; FENCED unless the lane's own is higher. */
  async dropEpoch(place: EpochPlace): Promise<LaneAnswer<null>> {
    const reply = await this.#call("drop", {
      keys: laneKeys(place),
      fixed: { epoch: place.epoch },
      each: [],
    });
    return readAnswer(reply, () => null);
  }

  /** Frees all of a sale that PostgreSQL has no more. A lane that was filled anew since stays. */
  async forgetSale(saleId: SaleId, lanes: readonly { lane: number; epoch: number }[]): Promise<void> {
    for (const { lane, epoch } of lanes) {
      await this.#call("remove", { keys: laneKeys({ saleId, lane, epoch }), fixed: { epoch }, each: [] });
    }
    await this.#call("forget", { keys: saleKeys(saleId), fixed: {}, each: [] });
  }

  /** Ends all connections; calls under way are rejected. */
  async close(): Promise<void> {
    await Promise.all([this.#servers.close(), this.news.close()]);
  }

  readonly #call: CallScript = async (name: ScriptName, call: ScriptCall): Promise<readonly Reply[]> => {
    const script = this.#scripts.get(name);
    if (!script) throw new Error(`no script is called ${name}`);
    const keys = script.header.keys.map((key) => {
      const name = call.keys[key.name];
      if (name === undefined) throw new Error(`${script.name} needs the key ${key.name}`);
      return name;
    });
    const connection = this.#servers.connectionTo(call.slot ?? slotOf(keys[0] ?? ""));
    if (!connection) throw new HotStoreAway(`no connection for ${name}`, "nothing");
    // Another process than the one the lane was filled in: what it has, if anything, is a stranger's.
    if (call.server && call.server.runId !== connection.runId) return ["FENCED", ""];
    const args = packArguments(script.header, call.fixed, call.each);
    try {
      return await connection.run(script, keys, args, call.callMsMax);
    } catch (error) {
      if (error instanceof HotStoreAway) this.#servers.suspect();
      throw error;
    }
  };
}
