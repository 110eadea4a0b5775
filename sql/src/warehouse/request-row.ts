// A request to a warehouse as PostgreSQL has it, and the pages in which it is looked at.
import type { WmsRequest, WmsRequestState } from "@dropgate/contracts/wms-requests";
import type { Statements } from "../truth.ts";

export interface RequestRow {
  /** In the order in which they were asked. */
  nth: number;
  id: string;
  locationId: string;
  orderKey: string;
  orderId: string | null;
  body: WmsRequest;
  state: WmsRequestState;
  attempts: number;
  nextAt: Date;
  lastError: string | null;
  createdAt: Date;
  sentAt: Date | null;
  /** The location's own address. */
  wmsUrl: string | null;
}

const COLUMNS = `o.id AS nth, o.request_id AS id, o.location_id AS "locationId", o.order_key AS "orderKey",
  o.order_id AS "orderId", o.body, o.state, o.attempts, o.next_at AS "nextAt", o.last_error AS "lastError",
  o.created_at AS "createdAt", o.sent_at AS "sentAt", l.wms_url AS "wmsUrl"`;
const FROM = "wms_outbox o JOIN locations l ON l.id = o.location_id";

export interface RequestFilter {
  state?: WmsRequestState | undefined;
  orderId?: string | undefined;
  locationId?: string | undefined;
}

/** The newest first. */
export async function listRequests(
  truth: Statements,
  { state, orderId, locationId }: RequestFilter,
  before: number | null,
  limit: number,
): Promise<RequestRow[]> {
  const values: unknown[] = [before, limit];
  // Written out, so that each has its index: with `$3 IS NULL OR …` PostgreSQL would plan for all of them at once.
  const where = ["($1::bigint IS NULL OR o.id < $1)"];
  if (state !== undefined) where.push(`o.state = '${state}'`);
  if (orderId !== undefined) where.push(`o.order_id = $${values.push(orderId)}`);
  if (locationId !== undefined) where.push(`o.location_id = $${values.push(locationId)}`);
  const { rows } = await truth.query<RequestRow>(
    `SELECT ${COLUMNS} FROM ${FROM} WHERE ${where.join(" AND ")} ORDER BY o.id DESC LIMIT $2`,
    values,
  );
  return rows;
}

export async function readRequest(tx: Statements, id: string): Promise<RequestRow | null> {
  const { rows } = await tx.query<RequestRow>(`SELECT ${COLUMNS} FROM ${FROM} WHERE o.request_id = $1`, [id]);
  return rows[0] ?? null;
}

/** Locks a request and whatever stands behind it in its line, so that none of them is sent meanwhile. */
export async function lockLine(
  tx: Statements,
  id: string,
): Promise<{ request: RequestRow; later: Pick<RequestRow, "id" | "state" | "attempts">[] } | null> {
  await tx.query(
    `SELECT 1 FROM wms_outbox o JOIN wms_outbox first ON first.location_id = o.location_id
       AND first.order_key = o.order_key AND first.id <= o.id
     WHERE first.request_id = $1 ORDER BY o.id FOR NO KEY UPDATE OF o`,
    [id],
  );
  const request = await readRequest(tx, id);
  if (request === null) return null;
  const { rows } = await tx.query<Pick<RequestRow, "id" | "state" | "attempts">>(
    `SELECT request_id AS id, state, attempts FROM wms_outbox
     WHERE location_id = $1 AND order_key = $2 AND id > $3 ORDER BY id`,
    [request.locationId, request.orderKey, request.nth],
  );
  return { request, later: rows };
}

/**
 * The caller has locked the line of a dead request. Those behind it are put off by a moment: a claim that looked for
 * who is first before this commits, and gets to their rows after it, then finds that their time has not come.
 */
export async function reviveRequest(
  tx: Statements,
  { id, nth, locationId, orderKey }: RequestRow,
): Promise<void> {
  await tx.query(
    `UPDATE wms_outbox SET state = 'waiting', attempts = 0, next_at = clock_timestamp()
     WHERE request_id = $1 AND state = 'dead'`,
    [id],
  );
  await tx.query(
    `UPDATE wms_outbox SET next_at = greatest(next_at, clock_timestamp() + interval '1 second')
     WHERE location_id = $1 AND order_key = $2 AND id > $3 AND state = 'waiting'`,
    [locationId, orderKey, nth],
  );
}
