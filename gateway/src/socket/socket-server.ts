// The Socket.IO v4 protocol over WebSockets, written straight onto µWebSockets: the default namespace, text packets.
// It knows frames and sockets and nothing of sales; docs/reference/wire.md says what it does on the wire.
import type { HttpRequest, HttpResponse, TemplatedApp, us_socket_context_t, WebSocket } from "uWebSockets.js";
import type { WireFrame } from "./backlog.ts";
import {
  type Carrier,
  CLOSE_GOING_AWAY,
  CLOSE_INTERNAL,
  CLOSE_NORMAL,
  CLOSE_POLICY,
  CLOSE_PROTOCOL_ERROR,
  CLOSE_UNSUPPORTED,
  Connection,
  type Socket,
} from "./connection.ts";
import { takeFrame } from "./frame-rate.ts";
import { FORBIDDEN_BODY, isUsualQuery, judgeHandshake } from "./handshake.ts";
import { Heartbeat } from "./heartbeat.ts";
import type { Acknowledge, ConnectAnswer, SocketHooks, UpgradeAnswer } from "./hooks.ts";
import { Newcomers } from "./newcomers.ts";
import { defaultSocketOptions, type SocketOptions } from "./options.ts";
import { encodeAck, encodeFrame, type Frame, parseFrame } from "./packet.ts";
import { newSessionId } from "./session-id.ts";

export class SocketServer<Data> {
  readonly #app: TemplatedApp;
  readonly #hooks: SocketHooks<Data>;
  readonly #options: SocketOptions;
  readonly #heartbeat: Heartbeat<Connection<Data>>;
  readonly #newcomers = new Newcomers<Connection<Data>>();
  readonly #connectBeats: number;
  readonly #handshakeTail: string;
  readonly #timer: NodeJS.Timeout;
  #published = 0;
  #isStopping = false;

  /** Takes the path on `app`, before the app listens. Options not given are the contract's limits. */
  constructor(app: TemplatedApp, hooks: SocketHooks<Data>, options: Partial<SocketOptions> = {}) {
    this.#app = app;
    this.#hooks = hooks;
    this.#options = { ...defaultSocketOptions, ...options };
    const { path, pingIntervalMs, pingTimeoutMs, maxPayloadBytes, skipBytes } = this.#options;
    this.#heartbeat = new Heartbeat({ pingIntervalMs, pingTimeoutMs });
    this.#connectBeats = this.#heartbeat.beats(this.#options.connectTimeoutMs);
    this.#handshakeTail = `","upgrades":[],"pingInterval":${pingIntervalMs},"pingTimeout":${pingTimeoutMs},"maxPayload":${maxPayloadBytes}}`;

    app.ws<Carrier<Data>>(path, {
      maxPayloadLength: maxPayloadBytes,
      maxBackpressure: skipBytes,
      // A backstop for peers that never answer our closing; our own heartbeat is always faster.
      idleTimeout: Math.min(960, Math.max(8, Math.ceil((pingIntervalMs + pingTimeoutMs) / 1000) + 8)),
      sendPingsAutomatically: false,
      upgrade: (res, req, context) => this.#upgrade(res, req, context),
      open: (ws) => this.#open(ws),
      message: (ws, message, isBinary) => this.#message(ws.getUserData().connection, message, isBinary),
      ping: (ws) => void this.#mayCome(ws.getUserData().connection),
      pong: (ws) => void this.#mayCome(ws.getUserData().connection),
      drain: (ws) => this.#drained(ws.getUserData().connection),
      close: (ws) => this.#closed(ws.getUserData().connection),
    });
    app.any(path, (res, req) => this.#refuse(res, req));
    this.#timer = setInterval(() => this.#beat(), this.#heartbeat.beatMs);
  }

  /** Open sockets, connected to the namespace or not. */
  get size(): number {
    return this.#heartbeat.size;
  }

  /** Sends one frame to every subscriber. Those with `skipBytes` unread are passed by and caught up later. */
  publish(topic: string, frame: WireFrame): void {
    this.#published++;
    this.#app.publish(topic, frame, false);
  }

  subscribers(topic: string): number {
    return this.#app.numSubscribers(topic);
  }

  /**
   * Ends every socket, so that stock clients come back by themselves, and takes no new ones.
   * @param hint a last frame for each, for example when to come back
   */
  async stop(hint?: (socket: Socket<Data>) => WireFrame | undefined): Promise<void> {
    this.#isStopping = true;
    clearInterval(this.#timer);
    let ended = 0;
    for (const connection of this.#heartbeat.members()) {
      this.#farewell(connection, hint);
      // A crowd is let go in portions, so that the answers still under way get their turn.
      if (++ended % 500 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
  }

  #farewell(connection: Connection<Data>, hint?: (socket: Socket<Data>) => WireFrame | undefined): void {
    connection.ws?.cork(() => {
      const frame = connection.isConnected ? hint?.(connection) : undefined;
      if (frame !== undefined) connection.send(frame);
      connection.send("1");
    });
    connection.end("server stopping", CLOSE_GOING_AWAY);
  }

  #upgrade(res: HttpResponse, req: HttpRequest, context: us_socket_context_t): void {
    if (this.#isStopping) return answer(res, "503 Service Unavailable", FORBIDDEN_BODY);
    if (!isUsualQuery(req.getQuery())) {
      const refusal = judgeHandshake("get", true, (name) => req.getQuery(name));
      if (refusal !== undefined) return answer(res, refusal.status, refusal.body);
    }
    let verdict: UpgradeAnswer<Data>;
    try {
      verdict = this.#hooks.beforeUpgrade(req, res);
    } catch (error) {
      this.#hooks.onError(error);
      return answer(res, "500 Internal Server Error", FORBIDDEN_BODY);
    }
    if (!verdict.ok) return answer(res, verdict.status, verdict.body ?? FORBIDDEN_BODY, verdict.headers);
    res.upgrade<Carrier<Data>>(
      { connection: new Connection(verdict.data, this.#options) },
      req.getHeader("sec-websocket-key"),
      "", // no subprotocol and no extension is ever agreed on
      "",
      context,
    );
  }

  #refuse(res: HttpResponse, req: HttpRequest): void {
    const refusal = judgeHandshake(req.getMethod(), false, (name) => req.getQuery(name));
    answer(res, refusal?.status ?? "400 Bad Request", refusal?.body ?? FORBIDDEN_BODY);
  }

  #open(ws: WebSocket<Carrier<Data>>): void {
    const { connection } = ws.getUserData();
    connection.ws = ws;
    connection.syncedTo = this.#published;
    ws.subscribe(pingTopic(this.#heartbeat.add(connection)));
    this.#newcomers.add(connection, this.#heartbeat.now);
    ws.send(`0{"sid":"${newSessionId()}${this.#handshakeTail}`, false);
  }

  #message(connection: Connection<Data>, message: ArrayBuffer, isBinary: boolean): void {
    connection.heardAt = this.#heartbeat.now;
    if (!this.#mayCome(connection)) return;
    if (isBinary) return connection.end("parse error", CLOSE_UNSUPPORTED, "binary frame");
    const frame = parseFrame(Buffer.from(message).toString(), this.#options.depthMax);
    if (frame.kind === "malformed") return violation(connection, frame.reason);
    this.#frame(connection, frame);
  }

  #frame(connection: Connection<Data>, frame: Frame): void {
    if (frame.kind === "pong" || frame.kind === "noop") return;
    if (frame.kind === "close") return connection.end("transport close", CLOSE_NORMAL);
    if (frame.kind === "ping") return violation(connection, "the server pings");
    if (frame.kind === "connect" && frame.namespace !== "/") {
      const error = { message: "Invalid namespace" };
      return connection.send(encodeFrame({ kind: "connectError", namespace: frame.namespace, error }));
    }
    if (frame.namespace !== "/") return violation(connection, "not in this namespace");
    if (frame.kind === "connect") {
      if (connection.phase !== "open") return violation(connection, "already connected");
      return this.#connect(connection, frame.auth ?? {});
    }
    if (frame.kind === "disconnect" && connection.phase === "connecting") {
      connection.phase = "open";
      return;
    }
    if (!connection.isConnected) return violation(connection, "not connected");
    if (frame.kind === "disconnect") return this.#leave(connection);
    if (frame.kind === "event") return this.#event(connection, frame);
    // We ask for no acknowledgements, so one that comes answers nothing and is dropped, as Socket.IO does.
    if (frame.kind !== "ack") violation(connection, "clients refuse no connections");
  }

  #connect(connection: Connection<Data>, auth: Record<string, unknown>): void {
    connection.phase = "connecting";
    const attempt = ++connection.attempt;
    try {
      const verdict = this.#hooks.onConnect(connection, auth);
      if (!(verdict instanceof Promise)) return this.#settle(connection, attempt, verdict);
      verdict.then(
        (later) => this.#settle(connection, attempt, later),
        (error: unknown) => this.#broke(connection, error),
      );
    } catch (error) {
      this.#broke(connection, error);
    }
  }

  #settle(connection: Connection<Data>, attempt: number, verdict: ConnectAnswer): void {
    if (connection.phase !== "connecting" || connection.attempt !== attempt) return;
    if (!verdict.ok) {
      connection.phase = "open";
      const { message, data } = verdict;
      const error = data === undefined ? { message } : { message, data };
      return connection.send(encodeFrame({ kind: "connectError", namespace: "/", error }));
    }
    connection.phase = "connected";
    connection.ws?.cork(() => {
      connection.send(`40{"sid":"${newSessionId()}"}`);
      try {
        this.#hooks.onConnected?.(connection);
      } catch (error) {
        this.#broke(connection, error);
      }
    });
  }

  #event(connection: Connection<Data>, frame: Extract<Frame, { kind: "event" }>): void {
    const { id, args } = frame;
    const ack = id === undefined ? undefined : acknowledgeOnce(connection, id);
    try {
      const done = this.#hooks.onEvent(connection, String(frame.name), args, ack);
      if (done instanceof Promise) done.catch((error: unknown) => this.#broke(connection, error));
    } catch (error) {
      this.#broke(connection, error);
    }
  }

  /** The client leaves the namespace but keeps the connection: it hears nothing more and may connect again. */
  #leave(connection: Connection<Data>): void {
    connection.phase = "open";
    connection.backlog = undefined;
    const ours = pingTopic(connection.slot);
    for (const topic of connection.ws?.getTopics() ?? []) {
      if (topic !== ours) connection.unsubscribe(topic);
    }
    this.#newcomers.add(connection, this.#heartbeat.now);
    this.#hooks.onDisconnect?.(connection, "client namespace disconnect");
  }

  /** A reader that was slow has read: what waits goes out, with the newest state of what passed it by. */
  #drained(connection: Connection<Data>): void {
    const { ws } = connection;
    if (ws === undefined) return;
    const missedPing = this.#heartbeat.awaits(connection);
    connection.heardAt = this.#heartbeat.now; // whoever takes bytes is alive
    if (ws.getBufferedAmount() > this.#options.skipBytes) return;
    ws.cork(() => {
      if (missedPing) connection.sendState("ping", "2");
      // Before what waits goes out, so that the newest state replaces an older one there instead of preceding it.
      if (connection.isConnected && connection.syncedTo !== this.#published) this.#catchUp(connection);
      connection.flushBacklog();
    });
  }

  #catchUp(connection: Connection<Data>): void {
    connection.syncedTo = this.#published;
    try {
      this.#hooks.onCatchUp(connection);
    } catch (error) {
      this.#broke(connection, error);
    }
  }

  #closed(connection: Connection<Data>): void {
    const wasConnected = connection.isConnected;
    const reason = connection.reason ?? "transport close";
    connection.ws = undefined;
    connection.phase = "closed";
    connection.backlog = undefined;
    this.#heartbeat.remove(connection);
    if (wasConnected) this.#hooks.onDisconnect?.(connection, reason);
    this.#hooks.onClose?.(connection, reason);
  }

  #beat(): void {
    this.#heartbeat.beat(
      (slot) => void this.#app.publish(pingTopic(slot), "2", false),
      (connection) => connection.cut("ping timeout"),
    );
    this.#newcomers.takeBefore(this.#heartbeat.now - this.#connectBeats, (connection) => {
      if (!connection.isConnected) connection.end("connect timeout", CLOSE_POLICY);
    });
  }

  /** Counts a frame against the socket's rate; one too many ends it. */
  #mayCome(connection: Connection<Data>): boolean {
    const { frameRate } = this.#options;
    if (frameRate === undefined) return true;
    const fullAtMs = takeFrame(connection.fullAtMs, performance.now(), frameRate);
    if (fullAtMs === undefined) {
      connection.end("too many frames", CLOSE_POLICY);
      return false;
    }
    connection.fullAtMs = fullAtMs;
    return true;
  }

  #broke(connection: Connection<Data>, error: unknown): void {
    this.#hooks.onError(error, connection);
    connection.end("server error", CLOSE_INTERNAL);
  }
}

function violation<Data>(connection: Connection<Data>, what: string): void {
  connection.end("parse error", CLOSE_PROTOCOL_ERROR, what);
}

function acknowledgeOnce<Data>(connection: Connection<Data>, id: number): Acknowledge {
  const { attempt } = connection;
  let isDone = false;
  return (...args) => {
    if (isDone || !connection.isConnected || connection.attempt !== attempt) return;
    isDone = true;
    connection.send(encodeAck(id, args));
  };
}

function pingTopic(slot: number): string {
  return `ping/${slot}`;
}

/** Answers and closes: whoever was refused a socket has nothing more to say on this connection. */
function answer(res: HttpResponse, status: string, body: string, headers: Record<string, string> = {}): void {
  res.writeStatus(status).writeHeader("Content-Type", "application/json");
  for (const [name, value] of Object.entries(headers)) res.writeHeader(name, value);
  res.end(body, true);
}
