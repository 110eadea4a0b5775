// Who serves which slot, as one server tells it. Several are asked and may differ for a moment; the one that
// has seen the latest change, and counts itself as part of a working cluster, is believed.
import { type Reply, readList, readNumber } from "./lane-replies.ts";
import { SLOTS } from "./slots.ts";

/** A server by `host:port`. */
export type Address = string;

export interface SlotMap {
  /** By slot; null where nobody serves it. */
  owners: readonly (Address | null)[];
  /** Rises with each failover and each slot that moved. */
  changes: number;
  /** Whether the server that says so is part of a working cluster: one cut off from the others is not. */
  whole: boolean;
}

/** One server that is no cluster has everything. */
export function ownedByOne(address: Address): SlotMap {
  return { owners: Array.from({ length: SLOTS }, () => address), changes: 0, whole: true };
}

/**
 * Reads the answers to CLUSTER SLOTS and CLUSTER INFO.
 * @param asked the server that answered: it may not know its own host
 */
export function readSlotMap(slots: Reply, info: string, asked: Address): SlotMap {
  const owners: (Address | null)[] = Array.from({ length: SLOTS }, () => null);
  for (const range of readList(slots)) {
    const [from, to, master] = readList(range);
    const [host, port] = readList(master);
    // An empty or unknown host means: the one that you reached me by.
    const named = typeof host === "string" && host !== "" && host !== "?" ? host : hostOf(asked);
    owners.fill(addressOf(named, readNumber(port)), readNumber(from), readNumber(to) + 1);
  }
  return {
    owners,
    changes: Number(/^cluster_current_epoch:(\d+)/m.exec(info)?.[1] ?? 0),
    whole: /^cluster_state:ok/m.test(info),
  };
}

/** The one to believe; null when there is none. */
export function newestOf(maps: readonly SlotMap[]): SlotMap | null {
  const [first, ...rest] = maps;
  if (first === undefined) return null;
  return rest.reduce((best, map) => {
    if (best.whole !== map.whole) return best.whole ? best : map;
    return map.changes > best.changes ? map : best;
  }, first);
}

/** The servers that have slots, each once. */
export function ownersIn({ owners }: SlotMap): Set<Address> {
  const all = new Set<Address>();
  for (const owner of owners) if (owner !== null) all.add(owner);
  return all;
}

export function addressOf(host: string, port: number): Address {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}

function hostOf(address: Address): string {
  return address.slice(0, address.lastIndexOf(":")).replace(/^\[|\]$/g, "");
}

/**
 * The servers of REDIS_URL, one or several by comma, and how another one of the same cluster is reached: with
 * the same user, password and encryption.
 */
export class ServerUrls {
  readonly seeds: ReadonlyMap<Address, string>;
  readonly #first: string;

  constructor(urls: string) {
    const list = urls
      .split(",")
      .map((url) => url.trim())
      .filter((url) => url !== "");
    const [first] = list;
    if (first === undefined) throw new Error("no address of a Redis is given");
    this.#first = first;
    this.seeds = new Map(list.map((url) => [addressIn(url), url]));
  }

  urlOf(address: Address): string {
    const seed = this.seeds.get(address);
    if (seed !== undefined) return seed;
    const url = new URL(this.#first);
    url.host = address;
    return url.href;
  }
}

function addressIn(text: string): Address {
  const { hostname, port } = new URL(text);
  return `${hostname}:${port || "6379"}`;
}
