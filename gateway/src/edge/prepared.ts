// What the door needs of each endpoint, worked out once from the contract's list.
import { ENDPOINTS, type EndpointName, PARAMETERS } from "@dropgate/contracts/endpoints";
import type { Endpoint } from "@dropgate/contracts/endpoints/endpoint";
import { API_SCOPES, type ApiScope } from "@dropgate/contracts/keys";
import { type Outcome, type Refusal, refuse } from "@dropgate/contracts/refusals";
import { type ConsoleScope, consoleScopeOf } from "@dropgate/contracts/roles";
import { parseJson } from "./json-text.ts";
import { validate, validateQuery } from "./validate.ts";

/**
 * How a caller proves itself: by nothing, by an API key or an operator's session, by a session only, by a warehouse's
 * signature, or as a shopper (with or without API keys).
 */
export type ProofOf = "nothing" | "key" | "session" | "shopper" | "warehouse";

export interface Prepared {
  name: EndpointName;
  endpoint: Endpoint;
  proof: ProofOf;
  /** Any of them opens it. */
  scopes: readonly ApiScope[];
  /** What an operator's role must allow; null: no session opens it, or every one does. */
  consoleScope: ConsoleScope | null;
  /** What an absent body is, already held against the schema. */
  emptyBody: Outcome<unknown>;
  /** What a request without parameters asks, held against the schema. */
  emptyQuery: Outcome<unknown>;
  /** Its answer shows a secret once. */
  sealedAnswer: boolean;
}

const SEALED_ANSWERS = new Set<EndpointName>([
  "createApiKey",
  "createShopperKey",
  "createOperator",
  "resetPassword",
  "createWebhook",
  "rotateWebhookSecret",
]);
const NONE = { ok: true, value: undefined } as const;
const JSON_TYPE = /^application\/json(?:\s*;\s*charset="?utf-8"?)?\s*$/i;

function prepare(name: EndpointName): Prepared {
  const endpoint: Endpoint = ENDPOINTS[name];
  const scopes = API_SCOPES.filter((scope) => endpoint.callers.includes(scope));
  return {
    name,
    endpoint,
    scopes,
    consoleScope: consoleScopeOf(endpoint),
    proof: proofOf(endpoint, scopes),
    emptyBody: endpoint.body ? validate(endpoint.body, {}) : NONE,
    emptyQuery: endpoint.query ? validateQuery(endpoint.query, "") : NONE,
    sealedAnswer: SEALED_ANSWERS.has(name),
  };
}

function proofOf({ callers }: Endpoint, scopes: readonly ApiScope[]): ProofOf {
  if (callers.includes("anyone")) return "nothing";
  if (callers.includes("warehouse")) return "warehouse";
  if (callers.includes("session")) return "session";
  return scopes.length === callers.length ? "key" : "shopper";
}

export function prepareAll(): Record<EndpointName, Prepared> {
  const names = Object.keys(ENDPOINTS) as EndpointName[];
  return Object.fromEntries(names.map((name) => [name, prepare(name)])) as Record<EndpointName, Prepared>;
}

/** A body as the endpoint's schema has it. A body that is absent, or `{}`, needs no reading. */
export function readJsonBody(prepared: Prepared, contentType: string, bytes: Uint8Array): Outcome<unknown> {
  const { endpoint, emptyBody } = prepared;
  if (bytes.length === 0 || endpoint.body === undefined) return emptyBody;
  if (!JSON_TYPE.test(contentType)) return refuse("UNSUPPORTED_MEDIA_TYPE");
  if (bytes.length === 2 && bytes[0] === 0x7b && bytes[1] === 0x7d) return emptyBody;
  const parsed = parseJson(bytes);
  return parsed.ok ? validate(endpoint.body, parsed.value) : parsed;
}

/** Parameters as the endpoint's schema has them. */
export function readQuery({ endpoint, emptyQuery }: Prepared, query: string): Outcome<unknown> {
  return endpoint.query === undefined || query === "" ? emptyQuery : validateQuery(endpoint.query, query);
}

/** A parameter that does not look like what it names: that is its own 404. Null when all do. */
export function judgeParameters(parameters: Readonly<Record<string, string>>): Refusal | null {
  for (const name in parameters) {
    const rule = PARAMETERS[name];
    if (rule && !rule.schema.safeParse(parameters[name]).success) return refuse(rule.missing);
  }
  return null;
}
