// A request that passed the door: routed, its body and query held against the contract, its caller known.
import type { ENDPOINTS, EndpointName } from "@dropgate/contracts/endpoints";
import type { z } from "zod";
import type { Who } from "../callers/callers.ts";
import type { IdempotentRequest } from "../idempotency/once.ts";
import type { Head } from "./head.ts";
import type { Reply } from "./reply.ts";

type Listed = typeof ENDPOINTS;
export type BodyOf<Name extends EndpointName> = Listed[Name] extends { body: infer Body extends z.ZodType }
  ? z.output<Body>
  : undefined;
export type QueryOf<Name extends EndpointName> = Listed[Name] extends { query: infer Query extends z.ZodType }
  ? z.output<Query>
  : undefined;

export interface Call<Name extends EndpointName = EndpointName> {
  readonly head: Head;
  /** Each fits its schema in the contract's PARAMETERS. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly query: QueryOf<Name>;
  readonly body: BodyOf<Name>;
  readonly who: Who;
  /** With a key only, of endpoints where it counts. */
  readonly idempotency: IdempotentRequest | null;
  /** The caller's address, as far as it can be believed; empty once the caller is gone. */
  address(): string;
  /** Sent with the answer, whatever it is. */
  setCookie(cookie: string): void;
}

/** One for each endpoint of the contract. Throwing means a broken connection, or a bug. */
export type Handlers = {
  [Name in EndpointName]: (call: Call<Name>) => Reply | Promise<Reply>;
};

/** A parameter that the route has by its path. */
export function parameter(call: Pick<Call, "parameters">, name: string): string {
  const value = call.parameters[name];
  if (value === undefined) throw new Error(`the route has no {${name}}`);
  return value;
}
