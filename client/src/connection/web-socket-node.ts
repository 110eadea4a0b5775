// A socket as Node 20 makes it, which has none of its own: by `ws`, whose objects are those of a browser as far as the
// line needs them.
import { type ClientOptions, WebSocket as NodeWebSocket } from "ws";

/** A server that does not answer the close any more must not keep the process that has closed. */
const CLOSE_MS_MAX = 1_000;
const options: ClientOptions & { closeTimeout: number } = {
  perMessageDeflate: false,
  closeTimeout: CLOSE_MS_MAX,
};

export const openWebSocket = (address: string): WebSocket =>
  new NodeWebSocket(address, options) as unknown as WebSocket;
