// Remembers which entry ids have come by, 12 bytes each: a Set of a million texts costs ten times that, and
// V8's ends at 16.7 million. It keeps 96 bits of each id's SHA-256, so a repetition is never missed, and a false
// alarm among a million ids has the odds of one in 10^17.

/** Answers whether an id (as its SHA-256) was seen before, and remembers it. */
export interface SeenIds {
  seenBefore(sha256OfId: Uint8Array): boolean;
}

/** An open-addressing table that doubles when it is two thirds full. `slots` is a power of two. */
export function beginSeenIds(slots = 4096): SeenIds {
  let table = new Uint32Array(slots * 3);
  let mask = slots - 1;
  let size = 0;

  function place(into: Uint32Array, intoMask: number, a: number, b: number, c: number): boolean {
    for (let slot = a & intoMask; ; slot = (slot + 1) & intoMask) {
      const at = slot * 3;
      if (into[at] === a && into[at + 1] === b && into[at + 2] === c) return true;
      if (into[at] === 0 && into[at + 1] === 0 && into[at + 2] === 0) {
        into[at] = a;
        into[at + 1] = b;
        into[at + 2] = c;
        return false;
      }
    }
  }

  function grow(): void {
    const wider = new Uint32Array(table.length * 2);
    const widerMask = wider.length / 3 - 1;
    for (let at = 0; at < table.length; at += 3) {
      const a = table[at] ?? 0;
      const b = table[at + 1] ?? 0;
      const c = table[at + 2] ?? 0;
      if (a !== 0 || b !== 0 || c !== 0) place(wider, widerMask, a, b, c);
    }
    table = wider;
    mask = widerMask;
  }

  return {
    seenBefore(sha256OfId) {
      if (size * 3 > (mask + 1) * 2) grow();
      const view = new DataView(sha256OfId.buffer, sha256OfId.byteOffset, 12);
      const seen = place(table, mask, view.getUint32(0), view.getUint32(4), view.getUint32(8));
      if (!seen) size++;
      return seen;
    },
  };
}
