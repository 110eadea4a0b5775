// Puts the sockets on a gateway: how `startGateway` is given them, in the process and in tests.
import type { AttachSockets } from "../start-gateway.ts";
import { Realtime } from "./realtime.ts";

export const attachRealtime: AttachSockets = (app, services) => {
  const realtime = new Realtime(app, services);
  services.metrics.read({
    dropgate_sockets: () => realtime.size,
    dropgate_socket_frames_total: () => realtime.framesOut,
  });
  return realtime;
};
