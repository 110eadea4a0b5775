// A new sale with its lanes and its units, each with a number and a pool, in one transaction.
import type { Phase } from "@dropgate/contracts/states/phase";
import type { Statements } from "../truth.ts";

export interface NewSale {
  id: string;
  tag: string;
  idKey: Uint8Array;
  title: string;
  sku: string;
  source: "inventory" | "own";
  /** Whence the units come; null: the sale brings its own. */
  locationId: string | null;
  kind: "lottery" | "rush";
  phase: Phase;
  quantity: number;
  poolCount: number;
  laneCount: number;
  limitPerShopper: number;
  identity: "anonymous" | "merchant";
  challenge: "off" | "auto" | "on";
  beacon: { source: string; round: number } | null;
  imageUrl: string | null;
  price: { amount: number; currency: string } | null;
  description: string | null;
  checkoutUrl: string | null;
  lobbyAt: Date;
  drawAt: Date;
  opensAt: Date;
  closesAt: Date;
  claimWindowSeconds: number;
  purchaseWindowSeconds: number;
  paymentExtensionSeconds: number;
  ratePerSecond: number;
  burst: number;
  secret: Uint8Array;
  /** A copy for a dry run. */
  rehearsal: boolean;
}

/**
 * Units are numbered from 1 and dealt to the pools in turn, so that pools run dry together.
 * @returns whether the id was free; when it was not, nothing was written
 * @throws unique_violation on sales_tag_key: the tag is taken, make another
 */
export async function insertSale(tx: Statements, sale: NewSale, actor: string): Promise<boolean> {
  const { rowCount } = await tx.query(
    `INSERT INTO sales (id, tag, id_key, title, sku, source, kind, phase, quantity, pool_count, lane_count,
       limit_per_shopper, identity, challenge, beacon_source, beacon_round, image_url, price_amount, price_currency,
       description, checkout_url, lobby_at, draw_at, opens_at, closes_at, claim_window_seconds,
       purchase_window_seconds, payment_extension_seconds, rate_per_second, burst, secret, commitment, location_id, rehearsal)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22,
       $23, $24, $25, $26, $27, $28, $29, $30, $31, sha256($31), $32, $33)
     ON CONFLICT (id) DO NOTHING`,
    [
      sale.id,
      sale.tag,
      sale.idKey,
      sale.title,
      sale.sku,
      sale.source,
      sale.kind,
      sale.phase,
      sale.quantity,
      sale.poolCount,
      sale.laneCount,
      sale.limitPerShopper,
      sale.identity,
      sale.challenge,
      sale.beacon?.source ?? null,
      sale.beacon?.round ?? null,
      sale.imageUrl,
      sale.price?.amount ?? null,
      sale.price?.currency ?? null,
      sale.description,
      sale.checkoutUrl,
      sale.lobbyAt,
      sale.drawAt,
      sale.opensAt,
      sale.closesAt,
      sale.claimWindowSeconds,
      sale.purchaseWindowSeconds,
      sale.paymentExtensionSeconds,
      sale.ratePerSecond,
      sale.burst,
      sale.secret,
      sale.locationId,
      sale.rehearsal,
    ],
  );
  if (rowCount !== 1) return false;
  await tx.query("INSERT INTO lanes (sale_id, lane) SELECT $1, generate_series(0, $2::int - 1)", [
    sale.id,
    sale.laneCount,
  ]);
  await tx.query(
    "INSERT INTO units (sale_id, unit, lane) SELECT $1, n, (n - 1) % $3::int FROM generate_series(1, $2::int) AS n",
    [sale.id, sale.quantity, sale.poolCount],
  );
  await tx.query(
    `INSERT INTO ledger (sale_id, act, actor, data)
     VALUES ($1, 'sale.created', $2, jsonb_build_object('quantity', $3::int, 'poolCount', $4::int,
       'ratePerSecond', $5::float8, 'burst', $6::int, 'phase', $7::text))`,
    [sale.id, actor, sale.quantity, sale.poolCount, sale.ratePerSecond, sale.burst, sale.phase],
  );
  return true;
}
