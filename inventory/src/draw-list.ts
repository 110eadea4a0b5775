// A bucket's frozen list, and the order drawn from it, for a million entries beside everything else that a worker
// does: ids packed end to end in one buffer (31 bytes each, where an array of strings and keys takes 400), and
// hashed and sorted a few milliseconds at a time, so that other sales' ticks go on in between.
import { createHash, hash } from "node:crypto";
import { DRAW_HASHES_AT_ONCE } from "@dropgate/contracts/limits";

/** Lets everything else run that waits for the event loop. */
export type Pause = () => Promise<void>;

const NEWLINE = 10;
const SEED_BYTES = 32;
/** By the first byte of their keys the ids fall into so many parts, each sorted by itself. */
const PARTS = 256;
/** What a double holds exactly: leading bits of a key and an index, so that sorting numbers sorts entries. */
const EXACT_BITS = 53;

/** The ids of one bucket in the order in which they are digested. */
export class DrawList {
  readonly #hash = createHash("sha256");
  #digest: Buffer | null = null;
  #bytes: Buffer;
  /** Where each id begins; one more than there are ids. */
  #starts: Uint32Array;
  #count = 0;

  /** @param expected how many ids will come about, so that nothing is copied while it grows */
  constructor(expected = 1_024) {
    this.#bytes = Buffer.allocUnsafe(Math.max(64, expected * 32));
    this.#starts = new Uint32Array(Math.max(64, expected + 1));
  }

  get count(): number {
    return this.#count;
  }

  /** Adds ids that follow those there. @param ids one a line, each line ended: as they are digested */
  addLines(ids: string): void {
    const end = this.#starts[this.#count] ?? 0;
    this.#bytes = withRoom(this.#bytes, end, end + Buffer.byteLength(ids));
    const written = this.#bytes.write(ids, end);
    this.#hash.update(this.#bytes.subarray(end, end + written));
    for (let at = end; at < end + written; ) {
      at = this.#bytes.indexOf(NEWLINE, at) + 1;
      if (at === 0) throw new Error("the last id's line has no end");
      if (this.#count + 2 > this.#starts.length) this.#starts = twiceAsLong(this.#starts);
      this.#starts[++this.#count] = at;
    }
  }

  /** `SHA-256(id ‖ "\n" ‖ id ‖ "\n" …)`. Nothing can be added after it. */
  digest(): Buffer {
    this.#digest ??= this.#hash.digest();
    return this.#digest;
  }

  /** @param index from 0, in the order of the list */
  idAt(index: number): string {
    return this.#bytes.toString("utf8", this.#starts[index], (this.#starts[index + 1] ?? 1) - 1);
  }

  /** Writes the id's bytes. @returns how many */
  copyId(index: number, to: Buffer, at: number): number {
    return this.#bytes.copy(to, at, this.#starts[index], (this.#starts[index + 1] ?? 1) - 1);
  }

  /** The longest id, in bytes. */
  longest(): number {
    let longest = 0;
    for (let i = 0; i < this.#count; i++) {
      longest = Math.max(longest, (this.#starts[i + 1] ?? 0) - (this.#starts[i] ?? 0) - 1);
    }
    return longest;
  }
}

function withRoom(bytes: Buffer, used: number, wanted: number): Buffer {
  if (wanted <= bytes.length) return bytes;
  const grown = Buffer.allocUnsafe(Math.max(wanted, bytes.length * 2));
  bytes.copy(grown, 0, 0, used);
  return grown;
}

function twiceAsLong(numbers: Uint32Array): Uint32Array<ArrayBuffer> {
  const grown = new Uint32Array(numbers.length * 2);
  grown.set(numbers);
  return grown;
}

/**
 * The list's indexes in ticket order: ascending by `SHA-256(seed ‖ id)`, bytewise, then by id.
 *
 * A million keys as buffers and a comparing sort take some 5 s and 300 MB, all in one piece. Here a number stands for
 * each entry, the leading bits of its key and then its index: such numbers are sorted by the engine itself, a part
 * at a time, and only where the leading bits of neighbours are the same are the whole keys compared.
 * @param pause awaited every few milliseconds
 * @param leadingMax bits of a key, 8 to 48, that its number has at most; few make many neighbours the same
 */
export async function drawOrder(
  list: DrawList,
  seed: Buffer,
  pause: Pause,
  leadingMax = 48,
): Promise<Uint32Array> {
  const { count } = list;
  const room = 2 ** Math.max(1, Math.ceil(Math.log2(count + 1)));
  const keys = new Keys(list, seed);
  const leading = Math.min(leadingMax, EXACT_BITS - Math.log2(room));
  const sizes = new Uint32Array(PARTS);
  const numbers = new Float64Array(count);
  for (let index = 0; index < count; index++) {
    if (index % DRAW_HASHES_AT_ONCE === 0) await pause();
    const bits = Math.floor(leadingBits(keys.keyOf(index)) / 2 ** (48 - leading));
    numbers[index] = bits * room + index;
    const part = Math.floor(bits / 2 ** (leading - 8));
    sizes[part] = (sizes[part] ?? 0) + 1;
  }
  const sorted = await inParts(numbers, sizes, room * 2 ** (leading - 8), pause);
  const order = new Uint32Array(count);
  for (let at = 0; at < count; ) {
    if (at % DRAW_HASHES_AT_ONCE === 0) await pause();
    const bits = Math.floor((sorted[at] ?? 0) / room);
    let end = at + 1;
    while (end < count && Math.floor((sorted[end] ?? 0) / room) === bits) end++;
    const run = Array.from(sorted.subarray(at, end), (number) => number % room);
    if (run.length > 1) run.sort((a, b) => keys.compare(a, b));
    order.set(run, at);
    at = end;
  }
  return order;
}

/** Puts the numbers into their parts and sorts each. @param partSize how far apart the parts begin */
async function inParts(
  numbers: Float64Array,
  sizes: Uint32Array,
  partSize: number,
  pause: Pause,
): Promise<Float64Array> {
  const sorted = new Float64Array(numbers.length);
  const next = new Uint32Array(PARTS);
  for (let part = 1; part < PARTS; part++) next[part] = (next[part - 1] ?? 0) + (sizes[part - 1] ?? 0);
  const begins = next.slice();
  for (let i = 0; i < numbers.length; i++) {
    if (i % (DRAW_HASHES_AT_ONCE * 50) === 0) await pause();
    const number = numbers[i] ?? 0;
    const part = Math.floor(number / partSize);
    const at = next[part] ?? 0;
    sorted[at] = number;
    next[part] = at + 1;
  }
  for (let part = 0; part < PARTS; part++) {
    const begin = begins[part] ?? 0;
    sorted.subarray(begin, begin + (sizes[part] ?? 0)).sort();
    await pause();
  }
  return sorted;
}

/** The first 48 bits of a key. */
function leadingBits(key: string): number {
  let bits = 0;
  for (let i = 0; i < 6; i++) bits = bits * 256 + key.charCodeAt(i);
  return bits;
}

/** `SHA-256(seed ‖ id)` of entries by their index. */
class Keys {
  readonly #list: DrawList;
  readonly #text: Buffer;
  #cut: Buffer;

  constructor(list: DrawList, seed: Buffer) {
    if (seed.length !== SEED_BYTES) throw new Error(`a seed has ${SEED_BYTES} bytes, not ${seed.length}`);
    this.#list = list;
    this.#text = Buffer.alloc(SEED_BYTES + list.longest());
    this.#cut = this.#text;
    seed.copy(this.#text);
  }

  /** A character a byte, which compares as the bytes do; a buffer for each costs five times as much. */
  keyOf(index: number): string {
    const length = SEED_BYTES + this.#list.copyId(index, this.#text, SEED_BYTES);
    // A sale's ids are all of one length.
    if (this.#cut.length !== length) this.#cut = this.#text.subarray(0, length);
    return hash("sha256", this.#cut, "binary");
  }

  compare(a: number, b: number): number {
    const [keyA, keyB] = [this.keyOf(a), this.keyOf(b)];
    if (keyA !== keyB) return keyA < keyB ? -1 : 1;
    return Buffer.compare(Buffer.from(this.#list.idAt(a)), Buffer.from(this.#list.idAt(b)));
  }
}

/** The place of each entry of the list in the order: 0 is the first ticket's. */
export function placesOf(order: Uint32Array): Uint32Array {
  const places = new Uint32Array(order.length);
  for (let place = 0; place < order.length; place++) places[order[place] ?? 0] = place;
  return places;
}
