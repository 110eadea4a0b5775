// Locks holds in the one order, then reads the clock: a time read before the lock could be older than the
// wait for it, and a hold would be judged by a moment that has passed.
import { HEARTBEAT_GAP_MS } from "@dropgate/contracts/limits";
import type { Prepared, Statements } from "../truth.ts";
import { HOLD_COLUMNS, type HoldRow } from "./hold-row.ts";

/** The moment by which windows are judged, and whether the service was there all along. */
export interface Judge {
  now: Date;
  /** False: the service was away; no window may be judged before the gap was added to them all. */
  fresh: boolean;
}

const READ_JUDGE: Prepared = {
  name: "read-judge",
  text: `SELECT clock_timestamp() AS now,
       clock_timestamp() - beat_at < $1 * interval '1 millisecond' AS fresh
     FROM service_heartbeat`,
};

export async function readJudge(tx: Statements): Promise<Judge> {
  const { rows } = await tx.query<Judge>(READ_JUDGE, [HEARTBEAT_GAP_MS]);
  return rows[0] ?? { now: new Date(0), fresh: false };
}

/** A locked hold with what of its sale an act needs. Windows are seconds. */
export interface LockedHold extends HoldRow {
  purchaseWindowSeconds: number;
  paymentExtensionSeconds: number;
  /** Whence the sale has its units; null: it brings its own. */
  locationId: string | null;
}

const LOCK_HOLDS: Prepared = {
  name: "lock-holds",
  text: `SELECT ${HOLD_COLUMNS}, s.purchase_window_seconds AS "purchaseWindowSeconds",
       s.payment_extension_seconds AS "paymentExtensionSeconds", s.location_id AS "locationId"
     FROM holds h JOIN sales s ON s.id = h.sale_id
     WHERE h.hold_id = ANY($1) AND h.state <> 'void'
     ORDER BY h.hold_id FOR NO KEY UPDATE OF h`,
};

export async function lockHolds(tx: Statements, holdIds: readonly string[]): Promise<LockedHold[]> {
  const { rows } = await tx.query<LockedHold>(LOCK_HOLDS, [holdIds]);
  return rows;
}
