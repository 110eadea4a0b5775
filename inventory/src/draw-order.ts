// The order of a draw, dropgate-draw-1: from a frozen list and the sale's secret to tickets. The independent
// verifier (draw/) is written separately, from the published format.
import { createHash, createHmac } from "node:crypto";

/** Folds ids into `SHA-256(id ‖ "\n" ‖ id ‖ "\n" …)`, a page at a time. */
export class ListDigest {
  readonly #hash = createHash("sha256");
  count = 0;

  add(entryId: string): void {
    this.#hash.update(entryId).update("\n");
    this.count++;
  }

  finish(): Buffer {
    return this.#hash.digest();
  }
}

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

/** The entry ids in ticket order: ascending by `SHA-256(seed ‖ id)`, bytewise, then by id. */
export function orderOf(seed: Buffer, entryIds: readonly string[]): string[] {
  const keyed = entryIds.map((entryId) => ({
    entryId,
    key: createHash("sha256").update(seed).update(entryId).digest(),
  }));
  keyed.sort((a, b) => Buffer.compare(a.key, b.key) || (a.entryId < b.entryId ? -1 : 1));
  return keyed.map(({ entryId }) => entryId);
}
