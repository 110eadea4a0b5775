// The token by which an entry is proven ever after: what a join is answered, and a link to another device.

import type { KnownSale } from "../sales/known-sale.ts";
import type { Services } from "../services.ts";

/** An entry token outlives its sale by this, so that its shopper can still see how it ended. */
const TOKEN_AFTER_CLOSE_SECONDS = 30 * 86_400;

export function entryToken(
  { callers }: Pick<Services, "callers">,
  sale: KnownSale,
  entry: { entryId: string; shopper: string; attempt: number; bucket: number },
): string {
  return callers.entryTokens.make({
    sale: sale.id,
    entry: entry.entryId,
    shopper: entry.shopper,
    attempt: entry.attempt,
    bucket: entry.bucket,
    exp: Math.ceil(sale.row.closesAt.getTime() / 1_000) + TOKEN_AFTER_CLOSE_SECONDS,
  });
}
