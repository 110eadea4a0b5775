// Stands in for k6/websockets in the tests: a real socket with k6's one trap, that `close` before `open` waits for ever.

import { WebSocket as Bare } from "ws";

export class WebSocket {
  readonly #socket: Bare;

  constructor(url: string) {
    this.#socket = new Bare(url, { perMessageDeflate: false });
    // Unheard, an error would end the process; k6 only logs it.
    this.#socket.on("error", () => {});
  }

  addEventListener(type: "open" | "close" | "error" | "message", listener: (event: unknown) => void): void {
    if (type === "message") this.#socket.addEventListener(type, ({ data }) => listener({ type, data }));
    else this.#socket.addEventListener(type, () => listener({ type }));
  }

  send(text: string): void {
    this.#socket.send(text);
  }

  /** @throws Error where k6 would stand still */
  close(): void {
    if (this.#socket.readyState === Bare.CONNECTING) throw new Error("k6 would wait here for ever");
    this.#socket.close();
  }
}
