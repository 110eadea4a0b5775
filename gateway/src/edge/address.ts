// Where a request comes from, as far as it can be believed: the peer, or what a proxy that we trust says of
// the one before it. An IPv6 subscriber has a /64 to himself, so that is what counts as one address.
import { BlockList, isIP } from "node:net";

export class TrustedProxies {
  #list = new BlockList();
  #some = false;

  /** @param addresses single addresses or CIDR blocks; @throws Error naming one that is neither */
  constructor(addresses: readonly string[]) {
    for (const item of addresses) {
      const [address = "", prefix] = item.split("/");
      const version = isIP(address);
      const bits = prefix === undefined ? null : Number(prefix);
      const fits =
        bits === null || (Number.isInteger(bits) && bits >= 0 && bits <= (version === 6 ? 128 : 32));
      if (version === 0 || !fits) throw new Error(`TRUSTED_PROXIES: ${JSON.stringify(item)} is no address`);
      const family = version === 6 ? "ipv6" : "ipv4";
      if (bits === null) this.#list.addAddress(address, family);
      else this.#list.addSubnet(address, bits, family);
      this.#some = true;
    }
  }

  trusts(address: string): boolean {
    if (!this.#some) return false;
    const version = isIP(address);
    return version !== 0 && this.#list.check(address, version === 6 ? "ipv6" : "ipv4");
  }

  /**
   * The caller's address: the peer's, or the nearest in X-Forwarded-For that is not a trusted proxy.
   * @param peer as text, see `peerText`
   */
  callerOf(peer: string, forwardedFor: string): string {
    if (forwardedFor === "" || !this.trusts(peer)) return peer;
    const hops = forwardedFor.split(",").map((hop) => plain(hop.trim()));
    for (let i = hops.length - 1; i >= 0; i--) {
      const hop = hops[i] as string;
      // What is no address was made up by someone behind the last proxy that we trust.
      if (isIP(hop) === 0) return peer;
      if (!this.trusts(hop) || i === 0) return hop;
    }
    return peer;
  }
}

/** `1.2.3.4:5678` and `[::1]:5678` without their port, `::ffff:1.2.3.4` as 1.2.3.4. */
function plain(text: string): string {
  const bracketed = /^\[([^\]]+)\](?::\d+)?$/.exec(text)?.[1];
  const address =
    bracketed ?? (/^\d+\.\d+\.\d+\.\d+:\d+$/.test(text) ? text.slice(0, text.indexOf(":")) : text);
  return address.replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, "");
}

/** The peer's address as µWebSockets has it: 4 or 16 bytes. */
export function peerText(bytes: ArrayBuffer): string {
  const octets = new Uint8Array(bytes);
  if (octets.length === 4) return `${octets[0]}.${octets[1]}.${octets[2]}.${octets[3]}`;
  if (octets.length !== 16) return "";
  const mapped =
    octets.subarray(0, 10).every((byte) => byte === 0) && octets[10] === 255 && octets[11] === 255;
  if (mapped) return octets.subarray(12).join(".");
  const groups: string[] = [];
  for (let i = 0; i < 16; i += 2)
    groups.push((((octets[i] as number) << 8) | (octets[i + 1] as number)).toString(16));
  return groups.join(":");
}

/** What is counted as one: an IPv4 address, or an IPv6 /64. */
export function countedAs(address: string): string {
  if (!address.includes(":")) return address;
  const [front = "", back = ""] = address.toLowerCase().split("::");
  const frontGroups = front === "" ? [] : front.split(":");
  const backGroups = back === "" ? [] : back.split(":");
  const missing = address.includes("::") ? Math.max(0, 8 - frontGroups.length - backGroups.length) : 0;
  const groups = [...frontGroups, ...Array<string>(missing).fill("0"), ...backGroups];
  return `${groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(":")}::/64`;
}
