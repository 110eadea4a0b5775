// A page of ours as an answer, with the headers that keep others from using it.
import type { Answer } from "../edge/reply.ts";

const HTML = "text/html; charset=utf-8";

export function html(status: number, body: string, contentSecurityPolicy: string): Answer {
  return {
    ok: true,
    status,
    body,
    contentType: HTML,
    headers: [
      ["content-security-policy", contentSecurityPolicy],
      ["referrer-policy", "strict-origin-when-cross-origin"],
      ["cross-origin-opener-policy", "same-origin"],
      ["permissions-policy", "camera=(), geolocation=(), microphone=()"],
    ],
  };
}
