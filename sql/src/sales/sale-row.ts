// A sale as PostgreSQL has it: everything that its public and its operator's view are made of.
import type { Phase } from "@dropgate/contracts/states/phase";
import type { Statements } from "../truth.ts";

export interface SaleRow {
  id: string;
  tag: string;
  idKey: Buffer;
  title: string;
  sku: string;
  source: "inventory" | "own";
  /** Whence the units come; null: the sale brings its own. */
  locationId: string | null;
  kind: "lottery" | "rush";
  phase: Phase;
  version: number;
  /** All units it ever had. */
  quantity: number;
  /** How many of them an operator has taken out again. */
  withdrawn: number;
  poolCount: number;
  laneCount: number;
  limitPerShopper: number;
  identity: "anonymous" | "merchant";
  challenge: "off" | "auto" | "on";
  beaconSource: string | null;
  beaconRound: number | null;
  imageUrl: string | null;
  priceAmount: number | null;
  priceCurrency: string | null;
  description: string | null;
  message: string | null;
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
  commitment: Buffer;
  /** Null until the sale is closed: it is not even read before. */
  secret: Buffer | null;
  serving: number;
  createdAt: Date;
  /** A copy for a dry run. */
  rehearsal: boolean;
}

/** The select list that makes a SaleRow from `sales s`. */
export const SALE_COLUMNS = `s.id, s.tag, s.id_key AS "idKey", s.title, s.sku, s.source,
  s.location_id AS "locationId", s.kind, s.phase, s.version, s.quantity, s.withdrawn, s.pool_count AS "poolCount", s.lane_count AS "laneCount", s.limit_per_shopper AS "limitPerShopper",
  s.identity, s.challenge, s.beacon_source AS "beaconSource", s.beacon_round AS "beaconRound",
  s.image_url AS "imageUrl", s.price_amount AS "priceAmount", s.price_currency AS "priceCurrency", s.description,
  s.message, s.checkout_url AS "checkoutUrl", s.lobby_at AS "lobbyAt", s.draw_at AS "drawAt",
  s.opens_at AS "opensAt", s.closes_at AS "closesAt", s.claim_window_seconds AS "claimWindowSeconds",
  s.purchase_window_seconds AS "purchaseWindowSeconds", s.payment_extension_seconds AS "paymentExtensionSeconds",
  s.rate_per_second AS "ratePerSecond", s.burst, s.commitment,
  CASE WHEN s.phase = 'closed' THEN s.secret END AS secret, s.serving, s.created_at AS "createdAt", s.rehearsal`;

export async function readSale(truth: Statements, saleId: string): Promise<SaleRow | null> {
  const { rows } = await truth.query<SaleRow>(`SELECT ${SALE_COLUMNS} FROM sales s WHERE s.id = $1`, [
    saleId,
  ]);
  return rows[0] ?? null;
}

export async function readSaleByTag(truth: Statements, tag: string): Promise<SaleRow | null> {
  const { rows } = await truth.query<SaleRow>(`SELECT ${SALE_COLUMNS} FROM sales s WHERE s.tag = $1`, [tag]);
  return rows[0] ?? null;
}

/** Where a list goes on: the newest come first. */
export interface SaleCursor {
  /** created_at in microseconds since 1970, digits: PostgreSQL is exact to them, a Date is not. */
  createdMicros: string;
  id: string;
}

/**
 * A page of sales, the newest first.
 * @param rehearsals whether dry runs' copies are among them
 * @param phases only sales in one of these; null: in any
 * @returns with each sale the cursor that begins behind it
 */
export async function listSales(
  truth: Statements,
  after: SaleCursor | null,
  limit: number,
  rehearsals: "with" | "without",
  phases: readonly Phase[] | null = null,
): Promise<{ sale: SaleRow; cursor: SaleCursor }[]> {
  const micros = "(extract(epoch FROM s.created_at) * 1000000)::bigint";
  const { rows } = await truth.query<SaleRow & { createdMicros: number }>(
    `SELECT ${SALE_COLUMNS}, ${micros} AS "createdMicros" FROM sales s
     WHERE ($1::bigint IS NULL OR (${micros}, s.id) < ($1::bigint, $2)) AND ($4 OR NOT s.rehearsal)
       AND ($5::text[] IS NULL OR s.phase = ANY($5))
     ORDER BY ${micros} DESC, s.id DESC LIMIT $3`,
    [after?.createdMicros ?? null, after?.id ?? "", limit, rehearsals === "with", phases],
  );
  return rows.map(({ createdMicros, ...sale }) => ({
    sale,
    cursor: { createdMicros: String(createdMicros), id: sale.id },
  }));
}

/** The version of each of these sales, and whether it is open: what a gateway compares its copies with. */
export async function readSaleVersions(
  truth: Statements,
  saleIds: readonly string[],
): Promise<{ id: string; version: number; phase: Phase }[]> {
  const { rows } = await truth.query<{ id: string; version: number; phase: Phase }>(
    "SELECT id, version, phase FROM sales WHERE id = ANY($1)",
    [saleIds],
  );
  return rows;
}
