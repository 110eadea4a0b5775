// What waits for a slow reader: state by its key, where the newest replaces what was not read, and frames that
// cannot be skipped, in order. It exists only while there is something in it.

/** A frame as it goes to µWebSockets: text, or its UTF-8 bytes. */
export type WireFrame = string | Uint8Array;

interface Waiting {
  key: string | undefined;
  frame: WireFrame;
}

export class Backlog {
  #waiting: Waiting[] = [];
  #bytes = 0;

  get bytes(): number {
    return this.#bytes;
  }

  get isEmpty(): boolean {
    return this.#waiting.length === 0;
  }

  /** Appends a frame that must not be lost. */
  push(frame: WireFrame): void {
    this.#waiting.push({ key: undefined, frame });
    this.#bytes += frameBytes(frame);
  }

  /** Appends state; an older frame under the same key is forgotten. */
  put(key: string, frame: WireFrame): void {
    const older = this.#waiting.findIndex((waiting) => waiting.key === key);
    if (older !== -1) {
      const [forgotten] = this.#waiting.splice(older, 1);
      if (forgotten !== undefined) this.#bytes -= frameBytes(forgotten.frame);
    }
    this.#waiting.push({ key, frame });
    this.#bytes += frameBytes(frame);
  }

  /** Hands out frames in order while `send` says that it took them. Returns whether all are gone. */
  flush(send: (frame: WireFrame) => boolean): boolean {
    let sent = 0;
    for (const { frame } of this.#waiting) {
      if (!send(frame)) break;
      this.#bytes -= frameBytes(frame);
      sent++;
    }
    this.#waiting.splice(0, sent);
    return this.#waiting.length === 0;
  }
}

export function frameBytes(frame: WireFrame): number {
  return typeof frame === "string" ? Buffer.byteLength(frame) : frame.byteLength;
}
