// A socket as Node 20 makes it, which has none of its own: by `ws`, whose objects are those of a browser as far as the
// line needs them.
import { WebSocket as NodeWebSocket } from "ws";

export const openWebSocket = (address: string): WebSocket =>
  new NodeWebSocket(address, { perMessageDeflate: false }) as unknown as WebSocket;
