// A location as PostgreSQL has it.
import type { Location } from "@dropgate/contracts/location";
import type { Statements } from "../truth.ts";

/** What may change of a location. */
export interface LocationFacts {
  name: string;
  type: Location["type"];
  line1: string | null;
  city: string | null;
  region: string | null;
  postalCode: string;
  country: string;
  lat: number;
  lon: number;
  timeZone: string;
  shippingMethods: Location["shippingMethods"];
  handlesHazmat: boolean;
  handlesOversized: boolean;
  handlesRefrigerated: boolean;
  serviceRegions: string[];
  operatingDays: number[];
  capacityPerDay: number;
  currentUtilization: number;
  wmsUrl: string | null;
}

export interface LocationRow extends LocationFacts {
  id: string;
  version: number;
  createdAt: Date;
  updatedAt: Date;
}

const COLUMNS = `id, name, type, line1, city, region, postal_code AS "postalCode", country, lat, lon,
  time_zone AS "timeZone", shipping_methods AS "shippingMethods", handles_hazmat AS "handlesHazmat",
  handles_oversized AS "handlesOversized", handles_refrigerated AS "handlesRefrigerated",
  service_regions AS "serviceRegions", operating_days AS "operatingDays", capacity_per_day AS "capacityPerDay",
  current_utilization AS "currentUtilization", wms_url AS "wmsUrl", version, created_at AS "createdAt",
  updated_at AS "updatedAt"`;

function valuesOf(id: string, facts: LocationFacts): unknown[] {
  return [
    id,
    facts.name,
    facts.type,
    facts.line1,
    facts.city,
    facts.region,
    facts.postalCode,
    facts.country,
    facts.lat,
    facts.lon,
    facts.timeZone,
    JSON.stringify(facts.shippingMethods),
    facts.handlesHazmat,
    facts.handlesOversized,
    facts.handlesRefrigerated,
    facts.serviceRegions,
    facts.operatingDays,
    facts.capacityPerDay,
    facts.currentUtilization,
    facts.wmsUrl,
  ];
}

/** Null: the id is taken, and nothing was written. */
export async function insertLocation(
  tx: Statements,
  id: string,
  facts: LocationFacts,
): Promise<LocationRow | null> {
  const { rows } = await tx.query<LocationRow>(
    `INSERT INTO locations (id, name, type, line1, city, region, postal_code, country, lat, lon, time_zone,
       shipping_methods, handles_hazmat, handles_oversized, handles_refrigerated, service_regions, operating_days,
       capacity_per_day, current_utilization, wms_url)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)
     ON CONFLICT (id) DO NOTHING RETURNING ${COLUMNS}`,
    valuesOf(id, facts),
  );
  return rows[0] ?? null;
}

export async function readLocation(truth: Statements, id: string): Promise<LocationRow | null> {
  const { rows } = await truth.query<LocationRow>(`SELECT ${COLUMNS} FROM locations WHERE id = $1`, [id]);
  return rows[0] ?? null;
}

export async function lockLocation(tx: Statements, id: string): Promise<LocationRow | null> {
  const { rows } = await tx.query<LocationRow>(
    `SELECT ${COLUMNS} FROM locations WHERE id = $1 FOR NO KEY UPDATE`,
    [id],
  );
  return rows[0] ?? null;
}

/** The caller has locked the location. */
export async function updateLocation(tx: Statements, id: string, to: LocationFacts): Promise<LocationRow> {
  const { rows } = await tx.query<LocationRow>(
    `UPDATE locations SET name = $2, type = $3, line1 = $4, city = $5, region = $6, postal_code = $7, country = $8,
       lat = $9, lon = $10, time_zone = $11, shipping_methods = $12, handles_hazmat = $13, handles_oversized = $14,
       handles_refrigerated = $15, service_regions = $16, operating_days = $17, capacity_per_day = $18,
       current_utilization = $19, wms_url = $20, version = version + 1, updated_at = clock_timestamp()
     WHERE id = $1 RETURNING ${COLUMNS}`,
    valuesOf(id, to),
  );
  if (!rows[0]) throw new Error(`location ${id} was locked but is not there`);
  return rows[0];
}

/** A page of locations by id, after one. */
export async function listLocations(
  truth: Statements,
  after: string | null,
  limit: number,
): Promise<LocationRow[]> {
  const { rows } = await truth.query<LocationRow>(
    `SELECT ${COLUMNS} FROM locations WHERE $1::text IS NULL OR id > $1 ORDER BY id LIMIT $2`,
    [after, limit],
  );
  return rows;
}
