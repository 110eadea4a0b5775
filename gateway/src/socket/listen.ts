// µWebSockets shares a taken port in silence (SO_REUSEPORT), answers other failures with `false`, and hands out a
// bare native token. This says when a port is taken, and makes the token safe.

import type * as Uws from "uWebSockets.js";
import { createServer } from "node:net";

export interface Listening {
  /** The port that was really taken. */
  port: number;
  /** Takes no new connections; those that are open stay. */
  close(): void;
}

/**
 * Listens with an app whose routes are all set.
 * @param port 0 takes a free one
 * @throws Error when the port is taken
 */
export async function listen(
  uws: typeof Uws,
  app: Uws.TemplatedApp,
  host: string,
  port: number,
): Promise<Listening> {
  if (port !== 0) await probe(host, port);
  return new Promise((resolve, reject) => {
    app.listen(host, port, (token) => {
      if (token === false) return reject(new Error(`Port ${port} of ${host} cannot be listened on.`));
      let isOpen = true;
      resolve({
        port: uws.us_socket_local_port(token),
        close() {
          if (isOpen) uws.us_listen_socket_close(token); // a second time would touch freed memory
          isOpen = false;
        },
      });
    });
  });
}

/**
 * Takes the port for a moment as Node does, which fails when anybody listens there. µWebSockets' own exclusive
 * option would do without, but it also refuses a port whose last connections the system still remembers, so that a
 * gateway could not be started again for a minute.
 */
function probe(host: string, port: number): Promise<void> {
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.once("error", (cause) => reject(new Error(`Port ${port} of ${host} is taken.`, { cause })));
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve()));
  });
}
