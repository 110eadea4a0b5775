// The OpenAPI 3.1 document, made from the list of endpoints: nothing is typed twice, so it cannot be stale.
import { z } from "zod";
import type { Caller, Endpoint } from "./endpoints/endpoint.ts";
import { ENDPOINTS, PARAMETERS } from "./endpoints.ts";
import { REFUSALS, type RefusalCode } from "./refusals.ts";
import { consoleScopeOf, ROLES, roleMay } from "./roles.ts";
import { problemSchema } from "./values.ts";

type Json = Record<string, unknown>;

const SECURITY: Record<Exclude<Caller, "anyone" | "session">, Json> = {
  shopper: { shopperCookie: [] },
  entry: { entryToken: [] },
  merchant: { apiKey: [] },
  operator: { apiKey: [] },
  admin: { apiKey: [] },
  warehouse: { wmsSignature: [] },
};

/** Refusals that any call may give. */
const ANY_CALL: readonly RefusalCode[] = ["INVALID_REQUEST", "BODY_TOO_LARGE", "RATE_LIMITED", "BUSY"];

/** Refusals that any call by a session's cookie may give, */
const BY_SESSION: readonly RefusalCode[] = ["PASSWORD_CHANGE_REQUIRED"];
/** and those that change something. */
const CHANGE_BY_SESSION: readonly RefusalCode[] = ["CSRF_TOKEN_INVALID", "ORIGIN_REFUSED"];

/** @returns a fresh document */
export function openApiDocument(): Json {
  const paths: Record<string, Json> = {};
  for (const endpoint of Object.values(ENDPOINTS) as Endpoint[]) {
    const path = (paths[endpoint.path] ??= {});
    path[endpoint.method.toLowerCase()] = operationOf(endpoint);
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Dropgate",
      version: "1",
      description:
        "A flash-sale gateway: a waiting room with a fair, checkable draw that never sells a unit twice. " +
        "Times are RFC 3339 in UTC, durations whole seconds, money minor units. Errors are RFC 9457 problems " +
        "with a stable `code`. Realtime speaks Socket.IO v4 at /socket.io/.",
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    servers: [{ url: "/" }],
    paths,
    components: {
      schemas: { Problem: jsonSchemaOf(problemSchema, "output") },
      securitySchemes: {
        shopperCookie: {
          type: "apiKey",
          in: "cookie",
          name: "dropgate_shopper",
          description: "Set by GET /sales/{saleId} and by the page.",
        },
        shopperJwt: {
          type: "http",
          scheme: "bearer",
          bearerFormat: "JWT",
          description:
            "Signed by the merchant: HS256, EdDSA or ES256 under a registered kid; sub, exp, sale?.",
        },
        entryToken: { type: "http", scheme: "bearer", description: "What the join returned." },
        wmsSignature: {
          type: "apiKey",
          in: "header",
          name: "X-Signature",
          description:
            't=<unix seconds>,v1=<hex HMAC-SHA256 of "<t>.<body>"> under WMS_SECRET, or the secret of the locations ' +
            "that the events name; at most 5 minutes off.",
        },
        apiKey: { type: "http", scheme: "bearer", description: "An API key with the operation's scope." },
        operatorSession: {
          type: "apiKey",
          in: "cookie",
          name: "dropgate_console",
          description:
            "Set by POST /admin/session. By https its name begins with __Host-. The role must allow the operation.",
        },
        csrfToken: {
          type: "apiKey",
          in: "header",
          name: "x-csrf-token",
          description: "The session's csrfToken, with each call by cookie that changes something.",
        },
      },
    },
  };
}

function operationOf(endpoint: Endpoint): Json {
  const parameters = [
    ...pathParameters(endpoint),
    ...queryParameters(endpoint),
    ...headerParameters(endpoint),
  ];
  return {
    operationId: endpoint.operation,
    summary: endpoint.summary,
    tags: [endpoint.tag],
    ...(parameters.length > 0 && { parameters }),
    ...(endpoint.body && {
      requestBody: {
        required: false,
        content: { "application/json": { schema: jsonSchemaOf(endpoint.body, "input") } },
      },
    }),
    responses: responsesOf(endpoint),
    ...securityOf(endpoint),
    ...rolesOf(endpoint),
  };
}

/** Whether an operator's session opens it. */
function opensBySession(endpoint: Endpoint): boolean {
  return endpoint.callers.includes("session") || consoleScopeOf(endpoint) !== null;
}

/** The roles whose sessions may call it, for whoever builds on the document. */
function rolesOf(endpoint: Endpoint): Json {
  const scope = consoleScopeOf(endpoint);
  return scope === null ? {} : { "x-roles": ROLES.filter((role) => roleMay(role, scope)) };
}

function refusalsOf(endpoint: Endpoint): Set<RefusalCode> {
  const scoped = consoleScopeOf(endpoint) === null ? [] : BY_SESSION;
  const changes = opensBySession(endpoint) && endpoint.method !== "GET" ? CHANGE_BY_SESSION : [];
  return new Set([...endpoint.refusals, ...scoped, ...changes, ...ANY_CALL]);
}

function pathParameters(endpoint: Endpoint): Json[] {
  return [...endpoint.path.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => ({
    name,
    in: "path",
    required: true,
    schema: jsonSchemaOf(PARAMETERS[name]?.schema ?? z.string(), "input"),
  }));
}

function queryParameters(endpoint: Endpoint): Json[] {
  if (!endpoint.query) return [];
  const schema = jsonSchemaOf(endpoint.query, "input") as { properties?: Record<string, Json> };
  return Object.entries(schema.properties ?? {}).map(([name, value]) => ({
    name,
    in: "query",
    required: false,
    schema: value,
  }));
}

function headerParameters(endpoint: Endpoint): Json[] {
  if (!endpoint.idempotent) return [];
  return [
    {
      name: "Idempotency-Key",
      in: "header",
      required: false,
      schema: { type: "string", minLength: 1, maxLength: 255 },
    },
  ];
}

function responsesOf(endpoint: Endpoint): Json {
  const responses: Record<string, Json> = {};
  for (const [status, schema] of Object.entries(endpoint.answers)) {
    responses[status] =
      schema === null
        ? { description: endpoint.summary }
        : {
            description: endpoint.summary,
            content: { "application/json": { schema: jsonSchemaOf(schema, "output") } },
          };
  }
  const byStatus = new Map<number, RefusalCode[]>();
  for (const code of refusalsOf(endpoint)) {
    const { status } = REFUSALS[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  for (const [status, codes] of byStatus) {
    responses[String(status)] ??= {
      description: codes.map((code) => `\`${code}\`: ${REFUSALS[code].title}.`).join(" "),
      content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } },
    };
  }
  return responses;
}

function securityOf(endpoint: Endpoint): Json {
  const proofs = endpoint.callers.flatMap((caller) =>
    caller === "anyone" || caller === "session" ? [] : [SECURITY[caller]],
  );
  if (opensBySession(endpoint)) {
    proofs.push({ operatorSession: [], ...(endpoint.method !== "GET" && { csrfToken: [] }) });
  }
  if (proofs.length === 0) return { security: [] };
  const withJwt = endpoint.callers.includes("shopper") ? [...proofs, { shopperJwt: [] }] : proofs;
  return { security: [...new Map(withJwt.map((proof) => [JSON.stringify(proof), proof])).values()] };
}

/** What of a schema cannot be said in JSON Schema (refinements) is left out, not refused. */
function jsonSchemaOf(schema: z.ZodType, io: "input" | "output"): Json {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, {
    io,
    unrepresentable: "any",
    target: "draft-2020-12",
  });
  return rest;
}
