// For the tests: a TCP proxy before the run's Redis, so that one client's connections can be cut, held or
// led to "another server" while everybody else's Redis stays as it is. Before a cluster it stands at each
// server's place, and the servers' ports in what they say of each other are the proxy's own.

import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";

interface Door {
  server: Server;
  /** The port that clients call. */
  port: number;
  target: { host: string; port: number };
}

export class TcpProxy {
  readonly url: string;
  /** Changes what the server says, on its way to the client. */
  rewrite: (text: string) => string = (text) => text;
  /** Changes what the client says, on its way to the server. */
  rewriteSent: (text: string) => string = (text) => text;
  /** Connections that are refused while it is set. */
  refusing = false;
  readonly #doors: readonly Door[];
  readonly #sockets = new Set<Socket>();
  readonly #upstreams = new Set<Socket>();

  private constructor(doors: readonly Door[], url: string) {
    this.#doors = doors;
    this.url = url;
  }

  /** @param targets a connection string, or those of a cluster's servers by comma */
  static async listen(targets: string): Promise<TcpProxy> {
    const urls = targets.split(",").map((target) => new URL(target));
    const doors = await Promise.all(urls.map(openDoor));
    const url = doors.map(({ port }, i) => {
      const { username = "", password = "" } = urls[i] ?? {};
      return `redis://${password === "" ? "" : `${username}:${password}@`}127.0.0.1:${port}`;
    });
    const proxy = new TcpProxy(doors, url.join(","));
    for (const { server, target } of doors) {
      server.on("connection", (client) => proxy.#lead(client, connect(target.port, target.host)));
    }
    return proxy;
  }

  /** Breaks every connection there is. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  /** The server's answers stop on their way, as behind a link that went half open. */
  hold(): void {
    for (const upstream of this.#upstreams) upstream.pause();
  }

  release(): void {
    for (const upstream of this.#upstreams) upstream.resume();
  }

  /** Connections that stand now. */
  get connections(): number {
    return this.#upstreams.size;
  }

  /** How many servers it stands before: each client has as many connections of a kind. */
  get servers(): number {
    return this.#doors.length;
  }

  async close(): Promise<void> {
    this.cut();
    await Promise.all(
      this.#doors.map(async ({ server }) => {
        server.close();
        await once(server, "close");
      }),
    );
  }

  /** A server's port, as CLUSTER SLOTS has it, becomes the one at which we stand for it. */
  #ownPorts(text: string): string {
    if (this.#doors.length === 1) return text;
    return this.#doors.reduce(
      (said, { port, target }) => said.replaceAll(`:${target.port}\r\n`, `:${port}\r\n`),
      text,
    );
  }

  #lead(client: Socket, upstream: Socket): void {
    if (this.refusing) {
      client.destroy();
      upstream.destroy();
      return;
    }
    this.#upstreams.add(upstream);
    for (const socket of [client, upstream]) {
      this.#sockets.add(socket);
      // A cut connection is what the test wants; it is no error of the proxy.
      socket.on("error", () => {});
      socket.on("close", () => {
        this.#sockets.delete(socket);
        this.#upstreams.delete(upstream);
        client.destroy();
        upstream.destroy();
      });
    }
    client.on("data", (bytes) => upstream.write(this.rewriteSent(bytes.toString("latin1")), "latin1"));
    upstream.on("data", (bytes) =>
      client.write(this.#ownPorts(this.rewrite(bytes.toString("latin1"))), "latin1"),
    );
  }
}

async function openDoor({ hostname, port }: URL): Promise<Door> {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return { server, port: address.port, target: { host: hostname, port: Number(port || 6379) } };
}
