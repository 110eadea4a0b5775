// The way to Redis: a connection that counts as ready only when its server is known by name and every
// script is loaded, and that does nothing on its own which a fence would have to know about.
import type { SaleId } from "@dropgate/contracts/ids";
import { HotStoreAway } from "./away.ts";
import { Connection, type ConnectionOptions } from "./connection.ts";
import { packArguments } from "./header.ts";
import { type EpochPlace, laneKeys } from "./keys.ts";
import type { Arrival, LaneAddress, LaneAnswer } from "./lane-answers.ts";
import { type Reply, readArrival, readList } from "./lane-replies.ts";
import { LaneStore, readAnswer } from "./lane-store.ts";
import { News } from "./news.ts";
import { SaleStore } from "./sale-store.ts";
import type { CallScript, ScriptCall } from "./script-call.ts";
import type { ScriptName } from "./scripts.generated.ts";
import { readScripts, type Script, type ScriptTransform } from "./scripts.ts";
import { StayConnected } from "./stay-connected.ts";

/** An answer later than this is of no use to a shopper who waits for it. */
const CALL_MS_MAX = 2_000;
const CONNECT_MS_MAX = 2_000;
/** More than one call's time, for a slow script is not a dead server. */
const SILENCE_MS_MAX = 3_000;
/** While a sale lives its ticks send more often than this, so that a quiet channel is worth a question. */
const NEWS_PROBE_MS = 5_000;

export interface HotStoreOptions {
  /** `redis://…` */
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
  readonly #link: StayConnected<Connection>;
  readonly #waiting = new Set<(runId: string) => void>();

  /** Begins to connect at once; `whenReady` waits for it. */
  constructor(options: HotStoreOptions) {
    const connection: ConnectionOptions = {
      url: options.url,
      connectMsMax: options.connectMsMax ?? CONNECT_MS_MAX,
      callMsMax: options.callMsMax ?? CALL_MS_MAX,
      silenceMsMax: options.silenceMsMax ?? SILENCE_MS_MAX,
      name: options.name ?? "dropgate",
    };
    const onError = options.onError ?? (() => {});
    this.#scripts = readScripts(options.transform);
    const scripts = [...this.#scripts.values()];
    this.#link = new StayConnected(
      () => Connection.open(connection, scripts),
      ({ runId }) => {
        for (const tell of this.#waiting) tell(runId);
        this.#waiting.clear();
        options.onReady?.(runId);
      },
      onError,
    );
    this.news = new News(
      { ...connection, name: `${connection.name}:news`, probeMs: options.newsProbeMs ?? NEWS_PROBE_MS },
      onError,
    );
  }

  /** Whether a call would be sent now. */
  get ready(): boolean {
    return this.#link.current !== null;
  }

  /** The connected server's run_id; null while there is none. */
  get runId(): string | null {
    return this.#link.current?.runId ?? null;
  }

  /** The server's run_id as soon as a connection is ready. @throws HotStoreAway when none is within `msMax` */
  whenReady(msMax: number): Promise<string> {
    const { runId } = this;
    if (runId !== null) return Promise.resolve(runId);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(tell);
        reject(new HotStoreAway(`no connection within ${msMax} ms`, "nothing"));
      }, msMax);
      const tell = (runId: string): void => {
        clearTimeout(timer);
        resolve(runId);
      };
      this.#waiting.add(tell);
    });
  }

  /** @param options.callMsMax instead of the store's own, for callers on a budget (SCRIPT_MS_MAX) */
  lane(address: LaneAddress, options: { callMsMax?: number } = {}): LaneStore {
    return new LaneStore(this.#call, address, options.callMsMax);
  }

  sale(saleId: SaleId): SaleStore {
    return new SaleStore(this.#call, saleId);
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

  /** Ends both connections; calls under way are rejected. */
  async close(): Promise<void> {
    await Promise.all([this.#link.close(), this.news.close()]);
  }

  readonly #call: CallScript = async (name: ScriptName, call: ScriptCall): Promise<readonly Reply[]> => {
    const script = this.#scripts.get(name);
    if (!script) throw new Error(`no script is called ${name}`);
    const connection = this.#link.current;
    if (!connection) throw new HotStoreAway(`no connection for ${name}`, "nothing");
    // Another process than the one the lane was filled in: what it has, if anything, is a stranger's.
    if (call.server && call.server.runId !== connection.runId) return ["FENCED", ""];
    const keys = script.header.keys.map((key) => {
      const name = call.keys[key.name];
      if (name === undefined) throw new Error(`${script.name} needs the key ${key.name}`);
      return name;
    });
    return connection.run(script, keys, packArguments(script.header, call.fixed, call.each), call.callMsMax);
  };
}
