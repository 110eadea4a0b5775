// Reads a request's body within its limits of size and time. A body that says it is too large is refused
// before a byte of it is read; one that turns out so, as soon as it does.

import type { HttpResponse } from "uWebSockets.js";
import { BODY_READ_MS_MAX } from "@dropgate/contracts/limits";
import type { Head } from "./head.ts";

/** What became of it. The bytes are only good until the callback returns. */
export type BodyVerdict = { read: true; bytes: Uint8Array } | { read: false; why: "tooLarge" };

const NO_BYTES = new Uint8Array(0);

/** Ends requests whose bodies trickle. One for a process: a timer for each would cost more than the join. */
export class SlowBodies {
  #reading = new Map<object, { sinceMs: number; cut: () => void }>();
  #timer: NodeJS.Timeout;

  constructor(now: () => number = () => performance.now()) {
    this.#timer = setInterval(() => {
      const oldest = now() - (BODY_READ_MS_MAX - 1_000);
      for (const [response, body] of this.#reading) {
        // In order of arrival: the first young one ends the search.
        if (body.sinceMs > oldest) break;
        this.#reading.delete(response);
        body.cut();
      }
    }, 500);
    this.#timer.unref();
  }

  watch(response: object, sinceMs: number, cut: () => void): void {
    this.#reading.set(response, { sinceMs, cut });
  }

  forget(response: object): void {
    this.#reading.delete(response);
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}

/**
 * @param cut ends the connection; called when the body takes longer than BODY_READ_MS_MAX
 * @param done called once, unless the connection ends first
 */
export function readBody(
  res: HttpResponse,
  head: Head,
  bytesMax: number,
  slow: { bodies: SlowBodies; nowMs: number; cut: () => void; isOpen: () => boolean },
  done: (verdict: BodyVerdict) => void,
): void {
  if (head.contentLength !== null && head.contentLength > bytesMax) {
    done({ read: false, why: "tooLarge" });
    return;
  }
  if (!head.chunked && !head.contentLength) {
    done({ read: true, bytes: NO_BYTES });
    return;
  }
  let kept: Buffer[] | null = null;
  let length = 0;
  let over = false;
  slow.bodies.watch(res, slow.nowMs, slow.cut);
  res.onData((piece, isLast) => {
    if (over || !slow.isOpen()) return;
    length += piece.byteLength;
    if (length > bytesMax) {
      over = true;
      slow.bodies.forget(res);
      done({ read: false, why: "tooLarge" });
      return;
    }
    if (!isLast) {
      // µWebSockets takes the memory back when we return.
      kept ??= [];
      kept.push(Buffer.from(Buffer.from(piece)));
      return;
    }
    over = true;
    slow.bodies.forget(res);
    const last = new Uint8Array(piece);
    done({ read: true, bytes: kept === null ? last : Buffer.concat([...kept, last], length) });
  });
}
