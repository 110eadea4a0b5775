// How a message to or from a warehouse is signed: `t=<unix seconds>,v1=<hex HMAC-SHA256 of "<t>.<body>">`.
import { createHmac } from "node:crypto";

/** @param body the bytes as they are sent; another order of the same fields has another signature */
export function signatureOf(secret: string | Uint8Array, atSeconds: number, body: string): string {
  const digest = createHmac("sha256", secret).update(`${atSeconds}.${body}`).digest("hex");
  return `t=${atSeconds},v1=${digest}`;
}
