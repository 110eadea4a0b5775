// The signature on every message between Dropgate and a warehouse, made and checked: the worked example for a real one.
import { createHmac, timingSafeEqual } from "node:crypto";

/** Who copies a message may send it again only so long. */
const AGE_SECONDS_MAX = 300;

export function sign(secret: string, body: string, nowMs: number): string {
  const t = Math.floor(nowMs / 1000);
  return `t=${t},v1=${digestOf(secret, t, body)}`;
}

/** @param body the bytes as they came, before anything has read them */
export function isSigned(secret: string, header: string | undefined, body: string, nowMs: number): boolean {
  const [, t = "", v1 = ""] = /^t=(\d{1,12}),v1=([0-9a-f]{64})$/.exec(header ?? "") ?? [];
  if (t === "" || Math.abs(nowMs / 1000 - Number(t)) > AGE_SECONDS_MAX) return false;
  return timingSafeEqual(Buffer.from(v1), Buffer.from(digestOf(secret, Number(t), body)));
}

function digestOf(secret: string, t: number, body: string): string {
  return createHmac("sha256", secret).update(`${t}.${body}`).digest("hex");
}
