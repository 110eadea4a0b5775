// Touches the memory of the young generation before anybody waits. Linux gives a page when it is first written to: left
// to itself a gateway asks for 128 MiB of them, page by page, in a sale's opening second.
import { getHeapSpaceStatistics } from "node:v8";

/** Of one array, in words: what is larger than 128 KiB does not begin its life among the young. */
const WORDS = 8_192;
const WORD_BYTES = 8;

/** Fills both halves of the young generation with garbage; a tenth of a second. @returns how many bytes that are */
export function touchYoung(): number {
  // Both halves: once more than the one is full, the garbage goes on in the other.
  const bytes = 2 * youngBytes();
  for (let left = bytes * 1.1; left > 0; left -= WORDS * WORD_BYTES) garbage();
  return bytes;
}

function garbage(): number {
  return new Array<number>(WORDS).fill(0).length;
}

function youngBytes(): number {
  return getHeapSpaceStatistics().find(({ space_name }) => space_name === "new_space")?.space_size ?? 0;
}
