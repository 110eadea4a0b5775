// The secrets that locations share with their warehouses, sealed. Until when a previous one counts is judged here, by
// PostgreSQL's clock.
import type { Statements } from "../truth.ts";

export interface WmsSecretRow {
  locationId: string;
  /** Null: WMS_SECRET. */
  sealed: Buffer | null;
  /** Null: WMS_SECRET. */
  previousSealed: Buffer | null;
  previousUntil: Date;
  /** Whether the previous one still counts. */
  isPreviousGood: boolean;
  setAt: Date;
}

const COLUMNS = `location_id AS "locationId", sealed, previous_sealed AS "previousSealed",
  previous_until AS "previousUntil", previous_until > clock_timestamp() AS "isPreviousGood", set_at AS "setAt"`;

/** All that there are: at most one a location. */
export async function readWmsSecrets(truth: Statements): Promise<WmsSecretRow[]> {
  const { rows } = await truth.query<WmsSecretRow>(`SELECT ${COLUMNS} FROM location_wms_secrets`);
  return rows;
}

/** Null: the location never had one. */
export async function readWmsSecret(truth: Statements, locationId: string): Promise<WmsSecretRow | null> {
  const { rows } = await truth.query<WmsSecretRow>(
    `SELECT ${COLUMNS} FROM location_wms_secrets WHERE location_id = $1`,
    [locationId],
  );
  return rows[0] ?? null;
}

/** The caller has locked the location. @param overlapSeconds how long the previous one still counts */
export async function writeWmsSecret(
  tx: Statements,
  to: Pick<WmsSecretRow, "locationId" | "sealed" | "previousSealed">,
  overlapSeconds: number,
): Promise<WmsSecretRow> {
  const { rows } = await tx.query<WmsSecretRow>(
    `INSERT INTO location_wms_secrets (location_id, sealed, previous_sealed, previous_until)
     VALUES ($1, $2, $3, clock_timestamp() + $4 * interval '1 second')
     ON CONFLICT (location_id) DO UPDATE SET sealed = excluded.sealed, previous_sealed = excluded.previous_sealed,
       previous_until = excluded.previous_until, set_at = excluded.set_at
     RETURNING ${COLUMNS}`,
    [to.locationId, to.sealed, to.previousSealed, overlapSeconds],
  );
  if (!rows[0]) throw new Error(`the secret of location ${to.locationId} was written but is not there`);
  return rows[0];
}
