// For the tests: a TCP proxy before the run's Redis, so that one client's connection can be cut, held or
// led to "another server" while everybody else's Redis stays as it is.

import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";

export class TcpProxy {
  readonly url: string;
  /** Changes what the server says, on its way to the client. */
  rewrite: (text: string) => string = (text) => text;
  /** Changes what the client says, on its way to the server. */
  rewriteSent: (text: string) => string = (text) => text;
  /** Connections that are refused while it is set. */
  refusing = false;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #upstreams = new Set<Socket>();

  private constructor(server: Server, url: string) {
    this.#server = server;
    this.url = url;
  }

  static async listen(target: string): Promise<TcpProxy> {
    const { hostname, port, username, password } = new URL(target);
    const server = createServer();
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("no port");
    const auth = password === "" ? "" : `${username}:${password}@`;
    const proxy = new TcpProxy(server, `redis://${auth}127.0.0.1:${address.port}`);
    server.on("connection", (client) => proxy.#lead(client, connect(Number(port || 6379), hostname)));
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

  async close(): Promise<void> {
    this.cut();
    this.#server.close();
    await once(this.#server, "close");
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
    upstream.on("data", (bytes) => client.write(this.rewrite(bytes.toString("latin1")), "latin1"));
  }
}
