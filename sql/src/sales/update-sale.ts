// What an operator changes of a sale that lives: each raises the version, so that copies follow, and is told
// to the ledger. The caller has locked the sale and decided.
import type { Statements } from "../truth.ts";
import { SALE_COLUMNS, type SaleRow } from "./sale-row.ts";

/** Every column that may change, as it is to be. */
export type SaleChange = Pick<
  SaleRow,
  | "title"
  | "imageUrl"
  | "priceAmount"
  | "priceCurrency"
  | "description"
  | "checkoutUrl"
  | "message"
  | "lobbyAt"
  | "drawAt"
  | "opensAt"
  | "closesAt"
  | "claimWindowSeconds"
  | "purchaseWindowSeconds"
  | "paymentExtensionSeconds"
>;

/** @param changed the names of what differs, for the ledger */
export async function updateSale(
  tx: Statements,
  saleId: string,
  to: SaleChange,
  changed: Record<string, unknown>,
  actor: string,
): Promise<SaleRow> {
  const { rows } = await tx.query<SaleRow>(
    `WITH told AS (
       INSERT INTO ledger (sale_id, act, actor, data) VALUES ($1, 'sale.changed', $17, $16)
     )
     UPDATE sales s SET version = version + 1, title = $2, image_url = $3, price_amount = $4, price_currency = $5,
       description = $6, checkout_url = $7, message = $8, lobby_at = $9, draw_at = $10, opens_at = $11,
       closes_at = $12, claim_window_seconds = $13, purchase_window_seconds = $14, payment_extension_seconds = $15
     WHERE id = $1 RETURNING ${SALE_COLUMNS}`,
    [
      saleId,
      to.title,
      to.imageUrl,
      to.priceAmount,
      to.priceCurrency,
      to.description,
      to.checkoutUrl,
      to.message,
      to.lobbyAt,
      to.drawAt,
      to.opensAt,
      to.closesAt,
      to.claimWindowSeconds,
      to.purchaseWindowSeconds,
      to.paymentExtensionSeconds,
      JSON.stringify(changed),
      actor,
    ],
  );
  if (!rows[0]) throw new Error(`sale ${saleId} was locked but is not there`);
  return rows[0];
}

/** Moments of the schedule that an action by hand brings forward to now; the others stay. */
export async function moveSchedule(
  tx: Statements,
  saleId: string,
  to: { lobbyAt: Date; drawAt: Date; opensAt: Date; closesAt: Date },
): Promise<void> {
  await tx.query(
    "UPDATE sales SET version = version + 1, lobby_at = $2, draw_at = $3, opens_at = $4, closes_at = $5 WHERE id = $1",
    [saleId, to.lobbyAt, to.drawAt, to.opensAt, to.closesAt],
  );
}

/**
 * Sets the rate of admission. What the token bucket holds is settled by the old rate up to now, and never
 * more than the new burst.
 */
export async function updateAdmission(
  tx: Statements,
  saleId: string,
  to: { ratePerSecond: number; burst: number },
  actor: string,
): Promise<SaleRow> {
  const { rows } = await tx.query<SaleRow>(
    `WITH told AS (
       INSERT INTO ledger (sale_id, act, actor, data)
       VALUES ($1, 'admission.changed', $4, jsonb_build_object('ratePerSecond', $2::float8, 'burst', $3::int))
     )
     UPDATE sales s SET version = version + 1, rate_per_second = $2, burst = $3,
       tokens = least($3::int, CASE WHEN phase = 'live'
         THEN least(burst, tokens + greatest(0, extract(epoch FROM clock_timestamp() - tokens_at)) * rate_per_second)
         ELSE tokens END),
       tokens_at = CASE WHEN phase = 'live' THEN greatest(tokens_at, clock_timestamp()) ELSE tokens_at END
     WHERE id = $1 RETURNING ${SALE_COLUMNS}`,
    [saleId, to.ratePerSecond, to.burst, actor],
  );
  if (!rows[0]) throw new Error(`sale ${saleId} was locked but is not there`);
  return rows[0];
}
