// Which addresses we call. Whoever may set a warehouse's address could otherwise have our workers call what only they
// can reach: a cloud's metadata, a store, an administrator's page. So only what is public is called, and what the
// configuration names. The lists are IANA's registries of special-purpose addresses.
import { BlockList, isIP } from "node:net";

const NOT_PUBLIC_4 = [
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.0.0.0/24",
  "192.0.2.0/24",
  "192.31.196.0/24",
  "192.52.193.0/24",
  "192.88.99.0/24",
  "192.168.0.0/16",
  "192.175.48.0/24",
  "198.18.0.0/15",
  "198.51.100.0/24",
  "203.0.113.0/24",
  "224.0.0.0/4",
  "240.0.0.0/4",
];
/** Of what is given to the public, the parts that lead into other networks or nowhere. */
const NOT_PUBLIC_6 = ["2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20"];
const PUBLIC_6 = ["2000::/3"];
/** IPv4 in another dress: judged as what it is. */
const MAPPED = ["::ffff:0:0/96"];

/** @throws Error naming what is neither an address nor a CIDR block */
function listOf(items: readonly string[]): BlockList {
  const list = new BlockList();
  for (const item of items) {
    const [address = "", prefix] = item.split("/");
    const version = isIP(address);
    const bits = prefix === undefined ? (version === 6 ? 128 : 32) : Number(prefix);
    if (version === 0 || !(bits >= 0 && bits <= (version === 6 ? 128 : 32))) {
      throw new Error(`${JSON.stringify(item)} is no address`);
    }
    list.addSubnet(address, bits, version === 6 ? "ipv6" : "ipv4");
  }
  return list;
}

const notPublic4 = listOf(NOT_PUBLIC_4);
const notPublic6 = listOf(NOT_PUBLIC_6);
const public6 = listOf(PUBLIC_6);
const mapped = listOf(MAPPED);

export class CallableAddresses {
  /** The setting that names the private addresses which are called all the same. */
  readonly setting: string;
  readonly #allowed: BlockList;

  /** @param allowed addresses and CIDR blocks, as the setting has them; @throws Error when one is neither */
  constructor(allowed: readonly string[], setting = "WMS_ALLOW_PRIVATE") {
    this.#allowed = listOf(allowed);
    this.setting = setting;
  }

  /** @param address as text, without brackets; what is no address is not called */
  mayCall(address: string): boolean {
    const plain = plainOf(address);
    const version = isIP(plain);
    if (version === 0) return false;
    const family = version === 6 ? "ipv6" : "ipv4";
    if (this.#allowed.check(plain, family)) return true;
    if (family === "ipv4") return !notPublic4.check(plain, family);
    return public6.check(plain, family) && !notPublic6.check(plain, family);
  }
}

/** `::ffff:127.0.0.1`, in any spelling, as 127.0.0.1; an interface's name (`fe80::1%eth0`) is left out. */
function plainOf(address: string): string {
  const bare = address.replace(/%.*$/, "");
  if (isIP(bare) !== 6 || !mapped.check(bare, "ipv6")) return bare;
  // A URL spells every IPv6 address in the one short way: `[::ffff:7f00:1]`.
  const tail = new URL(`http://[${bare}]/`).hostname.slice("[::ffff:".length, -1).split(":");
  const [high = 0, low = 0] = tail.map((part) => Number.parseInt(part, 16));
  return [high >> 8, high & 255, low >> 8, low & 255].join(".");
}
