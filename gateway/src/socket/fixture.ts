// The realtime layer alone, without sales: what the public protocol suites talk to. It answers what it is sent,
// which the gateway never does.

import type { Socket } from "./connection.ts";
import { listen } from "./listen.ts";
import type { SocketOptions } from "./options.ts";
import { encodeEvent } from "./packet.ts";
import { requireUws } from "./require-uws.ts";
import { SocketServer } from "./socket-server.ts";

/** The times and sizes that the public Socket.IO and Engine.IO suites expect of a server. */
export const FIXTURE_OPTIONS: Partial<SocketOptions> = {
  pingIntervalMs: 300,
  pingTimeoutMs: 200,
  maxPayloadBytes: 1_000_000,
  connectTimeoutMs: 1_000,
  frameRate: undefined,
};

export interface Fixture {
  port: number;
  server: SocketServer<FixtureData>;
  stop(): Promise<void>;
}

export interface FixtureData {
  /** What the handshake gave, until the client was told. */
  auth: Record<string, unknown> | undefined;
}

/** The public suite listens for one message at a time: a second one in the same segment would pass it by. */
const AUTH_DELAY_MS = 2;

/**
 * Serves the layer on 127.0.0.1.
 * @param port 0 takes a free one
 * @throws when the port is taken
 */
export async function startFixture(port: number, options: Partial<SocketOptions> = {}): Promise<Fixture> {
  const uws = requireUws();
  const app = uws.App();
  const server = new SocketServer<FixtureData>(
    app,
    {
      beforeUpgrade: () => ({ ok: true, data: { auth: undefined } }),
      onConnect(socket, auth) {
        socket.data.auth = auth;
        return { ok: true };
      },
      onConnected(socket) {
        setTimeout(() => tellAuth(socket), AUTH_DELAY_MS);
      },
      onEvent(socket, name, args, ack) {
        tellAuth(socket); // never after an answer
        if (name === "message") socket.send(encodeEvent("message-back", ...args));
        if (name === "message-with-ack") ack?.(...args);
      },
      onCatchUp() {},
      onError(error) {
        console.error(error);
      },
    },
    { ...FIXTURE_OPTIONS, ...options },
  );
  try {
    const listening = await listen(uws, app, "127.0.0.1", port);
    return {
      port: listening.port,
      server,
      stop() {
        listening.close();
        return server.stop();
      },
    };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

function tellAuth(socket: Socket<FixtureData>): void {
  const { auth } = socket.data;
  if (auth === undefined || !socket.isConnected) return;
  socket.data.auth = undefined;
  socket.send(encodeEvent("auth", auth));
}
