// Reads a request's body within its limits of size and time. A body that says it is too large is refused
// before a byte of it is read; one that turns out so, as soon as it does.

import type { HttpResponse } from "uWebSockets.js";
import { BODY_READ_MS_MAX } from "@dropgate/contracts/limits";
import type { Head } from "./head.ts";

/** Who is told what became of a body: one of these, once, unless the connection ends first. */
export interface BodyReader {
  /** False once nobody waits for the body any more. */
  readonly open: boolean;
  /** All of it; the bytes are only good until the call returns. */
  bodyRead(bytes: Uint8Array): void;
  bodyTooLarge(): void;
  /** It takes longer than BODY_READ_MS_MAX. */
  bodyTooSlow(): void;
}

const NO_BYTES = new Uint8Array(0);
/** Looked at twice a second, so that the last look before the limit still cuts in time. */
const LOOK_MS = 500;

/**
 * Bodies that are being read, in order of their beginning, as a list of their own links: a timer or a map entry
 * for each would cost more than reading it.
 */
export class SlowBodies {
  #oldest: Reading | null = null;
  #newest: Reading | null = null;
  readonly #timer: NodeJS.Timeout;

  constructor() {
    this.#timer = setInterval(() => this.look(performance.now()), LOOK_MS);
    this.#timer.unref();
  }

  add(reading: Reading): void {
    reading.older = this.#newest;
    if (this.#newest) this.#newest.younger = reading;
    else this.#oldest = reading;
    this.#newest = reading;
  }

  remove(reading: Reading): void {
    if (reading.older) reading.older.younger = reading.younger;
    else if (this.#oldest === reading) this.#oldest = reading.younger;
    if (reading.younger) reading.younger.older = reading.older;
    else if (this.#newest === reading) this.#newest = reading.older;
    reading.older = null;
    reading.younger = null;
  }

  /** Ends those that began too long ago. */
  look(nowMs: number): void {
    const oldestMs = nowMs - (BODY_READ_MS_MAX - 2 * LOOK_MS);
    while (this.#oldest && (this.#oldest.sinceMs <= oldestMs || !this.#oldest.reader.open)) {
      const { reader } = this.#oldest;
      this.remove(this.#oldest);
      if (reader.open) reader.bodyTooSlow();
    }
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}

class Reading {
  older: Reading | null = null;
  younger: Reading | null = null;
  readonly reader: BodyReader;
  readonly sinceMs: number;
  readonly #bytesMax: number;
  readonly #slow: SlowBodies;
  #kept: Buffer[] | null = null;
  #length = 0;
  #over = false;

  constructor(reader: BodyReader, sinceMs: number, bytesMax: number, slow: SlowBodies) {
    this.reader = reader;
    this.sinceMs = sinceMs;
    this.#bytesMax = bytesMax;
    this.#slow = slow;
  }

  take(piece: ArrayBuffer, isLast: boolean): void {
    if (this.#over || !this.reader.open) return;
    this.#length += piece.byteLength;
    const tooLarge = this.#length > this.#bytesMax;
    if (!tooLarge && !isLast) {
      // µWebSockets takes the memory back when we return.
      this.#kept ??= [];
      this.#kept.push(Buffer.from(piece.slice(0)));
      return;
    }
    this.#over = true;
    this.#slow.remove(this);
    if (tooLarge) this.reader.bodyTooLarge();
    else if (this.#kept === null) this.reader.bodyRead(new Uint8Array(piece));
    else this.reader.bodyRead(Buffer.concat([...this.#kept, new Uint8Array(piece)], this.#length));
  }
}

/** @param sinceMs when the request came, by the monotonic clock */
export function readBody(
  res: HttpResponse,
  head: Head,
  bytesMax: number,
  sinceMs: number,
  slow: SlowBodies,
  reader: BodyReader,
): void {
  if (head.contentLength !== null && head.contentLength > bytesMax) {
    reader.bodyTooLarge();
    return;
  }
  if (!head.chunked && !head.contentLength) {
    reader.bodyRead(NO_BYTES);
    return;
  }
  const reading = new Reading(reader, sinceMs, bytesMax, slow);
  slow.add(reading);
  res.onData((piece, isLast) => reading.take(piece, isLast));
}
