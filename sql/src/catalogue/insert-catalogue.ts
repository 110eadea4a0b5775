// Many products, locations and levels at once, for a catalogue that is moved in or made up. What is there already
// stays as it is: whoever dies in the middle begins again, and it goes on.
import type { LocationFacts } from "../locations/location-row.ts";
import type { ProductFacts } from "../products/product-row.ts";
import type { Statements } from "../truth.ts";

/** @returns how many were new */
export async function insertProducts(
  tx: Statements,
  products: readonly { sku: string; facts: ProductFacts }[],
): Promise<number> {
  const of = <Value>(value: (facts: ProductFacts) => Value): Value[] =>
    products.map(({ facts }) => value(facts));
  const inserted = await tx.query(
    `INSERT INTO products (sku, title, price_amount, price_currency, weight_grams, length_mm, width_mm, height_mm,
       hazmat, oversized, refrigerated, preorder)
     SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[], $4::text[], $5::int[], $6::int[], $7::int[], $8::int[],
       $9::bool[], $10::bool[], $11::bool[], $12::bool[])
     ON CONFLICT (sku) DO NOTHING`,
    [
      products.map(({ sku }) => sku),
      of((f) => f.title),
      of((f) => f.priceAmount),
      of((f) => f.priceCurrency),
      of((f) => f.weightGrams),
      of((f) => f.lengthMm),
      of((f) => f.widthMm),
      of((f) => f.heightMm),
      of((f) => f.hazmat),
      of((f) => f.oversized),
      of((f) => f.refrigerated),
      of((f) => f.preorder),
    ],
  );
  return inserted.rowCount ?? 0;
}

/** @returns how many were new */
export async function insertLocations(
  tx: Statements,
  locations: readonly { id: string; facts: LocationFacts }[],
): Promise<number> {
  const inserted = await tx.query(
    `INSERT INTO locations (id, name, type, line1, city, region, postal_code, country, lat, lon, time_zone,
       shipping_methods, handles_hazmat, handles_oversized, handles_refrigerated, service_regions, operating_days,
       capacity_per_day, current_utilization, wms_url)
     SELECT l.id, l.name, l.type, l.line1, l.city, l.region, l."postalCode", l.country, l.lat, l.lon, l."timeZone",
       l."shippingMethods", l."handlesHazmat", l."handlesOversized", l."handlesRefrigerated", l."serviceRegions",
       l."operatingDays", l."capacityPerDay", l."currentUtilization", l."wmsUrl"
     FROM jsonb_to_recordset($1::jsonb) AS l(id text, name text, type text, line1 text, city text, region text,
       "postalCode" text, country text, lat float8, lon float8, "timeZone" text, "shippingMethods" jsonb,
       "handlesHazmat" bool, "handlesOversized" bool, "handlesRefrigerated" bool, "serviceRegions" text[],
       "operatingDays" int[], "capacityPerDay" int, "currentUtilization" float8, "wmsUrl" text)
     ON CONFLICT (id) DO NOTHING`,
    [JSON.stringify(locations.map(({ id, facts }) => ({ id, ...facts })))],
  );
  return inserted.rowCount ?? 0;
}

export interface OpeningLevel {
  sku: string;
  locationId: string;
  onHand: number;
  reorderPoint: number;
}

/**
 * Levels that are born with stock, and of each its first transaction, in one statement: so it is the sum of them.
 * @returns how many were new
 */
export async function openLevels(
  tx: Statements,
  levels: readonly OpeningLevel[],
  actor: string,
): Promise<number> {
  const { rows } = await tx.query<{ born: number }>(
    `WITH born AS (
       INSERT INTO inventory_levels (sku, location_id, on_hand, reorder_point, rev)
       SELECT l.sku, l.location_id, l.on_hand, l.reorder_point, 1
       FROM unnest($1::text[], $2::text[], $3::int[], $4::int[]) AS l(sku, location_id, on_hand, reorder_point)
       ORDER BY l.sku COLLATE "C", l.location_id COLLATE "C"
       ON CONFLICT (sku, location_id) DO NOTHING RETURNING sku, location_id, on_hand
     ), told AS (
       INSERT INTO inventory_transactions (type, sku, location_id, on_hand, actor)
       SELECT 'opening', sku, location_id, on_hand, $5 FROM born WHERE on_hand <> 0
     )
     SELECT count(*) AS born FROM born`,
    [
      levels.map(({ sku }) => sku),
      levels.map(({ locationId }) => locationId),
      levels.map(({ onHand }) => onHand),
      levels.map(({ reorderPoint }) => reorderPoint),
      actor,
    ],
  );
  return rows[0]?.born ?? 0;
}
