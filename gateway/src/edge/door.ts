// The HTTP door: every request of every address comes through here, is read strictly, routed by the
// contract, and answered once.

import type { HttpRequest, HttpResponse, TemplatedApp } from "uWebSockets.js";
import { ENDPOINTS, type EndpointName } from "@dropgate/contracts/endpoints";
import { BODY_BYTES_MAX } from "@dropgate/contracts/limits";
import { type Refusal, refuse } from "@dropgate/contracts/refusals";
import type { Logger } from "pino";
import type { Callers } from "../callers/callers.ts";
import type { Metrics } from "../telemetry/metrics.ts";
import type { TrustedProxies } from "./address.ts";
import { readBody, SlowBodies } from "./body.ts";
import type { Call, Handlers } from "./call.ts";
import { Exchange, type ExchangeHost } from "./exchange.ts";
import { isAway, refusalOf } from "./faults.ts";
import { type Head, headOf, readHead } from "./head.ts";
import { judgeOrigin, type OriginRules } from "./origins.ts";
import { Passage, type PassageRules } from "./passage.ts";
import { prepareAll } from "./prepared.ts";
import type { Reply } from "./reply.ts";
import { type Route, route } from "./router.ts";

export interface DoorParts {
  handlers: Handlers;
  callers: Callers;
  origins: OriginRules;
  proxies: TrustedProxies;
  metrics: Metrics;
  log: Logger;
  /** Pages and their files, for GET of an address that no endpoint has; null: there is nothing either. */
  page: (head: Head, setCookie: (cookie: string) => void) => Reply | Promise<Reply> | null;
  /** Bull's view of the queues, which takes any method. */
  queues: { isOne(path: string): boolean; answer(head: Head, body: Uint8Array): Promise<Reply> };
  strictTransport: boolean;
}

const NO_BYTES = new Uint8Array(0);

const BODILESS = new Set(["GET", "HEAD"]);

export class Door implements ExchangeHost, PassageRules {
  readonly strictTransport: boolean;
  readonly callers: Callers;
  readonly origins: OriginRules;
  readonly proxies: TrustedProxies;
  closing = false;
  readonly #parts: DoorParts;
  readonly #prepared = prepareAll();
  readonly #slow = new SlowBodies();
  readonly idPrefix = Math.random().toString(36).slice(2, 8);
  readonly #logsAll: boolean;
  #requests = 0;
  #underWay = 0;
  #idle: (() => void) | null = null;

  constructor(parts: DoorParts) {
    this.#parts = parts;
    this.#logsAll = parts.log.isLevelEnabled("debug");
    this.strictTransport = parts.strictTransport;
    this.callers = parts.callers;
    this.origins = parts.origins;
    this.proxies = parts.proxies;
  }

  attach(app: TemplatedApp): void {
    app.any("/*", (res, req) => this.#receive(res, req));
  }

  /** Requests that have no answer yet. */
  get underWay(): number {
    return this.#underWay;
  }

  /** From now on connections end with their answers; resolves when none is under way. */
  async finishAll(): Promise<void> {
    this.closing = true;
    if (this.#underWay > 0) {
      await new Promise<void>((resolve) => {
        this.#idle = resolve;
      });
    }
    this.#slow.stop();
  }

  onEnd(exchange: Exchange): void {
    this.#underWay--;
    const { metrics, log } = this.#parts;
    const { operation, status } = exchange;
    if (status === 0) metrics.aborted.inc();
    else metrics.answered(operation, status, (performance.now() - exchange.startedMs) / 1_000);
    if (this.#logsAll) {
      log.debug({ request: exchange.id, operation, status, path: exchange.head.path }, "answered");
    }
    if (exchange.fault !== null)
      log.error({ err: exchange.fault, request: exchange.id }, "an answer broke off");
    if (this.#underWay === 0) this.#idle?.();
  }

  handle(name: EndpointName, call: Call): Reply | Promise<Reply> {
    // The list of handlers and the call were both made for this name; TypeScript cannot follow that.
    const handler: (call: Call) => Reply | Promise<Reply> = this.#parts.handlers[name];
    return handler(call);
  }

  finish(exchange: Exchange, reply: Reply | Promise<Reply>): void {
    if (reply instanceof Promise) {
      reply.then(
        (late) => this.#answer(exchange, late),
        (error: unknown) => this.fail(exchange, error),
      );
    } else {
      this.#answer(exchange, reply);
    }
  }

  refuse(
    exchange: Exchange,
    refusal: Refusal,
    close = false,
    headers: readonly (readonly [name: string, value: string])[] = [],
  ): void {
    this.#parts.metrics.refused(refusal.refusal);
    exchange.refuse(refusal, close, headers);
  }

  fail(exchange: Exchange, error: unknown): void {
    const { log, metrics } = this.#parts;
    const about = { err: error, request: exchange.id, operation: exchange.operation };
    if (isAway(error)) {
      log.debug(about, "a store is away");
    } else {
      metrics.unexpected.inc();
      log.error(about, "a request failed unexpectedly");
    }
    this.refuse(exchange, refusalOf(error));
  }

  slow(exchange: Exchange): void {
    this.#parts.metrics.cut.inc({ reason: "slow" });
    exchange.cut();
  }

  #answer(exchange: Exchange, reply: Reply): void {
    if (reply.ok) exchange.answer(reply);
    else this.refuse(exchange, reply);
  }

  #receive(res: HttpResponse, req: HttpRequest): void {
    const read = readHead(req);
    if (read === "cut") {
      this.#parts.metrics.cut.inc({ reason: "head" });
      res.onAborted(() => {});
      res.close();
      return;
    }
    const head =
      read === "tooLarge" ? headOf(req.getCaseSensitiveMethod(), req.getUrl().slice(0, 200), "") : read;
    this.#underWay++;
    const exchange = new Exchange(res, head, ++this.#requests, performance.now(), this);
    if (read === "tooLarge") {
      this.refuse(exchange, refuse("HEADERS_TOO_LARGE"), true);
      return;
    }
    try {
      this.#route(exchange, res, head);
    } catch (error) {
      this.fail(exchange, error);
    }
  }

  #route(exchange: Exchange, res: HttpResponse, head: Head): void {
    const found = route(head.method, head.path);
    const hasBody = head.chunked || (head.contentLength ?? 0) > 0;
    if (head.method === "OPTIONS") {
      this.#options(exchange, found);
    } else if (head.repeated !== null) {
      const detail = `The header ${head.repeated} stands twice.`;
      this.refuse(exchange, refuse("INVALID_REQUEST", { detail }), hasBody);
    } else if (found.found === "endpoint") {
      this.#enter(exchange, res, found.name, found.parameters);
    } else if (found.found === "methods") {
      this.refuse(exchange, refuse("METHOD_NOT_ALLOWED"), hasBody, [["allow", allowed(found.methods)]]);
    } else if (this.#parts.queues.isOne(head.path)) {
      this.#queues(exchange, res, head);
    } else {
      this.#page(exchange, head, hasBody);
    }
  }

  #enter(
    exchange: Exchange,
    res: HttpResponse,
    name: EndpointName,
    parameters: Readonly<Record<string, string>>,
  ): void {
    const { head } = exchange;
    const prepared = this.#prepared[name];
    exchange.operation = name;
    if (head.origin !== "" && prepared.endpoint.tag === "shopper") {
      if (judgeOrigin(this.origins, head.origin, head.host) === "allowed")
        exchange.allowedOrigin = head.origin;
    }
    const passage = new Passage(this, exchange, res, prepared, parameters);
    if (BODILESS.has(head.method)) passage.enter();
    else {
      const bytesMax = prepared.endpoint.bodyBytesMax ?? BODY_BYTES_MAX;
      readBody(res, head, bytesMax, exchange.startedMs, this.#slow, passage);
    }
  }

  #queues(exchange: Exchange, res: HttpResponse, head: Head): void {
    exchange.operation = "queues";
    const bodyRead = (bytes: Uint8Array): void =>
      // The bytes are only good until we return, and who calls is looked up first.
      this.finish(exchange, this.#parts.queues.answer(head, bytes.slice()));
    if (BODILESS.has(head.method)) {
      bodyRead(NO_BYTES);
      return;
    }
    readBody(res, head, BODY_BYTES_MAX, exchange.startedMs, this.#slow, {
      get open() {
        return exchange.open;
      },
      bodyRead,
      bodyTooLarge: () => this.refuse(exchange, refuse("BODY_TOO_LARGE"), true),
      bodyTooSlow: () => this.slow(exchange),
    });
  }

  #page(exchange: Exchange, head: Head, hasBody: boolean): void {
    exchange.operation = "page";
    const page = BODILESS.has(head.method)
      ? this.#parts.page(head, (cookie) => {
          exchange.setCookie = cookie;
        })
      : null;
    if (page === null) this.refuse(exchange, refuse("NOT_FOUND"), hasBody);
    else this.finish(exchange, page);
  }

  #options(exchange: Exchange, found: Route): void {
    exchange.operation = "options";
    if (found.found === "nothing") {
      this.refuse(exchange, refuse("NOT_FOUND"));
      return;
    }
    const names = found.found === "methods" ? found.names : [found.name];
    const methods = allowed(names.map((name) => ENDPOINTS[name].method));
    const headers: [string, string][] = [["allow", methods]];
    const { head } = exchange;
    const forShoppers = names.some((name) => ENDPOINTS[name].tag === "shopper");
    if (forShoppers && head.origin !== "" && head.wantedMethod !== "") {
      if (judgeOrigin(this.origins, head.origin, head.host) === "allowed") {
        exchange.allowedOrigin = head.origin;
        headers.push(
          ["access-control-allow-methods", methods],
          ["access-control-allow-headers", "authorization, content-type"],
          ["access-control-max-age", "600"],
        );
      }
    }
    exchange.answer({ ok: true, status: 204, body: "", headers });
  }
}

function allowed(methods: readonly string[]): string {
  const all = new Set([...methods, ...(methods.includes("GET") ? ["HEAD"] : []), "OPTIONS"]);
  return [...all].join(", ");
}
