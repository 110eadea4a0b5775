// The HTTP door: every request of every address comes through here, is read strictly, routed by the
// contract, held against its schemas, and handed to its handler with its caller known.

import type { HttpRequest, HttpResponse, TemplatedApp } from "uWebSockets.js";
import { ENDPOINTS, type Endpoint, type EndpointName, PARAMETERS } from "@dropgate/contracts/endpoints";
import { API_SCOPES, type ApiScope } from "@dropgate/contracts/keys";
import { BODY_BYTES_MAX } from "@dropgate/contracts/limits";
import { type Refusal, refuse } from "@dropgate/contracts/refusals";
import type { Logger } from "pino";
import { mayActAs } from "../callers/api-keys.ts";
import type { Callers, Who, WhoOutcome } from "../callers/callers.ts";
import { readIdempotency } from "../idempotency/once.ts";
import type { Metrics } from "../telemetry/metrics.ts";
import { peerText, type TrustedProxies } from "./address.ts";
import { readBody, SlowBodies } from "./body.ts";
import type { Call, Handlers } from "./call.ts";
import { Exchange, type ExchangeHost } from "./exchange.ts";
import { isAway, refusalOf } from "./faults.ts";
import { type Head, readHead } from "./head.ts";
import { parseJson } from "./json-text.ts";
import { judgeOrigin, type OriginRules } from "./origins.ts";
import type { Reply } from "./reply.ts";
import { type Route, route } from "./router.ts";
import { validate, validateQuery } from "./validate.ts";

export interface DoorParts {
  handlers: Handlers;
  callers: Callers;
  origins: OriginRules;
  proxies: TrustedProxies;
  metrics: Metrics;
  log: Logger;
  /** Pages and their files, for GET of an address that no endpoint has; null: there is nothing either. */
  page: (head: Head, setCookie: (cookie: string) => void) => Reply | Promise<Reply> | null;
  strictTransport: boolean;
}

/** What the router needs of an endpoint, worked out once. */
interface Prepared {
  endpoint: Endpoint;
  /** Only an API key opens it. */
  keysOnly: boolean;
  scopes: readonly ApiScope[];
  /** What an absent body is, already held against the schema. */
  emptyBody: ReturnType<typeof validate>;
  needsAddress: boolean;
  sealedAnswer: boolean;
}

const BODILESS = new Set(["GET", "HEAD", "OPTIONS"]);
const JSON_TYPE = /^application\/json(?:\s*;\s*charset="?utf-8"?)?\s*$/i;
/** Their answers show a secret once. */
const SEALED_ANSWERS = new Set<EndpointName>(["createApiKey", "createShopperKey"]);

function prepare(name: EndpointName): Prepared {
  const endpoint: Endpoint = ENDPOINTS[name];
  const scopes = endpoint.callers.filter((caller): caller is ApiScope =>
    (API_SCOPES as readonly string[]).includes(caller),
  );
  return {
    endpoint,
    scopes,
    keysOnly: scopes.length > 0 && scopes.length === endpoint.callers.length,
    emptyBody: endpoint.body ? validate(endpoint.body, {}) : { ok: true, value: undefined },
    needsAddress: endpoint.tag === "shopper" && endpoint.method !== "GET",
    sealedAnswer: SEALED_ANSWERS.has(name),
  };
}

export class Door implements ExchangeHost {
  readonly strictTransport: boolean;
  closing = false;
  readonly #parts: DoorParts;
  readonly #prepared = new Map<EndpointName, Prepared>();
  readonly #slow = new SlowBodies();
  readonly #idPrefix = Math.random().toString(36).slice(2, 8);
  #requests = 0;
  #underWay = 0;
  #idle: (() => void) | null = null;

  constructor(parts: DoorParts) {
    this.#parts = parts;
    this.strictTransport = parts.strictTransport;
    for (const name of Object.keys(ENDPOINTS) as EndpointName[]) this.#prepared.set(name, prepare(name));
  }

  attach(app: TemplatedApp): void {
    app.any("/*", (res, req) => this.#receive(res, req));
  }

  /** Requests that have no answer yet. */
  get underWay(): number {
    return this.#underWay;
  }

  /** From now on connections end with their answers; resolves when none is under way. */
  async finish(): Promise<void> {
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
    if (status === 0) {
      metrics.aborted.inc();
    } else {
      metrics.requests.inc({ operation, status });
      metrics.seconds.observe({ operation }, (performance.now() - exchange.startedMs) / 1_000);
    }
    if (log.isLevelEnabled("debug")) {
      log.debug({ request: exchange.id, operation, status, path: exchange.head.path }, "answered");
    }
    if (exchange.fault !== null)
      log.error({ err: exchange.fault, request: exchange.id }, "an answer broke off");
    if (this.#underWay === 0) this.#idle?.();
  }

  #receive(res: HttpResponse, req: HttpRequest): void {
    const head = readHead(req);
    if (head === "cut") {
      this.#parts.metrics.cut.inc({ reason: "head" });
      res.onAborted(() => {});
      res.close();
      return;
    }
    const id = `${this.#idPrefix}-${(++this.#requests).toString(36)}`;
    this.#underWay++;
    if (head === "tooLarge") {
      const exchange = new Exchange(res, emptyHead(req), id, performance.now(), this);
      this.#refuse(exchange, refuse("HEADERS_TOO_LARGE"), true);
      return;
    }
    const exchange = new Exchange(res, head, id, performance.now(), this);
    this.#route(exchange, res, head);
  }

  #route(exchange: Exchange, res: HttpResponse, head: Head): void {
    const found = route(head.method, head.path);
    const hasBody = head.chunked || (head.contentLength ?? 0) > 0;
    if (head.method === "OPTIONS") {
      this.#options(exchange, found);
    } else if (head.repeated !== null) {
      this.#refuse(
        exchange,
        refuse("INVALID_REQUEST", { detail: `The header ${head.repeated} stands twice.` }),
        hasBody,
      );
    } else if (found.found === "endpoint") {
      this.#enter(exchange, res, found);
    } else if (found.found === "methods") {
      this.#refuse(exchange, refuse("METHOD_NOT_ALLOWED"), hasBody, [["allow", allowed(found.methods)]]);
    } else {
      this.#page(exchange, head, hasBody);
    }
  }

  #page(exchange: Exchange, head: Head, hasBody: boolean): void {
    exchange.operation = "page";
    const reads = head.method === "GET" || head.method === "HEAD";
    const page = reads
      ? this.#parts.page(head, (cookie) => {
          exchange.setCookie = cookie;
        })
      : null;
    if (page === null) this.#refuse(exchange, refuse("NOT_FOUND"), hasBody);
    else this.#finish(exchange, page);
  }

  #enter(exchange: Exchange, res: HttpResponse, found: Route & { found: "endpoint" }): void {
    const { head } = exchange;
    exchange.operation = found.name;
    // Every endpoint was prepared in the constructor.
    const prepared = this.#prepared.get(found.name) as Prepared;
    if (head.origin !== "" && prepared.endpoint.tag === "shopper") {
      if (judgeOrigin(this.#parts.origins, head.origin, head.host) === "allowed") {
        exchange.allowedOrigin = head.origin;
      }
    }
    const address = prepared.needsAddress ? this.#addressOf(res, head) : "";
    if (BODILESS.has(head.method)) {
      this.#serve(exchange, found, prepared, address, NO_BYTES);
      return;
    }
    const cut = (): void => {
      this.#parts.metrics.cut.inc({ reason: "slow" });
      exchange.cut();
    };
    readBody(
      res,
      head,
      BODY_BYTES_MAX,
      { bodies: this.#slow, nowMs: exchange.startedMs, cut, isOpen: () => exchange.open },
      (verdict) => {
        if (verdict.read) this.#serve(exchange, found, prepared, address, verdict.bytes);
        else this.#refuse(exchange, refuse("BODY_TOO_LARGE"), true);
      },
    );
  }

  #addressOf(res: HttpResponse, head: Head): string {
    return this.#parts.proxies.callerOf(peerText(res.getRemoteAddress()), head.forwardedFor);
  }

  /** Everything up to the handler that is synchronous stays so: a join costs no promise before its batch. */
  #serve(
    exchange: Exchange,
    found: Route & { found: "endpoint" },
    prepared: Prepared,
    address: string,
    bytes: Uint8Array,
  ): void {
    const { head } = exchange;
    const { endpoint } = prepared;
    const { callers } = this.#parts;
    // The bytes are µWebSockets' until we return: what is still needed then is read now.
    const body =
      bytes.length === 0 || endpoint.body === undefined
        ? prepared.emptyBody
        : readJsonBody(endpoint, head.contentType, bytes);
    const kept = head.idempotencyKey !== null && endpoint.idempotent ? Buffer.from(bytes) : NO_BYTES;
    let who: WhoOutcome | Promise<WhoOutcome>;
    try {
      who =
        endpoint.callers[0] === "anyone"
          ? NOBODY
          : prepared.keysOnly
            ? callers.identifyKey(head.authorization)
            : callers.identify(head, prepared.scopes.length > 0);
    } catch (error) {
      this.#fail(exchange, error);
      return;
    }
    const go = (known: WhoOutcome): void => {
      const reply = this.#handle(exchange, found, prepared, address, body, kept, known);
      this.#finish(exchange, reply);
    };
    if (who instanceof Promise) who.then(go).catch((error: unknown) => this.#fail(exchange, error));
    else go(who);
  }

  #handle(
    exchange: Exchange,
    found: Route & { found: "endpoint" },
    prepared: Prepared,
    address: string,
    body: ReturnType<typeof validate>,
    bytes: Uint8Array,
    known: WhoOutcome,
  ): Reply | Promise<Reply> {
    const { head } = exchange;
    const { endpoint } = prepared;
    if (!known.ok) return known;
    const who = known.value;
    const barred = this.#bar(head, prepared, who);
    if (barred !== null) return barred;
    for (const [name, value] of Object.entries(found.parameters)) {
      const rule = PARAMETERS[name];
      if (rule && !rule.schema.safeParse(value).success) return refuse(rule.missing);
    }
    if (!body.ok) return body;
    const query = endpoint.query
      ? validateQuery(endpoint.query, head.query)
      : { ok: true as const, value: undefined };
    if (!query.ok) return query;
    const idempotency =
      endpoint.idempotent && head.idempotencyKey !== null
        ? readIdempotency(head.idempotencyKey, {
            apiKeyId: who.kind === "key" ? who.key.id : "",
            method: head.method,
            path: head.path,
            body: bytes,
            sealed: prepared.sealedAnswer,
          })
        : null;
    if (idempotency !== null && "ok" in idempotency) return idempotency;
    const call = {
      head,
      parameters: found.parameters,
      query: query.value,
      body: body.value,
      who,
      // A shopper's release has no API key under which its answer could be kept.
      idempotency: who.kind === "key" ? idempotency : null,
      address,
      setCookie: (cookie: string) => {
        exchange.setCookie = cookie;
      },
    };
    // The list of handlers and the call were both made for this name; TypeScript cannot follow that.
    const handler: (call: Call) => Reply | Promise<Reply> = this.#parts.handlers[found.name];
    return handler(call as Call);
  }

  /** Why this caller may not even ask; null: they may. */
  #bar(head: Head, prepared: Prepared, who: Who): Refusal | null {
    if (prepared.keysOnly && who.kind !== "key")
      return refuse("UNAUTHENTICATED", { detail: "Send an API key." });
    if (who.kind === "key" && !mayActAs(who.key, prepared.scopes)) {
      return refuse("FORBIDDEN", { detail: `This API key has no scope ${prepared.scopes.join(" or ")}.` });
    }
    // A cookie travels by itself; a page that is not ours must not make it act.
    const acts = !BODILESS.has(head.method);
    if (acts && who.kind === "shopper" && who.by === "cookie" && head.origin !== "") {
      if (judgeOrigin(this.#parts.origins, head.origin, head.host) === "foreign")
        return refuse("ORIGIN_REFUSED");
    }
    return null;
  }

  #finish(exchange: Exchange, reply: Reply | Promise<Reply>): void {
    if (reply instanceof Promise) {
      reply
        .then((late) => this.#answer(exchange, late))
        .catch((error: unknown) => this.#fail(exchange, error));
    } else {
      this.#answer(exchange, reply);
    }
  }

  #answer(exchange: Exchange, reply: Reply): void {
    if (reply.ok) exchange.answer(reply);
    else this.#refuse(exchange, reply);
  }

  #refuse(
    exchange: Exchange,
    refusal: Refusal,
    close = false,
    headers: readonly (readonly [name: string, value: string])[] = [],
  ): void {
    this.#parts.metrics.refusals.inc({ code: refusal.refusal });
    exchange.refuse(refusal, close, headers);
  }

  #fail(exchange: Exchange, error: unknown): void {
    const { log, metrics } = this.#parts;
    const about = { err: error, request: exchange.id, operation: exchange.operation };
    if (isAway(error)) {
      log.debug(about, "a store is away");
    } else {
      metrics.unexpected.inc();
      log.error(about, "a request failed unexpectedly");
    }
    this.#refuse(exchange, refusalOf(error));
  }

  #options(exchange: Exchange, found: Route): void {
    if (found.found === "nothing") {
      this.#refuse(exchange, refuse("NOT_FOUND"));
      return;
    }
    const names = found.found === "methods" ? found.names : [found.name];
    const methods = allowed(names.map((name) => ENDPOINTS[name].method));
    const headers: [string, string][] = [["allow", methods]];
    const { head } = exchange;
    const forShoppers = names.some((name) => ENDPOINTS[name].tag === "shopper");
    if (forShoppers && head.origin !== "" && head.wantedMethod !== "") {
      if (judgeOrigin(this.#parts.origins, head.origin, head.host) === "allowed") {
        exchange.allowedOrigin = head.origin;
        headers.push(
          ["access-control-allow-methods", methods],
          ["access-control-allow-headers", "authorization, content-type"],
          ["access-control-max-age", "600"],
        );
      }
    }
    exchange.operation = "options";
    exchange.answer({ ok: true, status: 204, body: "", headers });
  }
}

const NO_BYTES = new Uint8Array(0);
const NOBODY: WhoOutcome = { ok: true, value: { kind: "nobody" } };

function readJsonBody(
  endpoint: Endpoint,
  contentType: string,
  bytes: Uint8Array,
): ReturnType<typeof validate> {
  if (!JSON_TYPE.test(contentType)) return refuse("UNSUPPORTED_MEDIA_TYPE");
  const parsed = parseJson(bytes);
  if (!parsed.ok) return parsed;
  return endpoint.body ? validate(endpoint.body, parsed.value) : { ok: true, value: undefined };
}

function allowed(methods: readonly string[]): string {
  const all = new Set([...methods, ...(methods.includes("GET") ? ["HEAD"] : []), "OPTIONS"]);
  return [...all].join(", ");
}

/** Of a request whose head is not to be kept: enough to answer it. */
function emptyHead(req: HttpRequest): Head {
  const method = req.getCaseSensitiveMethod();
  const path = req.getUrl().slice(0, 200);
  return {
    method,
    path,
    query: "",
    host: "",
    authorization: "",
    cookie: "",
    contentType: "",
    contentLength: null,
    chunked: false,
    origin: "",
    forwardedFor: "",
    accept: "",
    acceptEncoding: "",
    ifNoneMatch: "",
    idempotencyKey: null,
    wantedMethod: "",
    repeated: null,
  };
}
