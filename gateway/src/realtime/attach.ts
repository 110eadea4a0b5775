// Puts the sockets on a gateway: how `startGateway` is given them, in the process and in tests.
import { GATEWAY_METRICS } from "@dropgate/contracts/metrics";
import { Counter } from "prom-client";
import type { AttachSockets } from "../start-gateway.ts";
import { Realtime } from "./realtime.ts";

export const attachRealtime: AttachSockets = (app, services) => {
  const frames = new Counter({
    name: "dropgate_socket_frames_total",
    help: GATEWAY_METRICS.dropgate_socket_frames_total.help,
    labelNames: ["event"],
    registers: [services.metrics.registry],
  });
  const realtime = new Realtime(app, services, (event, deliveries) => frames.inc({ event }, deliveries));
  services.metrics.read({
    dropgate_sockets: () => realtime.size,
    dropgate_visitors: () => realtime.visitors,
  });
  return realtime;
};
