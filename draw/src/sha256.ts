// SHA-256 in plain TypeScript, because a browser has `crypto.subtle` only on https and never in pieces:
// a shopper must be able to check a draw of a million entries on any page, while it is still downloading.

/** A hash that is fed in pieces. After `digest` it is used up. */
export interface RunningHash {
  update(bytes: Uint8Array): void;
  digest(): Uint8Array;
}

/** The two ways of hashing that a verification needs. The command line passes node:crypto's, which is faster. */
export interface Hashes {
  sha256(bytes: Uint8Array): Uint8Array;
  begin(): RunningHash;
}

// The fractional parts of the cube roots (K) and square roots (START) of the first primes, computed as FIPS 180-4
// defines them instead of copied: whoever reads this can see where they come from.
const PRIMES = firstPrimes(64);
const K = Int32Array.from(PRIMES, (prime) => fraction32(prime, 3n));
const START = Uint32Array.from(PRIMES.slice(0, 8), (prime) => fraction32(prime, 2n));

function firstPrimes(count: number): number[] {
  const primes: number[] = [];
  for (let candidate = 2; primes.length < count; candidate++) {
    if (primes.every((prime) => candidate % prime !== 0)) primes.push(candidate);
  }
  return primes;
}

/** The first 32 bits after the point of the `degree`th root of `prime`, by integer bisection (doubles are too short). */
function fraction32(prime: number, degree: bigint): number {
  const target = BigInt(prime) << (32n * degree);
  let low = 0n;
  let high = 1n << 40n;
  while (high - low > 1n) {
    const middle = (low + high) >> 1n;
    if (middle ** degree <= target) low = middle;
    else high = middle;
  }
  return Number(low & 0xffffffffn);
}

/** A hash fed in pieces; `digest` answers 32 bytes. */
export function beginSha256(): RunningHash {
  const state = START.slice();
  const block = new Uint8Array(64);
  let filled = 0;
  let total = 0;

  function update(bytes: Uint8Array): void {
    total += bytes.length;
    let at = 0;
    while (at < bytes.length) {
      const taken = Math.min(64 - filled, bytes.length - at);
      block.set(bytes.subarray(at, at + taken), filled);
      filled += taken;
      at += taken;
      if (filled === 64) {
        compress(state, block);
        filled = 0;
      }
    }
  }

  function digest(): Uint8Array {
    block[filled++] = 0x80;
    if (filled > 56) {
      block.fill(0, filled);
      compress(state, block);
      filled = 0;
    }
    block.fill(0, filled);
    const length = new DataView(block.buffer);
    length.setUint32(56, Math.floor(total / 0x20000000));
    length.setUint32(60, (total << 3) >>> 0);
    compress(state, block);
    const out = new Uint8Array(32);
    const view = new DataView(out.buffer);
    for (let index = 0; index < 8; index++) view.setUint32(index * 4, state[index] ?? 0);
    return out;
  }

  return { update, digest };
}

/** SHA-256 of bytes that are all there. */
export function sha256(bytes: Uint8Array): Uint8Array {
  const hash = beginSha256();
  hash.update(bytes);
  return hash.digest();
}

/** HMAC-SHA256 (RFC 2104) from any SHA-256. The key is at most 64 bytes here: the sale's secret has 32. */
export function hmacSha256(hashes: Hashes, key: Uint8Array, message: Uint8Array): Uint8Array {
  const inner = new Uint8Array(64 + message.length).fill(0x36, 0, 64);
  const outer = new Uint8Array(96).fill(0x5c, 0, 64);
  key.forEach((byte, index) => {
    inner[index] = byte ^ 0x36;
    outer[index] = byte ^ 0x5c;
  });
  inner.set(message, 64);
  outer.set(hashes.sha256(inner), 64);
  return hashes.sha256(outer);
}

/** Hashes that run anywhere. */
export const plainHashes: Hashes = { sha256, begin: beginSha256 };

function rotr(word: number, by: number): number {
  return (word >>> by) | (word << (32 - by));
}

// One room for all hashes: nothing of it outlives a call.
const words = new Int32Array(64);

function compress(state: Uint32Array, block: Uint8Array): void {
  for (let t = 0; t < 16; t++) {
    const at = t * 4;
    words[t] =
      ((block[at] ?? 0) << 24) |
      ((block[at + 1] ?? 0) << 16) |
      ((block[at + 2] ?? 0) << 8) |
      (block[at + 3] ?? 0);
  }
  for (let t = 16; t < 64; t++) {
    const w15 = words[t - 15] ?? 0;
    const w2 = words[t - 2] ?? 0;
    const small0 = rotr(w15, 7) ^ rotr(w15, 18) ^ (w15 >>> 3);
    const small1 = rotr(w2, 17) ^ rotr(w2, 19) ^ (w2 >>> 10);
    words[t] = ((words[t - 16] ?? 0) + small0 + (words[t - 7] ?? 0) + small1) | 0;
  }
  // One by one: taking them apart as a list costs more than the 64 rounds.
  let a = state[0] ?? 0;
  let b = state[1] ?? 0;
  let c = state[2] ?? 0;
  let d = state[3] ?? 0;
  let e = state[4] ?? 0;
  let f = state[5] ?? 0;
  let g = state[6] ?? 0;
  let h = state[7] ?? 0;
  for (let t = 0; t < 64; t++) {
    const big1 = rotr(e, 6) ^ rotr(e, 11) ^ rotr(e, 25);
    const choice = (e & f) ^ (~e & g);
    const t1 = (h + big1 + choice + (K[t] ?? 0) + (words[t] ?? 0)) | 0;
    const big0 = rotr(a, 2) ^ rotr(a, 13) ^ rotr(a, 22);
    const majority = (a & b) ^ (a & c) ^ (b & c);
    h = g;
    g = f;
    f = e;
    e = (d + t1) | 0;
    d = c;
    c = b;
    b = a;
    a = (t1 + big0 + majority) | 0;
  }
  state[0] = (state[0] ?? 0) + a;
  state[1] = (state[1] ?? 0) + b;
  state[2] = (state[2] ?? 0) + c;
  state[3] = (state[3] ?? 0) + d;
  state[4] = (state[4] ?? 0) + e;
  state[5] = (state[5] ?? 0) + f;
  state[6] = (state[6] ?? 0) + g;
  state[7] = (state[7] ?? 0) + h;
}
