// One request of an endpoint on its way from its head to its handler: the body is read, the caller found out,
// everything held against the contract. It then is the call that the handler gets.

import type { HttpResponse } from "uWebSockets.js";
import type { EndpointName } from "@dropgate/contracts/endpoints";
import { type Outcome, type Refusal, refuse } from "@dropgate/contracts/refusals";
import { mayActAs } from "../callers/api-keys.ts";
import type { Callers, Who, WhoOutcome } from "../callers/callers.ts";
import { type IdempotentRequest, readIdempotency } from "../idempotency/once.ts";
import { judgeSession } from "../operators/judge-session.ts";
import { peerText, type TrustedProxies } from "./address.ts";
import type { BodyReader } from "./body.ts";
import type { BodyOf, Call, QueryOf } from "./call.ts";
import type { Exchange } from "./exchange.ts";
import type { Head } from "./head.ts";
import { judgeOrigin, type OriginRules } from "./origins.ts";
import { judgeParameters, type Prepared, readJsonBody, readQuery } from "./prepared.ts";
import type { Reply } from "./reply.ts";

/** What every passage goes by. */
export interface PassageRules {
  callers: Callers;
  origins: OriginRules;
  proxies: TrustedProxies;
  handle: (name: EndpointName, call: Call) => Reply | Promise<Reply>;
  finish: (exchange: Exchange, reply: Reply | Promise<Reply>) => void;
  refuse: (exchange: Exchange, refusal: Refusal, close: boolean) => void;
  fail: (exchange: Exchange, error: unknown) => void;
  slow: (exchange: Exchange) => void;
}

const NO_BYTES = new Uint8Array(0);
const NOBODY: WhoOutcome = { ok: true, value: { kind: "nobody" } };
const SAFE = new Set(["GET", "HEAD"]);

export class Passage<Name extends EndpointName = EndpointName> implements Call<Name>, BodyReader {
  readonly head: Head;
  readonly parameters: Readonly<Record<string, string>>;
  // Set before the handler is called.
  query!: QueryOf<Name>;
  body!: BodyOf<Name>;
  who!: Who;
  idempotency: IdempotentRequest | null = null;
  readonly #rules: PassageRules;
  readonly #exchange: Exchange;
  readonly #res: HttpResponse;
  readonly #prepared: Prepared;
  #read: Outcome<unknown>;
  #bytes: Uint8Array = NO_BYTES;
  #signed: WhoOutcome | Promise<WhoOutcome> = refuse("SIGNATURE_INVALID");

  constructor(
    rules: PassageRules,
    exchange: Exchange,
    res: HttpResponse,
    prepared: Prepared,
    parameters: Readonly<Record<string, string>>,
  ) {
    this.#rules = rules;
    this.#exchange = exchange;
    this.#res = res;
    this.#prepared = prepared;
    this.#read = prepared.emptyBody;
    this.head = exchange.head;
    this.parameters = parameters;
  }

  get open(): boolean {
    return this.#exchange.open;
  }

  /** µWebSockets forgets where a response went once it is answered. */
  address(): string {
    if (!this.#exchange.open) return "";
    return this.#rules.proxies.callerOf(peerText(this.#res.getRemoteAddress()), this.head.forwardedFor);
  }

  setCookie(cookie: string): void {
    this.#exchange.setCookie = cookie;
  }

  bodyTooLarge(): void {
    this.#rules.refuse(this.#exchange, refuse("BODY_TOO_LARGE"), true);
  }

  bodyTooSlow(): void {
    this.#rules.slow(this.#exchange);
  }

  bodyRead(bytes: Uint8Array): void {
    // The bytes are µWebSockets' until we return: what is still needed then is read, or copied, now.
    this.#read = readJsonBody(this.#prepared, this.head.contentType, bytes);
    if (this.#prepared.proof === "warehouse") {
      const told = this.#read.ok ? this.#read.value : null;
      this.#signed = this.#rules.callers.warehouse(this.head.signature, Buffer.from(bytes), told);
    }
    if (this.head.idempotencyKey !== null && this.#prepared.endpoint.idempotent)
      this.#bytes = Buffer.from(bytes);
    this.enter();
  }

  /** Everything up to the handler that is synchronous stays so: a join costs no promise before its batch. */
  enter(): void {
    try {
      const who = this.#identify();
      if (who instanceof Promise) {
        who.then(
          (known) => this.#proceed(known),
          (error: unknown) => this.#rules.fail(this.#exchange, error),
        );
      } else {
        this.#proceed(who);
      }
    } catch (error) {
      this.#rules.fail(this.#exchange, error);
    }
  }

  #proceed(known: WhoOutcome): void {
    let reply: Reply | Promise<Reply>;
    try {
      const refusal = known.ok ? this.#judge(known.value) : known;
      reply = refusal ?? this.#rules.handle(this.#prepared.name, this as Call);
    } catch (error) {
      this.#rules.fail(this.#exchange, error);
      return;
    }
    this.#rules.finish(this.#exchange, reply);
  }

  #identify(): WhoOutcome | Promise<WhoOutcome> {
    const { callers } = this.#rules;
    switch (this.#prepared.proof) {
      case "nothing":
        return NOBODY;
      case "key":
        // What stands in Authorization must be good: it is never passed over for a good cookie.
        return this.head.authorization === "" && this.#prepared.consoleScope !== null
          ? callers.identifySession(this.head.cookie)
          : callers.identifyKey(this.head.authorization);
      case "session":
        return this.head.authorization === "" ? callers.identifySession(this.head.cookie) : NOBODY;
      case "warehouse":
        return this.#signed;
      case "shopper":
        return callers.identify(this.head, this.#prepared.scopes.length > 0);
    }
  }

  /** Why this goes no further; null: the call is complete. First who asks, then for what, then how. */
  #judge(who: Who): Refusal | null {
    const barred = this.#bar(who) ?? judgeParameters(this.parameters);
    if (barred !== null) return barred;
    if (!this.#read.ok) return this.#read;
    this.who = who;
    this.body = this.#read.value as BodyOf<Name>; // by the endpoint's own schema
    const query = readQuery(this.#prepared, this.head.query);
    if (!query.ok) return query;
    this.query = query.value as QueryOf<Name>; // by the endpoint's own schema
    // A shopper's release has no API key under which its answer could be kept.
    const callerId =
      who.kind === "key" ? who.key.id : who.kind === "operator" ? who.operator.operatorId : null;
    return this.#prepared.endpoint.idempotent && callerId !== null ? this.#takeIdempotency(callerId) : null;
  }

  #takeIdempotency(apiKeyId: string): Refusal | null {
    const { head } = this;
    const read = readIdempotency(head.idempotencyKey, {
      apiKeyId,
      method: head.method,
      path: head.path,
      body: this.#bytes,
      sealed: this.#prepared.sealedAnswer,
    });
    if (read !== null && "ok" in read) return read;
    this.idempotency = read;
    return null;
  }

  /** Why this caller may not even ask; null: they may. */
  #bar(who: Who): Refusal | null {
    const { proof, scopes, consoleScope } = this.#prepared;
    if (who.kind === "operator")
      return judgeSession(who.operator, consoleScope, this.head, this.#rules.origins);
    if (proof === "session")
      return refuse("UNAUTHENTICATED", { detail: "Nobody is signed in, or the session has ended." });
    if (proof === "key" && who.kind !== "key") {
      const detail = consoleScope === null ? "Send an API key." : "Sign in, or send an API key.";
      return refuse("UNAUTHENTICATED", { detail });
    }
    if (who.kind === "key" && !mayActAs(who.key, scopes)) {
      return refuse("FORBIDDEN", { detail: `This API key has no scope ${scopes.join(" or ")}.` });
    }
    const { head } = this;
    // A cookie travels by itself; a page that is not ours must not make it act.
    if (head.origin === "" || who.kind !== "shopper" || who.by !== "cookie" || SAFE.has(head.method))
      return null;
    return judgeOrigin(this.#rules.origins, head.origin, head.host) === "foreign"
      ? refuse("ORIGIN_REFUSED")
      : null;
  }
}
