// One connection to Redis, from its opening to its end. It never reconnects: whoever needs another opens
// another, and so the server's run_id is the connection's for good.
import { STOCK_TOGETHER_MAX } from "@dropgate/contracts/limits";
import { Redis } from "ioredis";
import { HotStoreAway } from "./away.ts";
import { type Reply, readList } from "./lane-replies.ts";
import type { Script } from "./scripts.ts";
import { type Address, readSlotMap, type SlotMap } from "./slot-map.ts";

export interface ConnectionOptions {
  /** `redis://…` */
  url: string;
  /** How long opening may take, the loading of the scripts included. */
  connectMsMax: number;
  /** How long a call waits for its answer unless it says otherwise. */
  callMsMax: number;
  /**
   * A server that has owed answers for this long and sent none is given up: what waits for it would only
   * grow, and would run late when it woke.
   */
  silenceMsMax: number;
  /** What CLIENT LIST calls us. */
  name: string;
}

/** Several servers are asked: one that hangs must not keep us from what the others know. */
const SLOT_MAP_MS_MAX = 500;

/** Answers that speak of the server's state, not of what was asked. */
const AWAY_ERRORS = new Set(["LOADING", "READONLY", "OOM", "MISCONF", "BUSY", "MASTERDOWN", "NOREPLICAS"]);
/**
 * Answers of a cluster's server before anything runs: the slot is elsewhere, on its way, or nobody's. They are
 * never followed: who serves the slot now is looked up, and that server's run_id compared.
 */
const ELSEWHERE_ERRORS = new Set(["MOVED", "ASK", "TRYAGAIN", "CLUSTERDOWN"]);

/**
 * An ioredis client with all of its own kindnesses off: a queue while offline, commands sent again after a
 * break, retries and resubscription would each go around the fence. Without a retry strategy a break also
 * rejects what is under way at once.
 */
export function bareClient(options: ConnectionOptions): Redis {
  return new Redis(options.url, {
    lazyConnect: true,
    retryStrategy: () => null,
    enableOfflineQueue: false,
    enableReadyCheck: false,
    autoResendUnfulfilledCommands: false,
    autoResubscribe: false,
    maxRetriesPerRequest: null,
    connectTimeout: options.connectMsMax,
    connectionName: options.name,
    disableClientInfo: true,
    protocol: 2,
  });
}

/** One of many calls that go together. */
interface Asked {
  keys: readonly string[];
  args: readonly string[];
  resolve: (reply: readonly Reply[]) => void;
  reject: (error: unknown) => void;
}

export class Connection {
  /** The server process behind this connection. */
  readonly runId: string;
  /** Whether that server is one of a cluster. */
  readonly inCluster: boolean;
  /** Resolves when the connection has ended, whoever ended it. */
  readonly ended: Promise<void>;
  readonly #redis: Redis;
  readonly #scripts: readonly Script[];
  readonly #options: ConnectionOptions;
  #underWay = 0;
  #heardAtMs = 0;
  #isCorked = false;
  /** Of this turn of the event loop, by script. */
  readonly #together = new Map<Script, Asked[]>();
  #reloading: Promise<void> | null = null;

  private constructor(
    redis: Redis,
    ended: Promise<void>,
    server: ServerFacts,
    scripts: readonly Script[],
    options: ConnectionOptions,
  ) {
    this.#redis = redis;
    this.ended = ended;
    this.runId = server.runId;
    this.inCluster = server.inCluster;
    this.#scripts = scripts;
    this.#options = options;
  }

  /** Connects, learns which server it is, loads the scripts. @throws HotStoreAway when any of it fails */
  static async open(options: ConnectionOptions, scripts: readonly Script[]): Promise<Connection> {
    const redis = bareClient(options);
    let broke: unknown;
    redis.on("error", (error: unknown) => {
      broke = error;
    });
    const ended = new Promise<void>((resolve) => redis.once("end", () => resolve()));
    const timer = setTimeout(() => redis.disconnect(), options.connectMsMax);
    try {
      await redis.connect();
      const server = readServer(await redis.info("server"));
      await loadScripts(redis, scripts);
      return new Connection(redis, ended, server, scripts, options);
    } catch (error) {
      redis.disconnect();
      throw new HotStoreAway("no connection", "nothing", broke ?? error);
    } finally {
      clearTimeout(timer);
    }
  }

  /**
   * Runs a script once. What one turn of the event loop asks for many SKUs is one call where the server allows it, so
   * calls of one turn have no order among them.
   */
  run(
    script: Script,
    keys: readonly string[],
    args: readonly string[],
    callMsMax?: number,
  ): Promise<readonly Reply[]> {
    if (script.many === null || this.inCluster || callMsMax !== undefined) {
      return this.#runText(script, script.sha, keys, args, callMsMax ?? this.#options.callMsMax);
    }
    return new Promise((resolve, reject) => {
      const asked = { keys, args, resolve, reject };
      const others = this.#together.get(script);
      if (others !== undefined && others.length < STOCK_TOGETHER_MAX) {
        others.push(asked);
        return;
      }
      const together = [asked];
      this.#together.set(script, together);
      process.nextTick(() => void this.#runMany(script, together));
    });
  }

  async #runMany(script: Script, together: readonly Asked[]): Promise<void> {
    if (this.#together.get(script) === together) this.#together.delete(script);
    const { callMsMax } = this.#options;
    const [first] = together;
    try {
      if (together.length === 1 && first !== undefined) {
        first.resolve(await this.#runText(script, script.sha, first.keys, first.args, callMsMax));
        return;
      }
      const keys: string[] = [];
      const args: string[] = [];
      for (const asked of together) {
        keys.push(...asked.keys);
        args.push(String(asked.args.length), ...asked.args);
      }
      const replies = await this.#runText(script, script.many?.sha ?? "", keys, args, callMsMax);
      for (const [nth, { resolve }] of together.entries()) resolve(readList(replies[nth]));
    } catch (error) {
      for (const { reject } of together) reject(error);
    }
  }

  /** A server that has forgotten its scripts gets them again, which is safe: NOSCRIPT means that nothing ran. */
  async #runText(
    script: Script,
    sha: string,
    keys: readonly string[],
    args: readonly string[],
    callMsMax: number,
  ): Promise<readonly Reply[]> {
    try {
      return await this.#send(script.name, sha, keys, args, callMsMax);
    } catch (error) {
      if (errorCode(error) !== "NOSCRIPT") throw awayOrBug(script.name, error);
    }
    try {
      this.#reloading ??= loadScripts(this.#redis, this.#scripts).finally(() => {
        this.#reloading = null;
      });
      await this.#reloading;
      return await this.#send(script.name, sha, keys, args, callMsMax);
    } catch (error) {
      throw awayOrBug(script.name, error);
    }
  }

  /** Who serves which slot, as this server sees it. @throws HotStoreAway when it does not say in time */
  async slotMap(asked: Address): Promise<SlotMap> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      const error = new HotStoreAway("no answer to CLUSTER SLOTS in time", "nothing");
      timer = setTimeout(() => reject(error), SLOT_MAP_MS_MAX);
    });
    try {
      const answers = Promise.all([
        this.#redis.call("CLUSTER", "SLOTS"),
        this.#redis.call("CLUSTER", "INFO"),
      ]);
      const [slots, info] = await Promise.race([answers, late]);
      return readSlotMap(slots as Reply, String(info), asked); // lists, texts and numbers, as all replies
    } catch (error) {
      throw awayOrBug("CLUSTER SLOTS", error);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Ends the connection; what is under way is rejected. */
  drop(): void {
    this.#redis.disconnect();
  }

  /** What one turn of the event loop sends goes out in one write: each by itself would be a call of the kernel. */
  #writeTogether(): void {
    const { stream } = this.#redis;
    // A stream that has ended takes nothing any more; what is sent on it is rejected by the client.
    if (this.#isCorked || !stream?.writable) return;
    this.#isCorked = true;
    stream.cork();
    process.nextTick(() => {
      this.#isCorked = false;
      stream.uncork();
    });
  }

  #send(
    name: string,
    sha: string,
    keys: readonly string[],
    args: readonly string[],
    callMsMax: number,
  ): Promise<readonly Reply[]> {
    if (this.#underWay === 0) this.#heardAtMs = performance.now();
    this.#underWay += 1;
    this.#writeTogether();
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        reject(new HotStoreAway(`no answer to ${name} within ${callMsMax} ms`, "unknown"));
        if (performance.now() - this.#heardAtMs >= this.#options.silenceMsMax) this.drop();
      }, callMsMax);
      const heard = (): void => {
        clearTimeout(timer);
        this.#underWay -= 1;
        this.#heardAtMs = performance.now();
      };
      this.#redis
        .call("EVALSHA", sha, keys.length, ...keys, ...args)
        .finally(heard)
        // Every script of ours answers with a list; lane-replies.ts reads what is in it.
        .then((reply) => resolve(reply as readonly Reply[]), reject);
    });
  }
}

async function loadScripts(redis: Redis, scripts: readonly Script[]): Promise<void> {
  const texts = scripts.flatMap(({ text, many }) => (many === null ? [text] : [text, many.text]));
  await Promise.all(texts.map((text) => redis.call("SCRIPT", "LOAD", text)));
}

interface ServerFacts {
  runId: string;
  inCluster: boolean;
}

function readServer(info: string): ServerFacts {
  const version = /^redis_version:(\d+)\./m.exec(info);
  if (!version || Number(version[1]) < 7) {
    throw new Error(`Redis 7.0 or later is needed, and this is ${version?.[0] ?? "something else"}`);
  }
  const runId = /^run_id:([0-9a-f]+)/m.exec(info)?.[1];
  if (runId === undefined) throw new Error("the server does not say its run_id");
  return { runId, inCluster: /^(redis|server)_mode:cluster/m.test(info) };
}

/** The word an error reply of Redis begins with; null for any other error. */
export function errorCode(error: unknown): string | null {
  if (!(error instanceof Error) || error.name !== "ReplyError") return null;
  return error.message.split(" ")[0] ?? "";
}

function awayOrBug(name: string, error: unknown): Error {
  if (error instanceof HotStoreAway) return error;
  const code = errorCode(error);
  if (code === null) return new HotStoreAway(`the connection broke under ${name}`, "unknown", error);
  if (ELSEWHERE_ERRORS.has(code)) return new HotStoreAway(`${name} was answered ${code}`, "nothing", error);
  if (AWAY_ERRORS.has(code)) return new HotStoreAway(`${name} was answered ${code}`, "unknown", error);
  return new Error(`the script ${name} failed`, { cause: error });
}
