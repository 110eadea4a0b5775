// The seed of a draw, dropgate-draw-1: what the sale's secret makes of a frozen list's digest. The independent
// verifier (draw/) is written separately, from the published format.
import { createHmac } from "node:crypto";

/** `HMAC-SHA256(secret, "<saleId>|<bucket>|<digest hex>|<beacon or nothing>")` */
export function seedOf(
  secret: Uint8Array,
  saleId: string,
  bucket: number,
  digest: Buffer,
  beacon: string | null,
): Buffer {
  return createHmac("sha256", secret)
    .update(`${saleId}|${bucket}|${digest.toString("hex")}|${beacon ?? ""}`)
    .digest();
}
