// How a message to or from somebody outside is signed: `t=<unix seconds>,v1=<hex HMAC-SHA256 of "<t>.<body>">`.
import { createHmac } from "node:crypto";

/**
 * @param secrets one, or while it is exchanged the new one and the old one: then there is a `v1` for each
 * @param body the bytes as they are sent; another order of the same fields has another signature
 */
export function signatureOf(secrets: string | readonly string[], atSeconds: number, body: string): string {
  const each = typeof secrets === "string" ? [secrets] : secrets;
  const digests = each.map(
    (secret) => `v1=${createHmac("sha256", secret).update(`${atSeconds}.${body}`).digest("hex")}`,
  );
  return [`t=${atSeconds}`, ...digests].join(",");
}
