// One request and its answer, in the few forms that the shop has: a page, a redirect, a file, a refusal. Headers that
// every answer must carry are set here, once.

import type { IncomingMessage, ServerResponse } from "node:http";

/** What is answered. `headers` come on top of those that every answer has. */
export interface Reply {
  status: number;
  headers: Record<string, string>;
  body: string | Buffer;
}

const ALWAYS: Record<string, string> = {
  "content-security-policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  "referrer-policy": "same-origin",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=()",
  "cross-origin-opener-policy": "same-origin",
  "cache-control": "no-store",
};

/** A form with a pass is under 4 KiB. */
const BODY_BYTES_MAX = 16 * 1024;

export function pageReply(body: string, status = 200): Reply {
  return { status, headers: { "content-type": "text/html; charset=utf-8" }, body };
}

export function jsonReply(value: unknown, status = 200): Reply {
  return { status, headers: { "content-type": "application/json" }, body: JSON.stringify(value) };
}

/** 303: the next request is a GET, so that a reload sends nothing twice. */
export function redirectReply(location: string): Reply {
  return { status: 303, headers: { location }, body: "" };
}

export function send(response: ServerResponse, reply: Reply, cookie: string | null): void {
  for (const [name, value] of Object.entries({ ...ALWAYS, ...reply.headers }))
    response.setHeader(name, value);
  if (cookie !== null) response.setHeader("set-cookie", cookie);
  response.writeHead(reply.status, { "content-length": Buffer.byteLength(reply.body) });
  response.end(reply.body);
}

/** The fields of a posted form; null when it is too long or not a form. */
export async function readForm(request: IncomingMessage): Promise<URLSearchParams | null> {
  const type = request.headers["content-type"] ?? "application/x-www-form-urlencoded";
  if (!type.startsWith("application/x-www-form-urlencoded")) return null;
  request.setEncoding("utf8");
  let text = "";
  for await (const piece of request) {
    text += piece;
    if (text.length > BODY_BYTES_MAX) return null;
  }
  return new URLSearchParams(text);
}

/** A form that another site's page sent must not act for its visitor. A missing Origin is no browser. */
export function isFromHere(request: IncomingMessage): boolean {
  const origin = request.headers.origin;
  if (origin === undefined) return true;
  return URL.canParse(origin) && new URL(origin).host === request.headers.host;
}

export function wantsJson(request: IncomingMessage): boolean {
  return (request.headers.accept ?? "").includes("application/json");
}
