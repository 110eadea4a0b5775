// How an order is called: by something that people can read to each other over the telephone.

import { createHash } from "node:crypto";

/** The same seed gives the same number, so that whatever asks twice, or after a crash, names the same order. */
export function orderNumberOf(seed: string): string {
  const digest = createHash("sha256").update(seed).digest();
  // Without letters and digits that look alike, for it is read aloud.
  const letters = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
  const text = Array.from(digest.subarray(0, 10), (byte) => letters[byte % 32]).join("");
  return `HF-${text.slice(0, 5)}-${text.slice(5)}`;
}
