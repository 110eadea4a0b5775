// Writes down what warehouses are to be asked, and that it was asked, in one statement.
import type { WmsRequest } from "@dropgate/contracts/wms-requests";
import type { Reference } from "../levels/write-level-changes.ts";
import type { Statements } from "../truth.ts";

export interface NewRequest {
  id: string;
  kind: "pick" | "cancel" | "transfer" | "count";
  locationId: string;
  /** Requests of one key reach the location in the order in which they are written. */
  orderKey: string;
  orderId: string | null;
  /** Without its time, which is PostgreSQL's. */
  body: Omit<WmsRequest, "timestamp">;
  /** What it was asked for, as the ledger names it. */
  reference: Reference;
  actor: string;
}

/** @param requests in the order in which they are to be sent */
export async function insertRequests(tx: Statements, requests: readonly NewRequest[]): Promise<void> {
  if (requests.length === 0) return;
  await tx.query(
    `WITH asked AS (
       SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::jsonb[], $7::text[],
         $8::text[], $9::text[]) WITH ORDINALITY
       AS a(request_id, kind, location_id, order_key, order_id, body, reference_type, reference_id, actor, nth)
     ), written AS (
       INSERT INTO wms_outbox (request_id, kind, location_id, order_key, order_id, body)
       SELECT request_id, kind, location_id, order_key, order_id, body || jsonb_build_object('timestamp',
         to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))
       FROM asked ORDER BY nth
     )
     INSERT INTO inventory_transactions (note, type, location_id, reference_type, reference_id, actor, data)
     SELECT true, 'warehouse.asked', location_id, reference_type, reference_id, actor,
       jsonb_build_object('requestId', request_id, 'requestType', body->>'requestType')
     FROM asked ORDER BY nth`,
    [
      requests.map((r) => r.id),
      requests.map((r) => r.kind),
      requests.map((r) => r.locationId),
      requests.map((r) => r.orderKey),
      requests.map((r) => r.orderId),
      requests.map((r) => JSON.stringify(r.body)),
      requests.map((r) => r.reference.type),
      requests.map((r) => r.reference.id),
      requests.map((r) => r.actor),
    ],
  );
}
