// A reservation as PostgreSQL has it, with its lines and what it waits for.
import type { HoldState } from "@dropgate/contracts/states/hold";
import type { Statements } from "../truth.ts";

export interface ReservationLine {
  line: number;
  sku: string;
  locationId: string;
  quantity: number;
  picked: number;
  packed: number;
  shipped: number;
  released: number;
}

export interface Backorder {
  id: string;
  sku: string;
  quantity: number;
  filled: number;
  state: "open" | "filled" | "cancelled";
}

export type ReservationState = Exclude<HoldState, "offered" | "void">;

export interface ReservationRow {
  id: string;
  orderId: string;
  /** Of a sale's order; null for an ordinary checkout's. */
  holdId: string | null;
  saleId: string | null;
  state: ReservationState;
  rev: number;
  /** As it was read; a retry is compared with it. */
  request: unknown;
  plan: unknown;
  createdAt: Date;
  expiresAt: Date | null;
  extended: boolean;
  confirmedAt: Date | null;
  endedAt: Date | null;
  endReason: string | null;
  replaces: string | null;
  lines: ReservationLine[];
  backorders: Backorder[];
}

const ROW = `SELECT r.id, r.order_id AS "orderId", r.hold_id AS "holdId", r.sale_id AS "saleId", r.state, r.rev, r.request,
    r.plan, r.created_at AS "createdAt", r.expires_at AS "expiresAt", r.extended, r.confirmed_at AS "confirmedAt",
    r.ended_at AS "endedAt", r.end_reason AS "endReason", r.replaces,
    (SELECT coalesce(json_agg(json_build_object('line', l.line, 'sku', l.sku, 'locationId', l.location_id,
       'quantity', l.quantity, 'picked', l.picked, 'packed', l.packed, 'shipped', l.shipped, 'released', l.released)
       ORDER BY l.line), '[]')
     FROM reservation_lines l WHERE l.reservation_id = r.id) AS lines,
    (SELECT coalesce(json_agg(json_build_object('id', b.id, 'sku', b.sku, 'quantity', b.quantity, 'filled', b.filled,
       'state', b.state) ORDER BY b.created_at, b.id), '[]')
     FROM backorders b WHERE b.reservation_id = r.id) AS backorders
  FROM reservations r`;

/** By id; one that is not there is missing. */
export async function readReservations(
  truth: Statements,
  ids: readonly string[],
): Promise<Map<string, ReservationRow>> {
  if (ids.length === 0) return new Map();
  const { rows } = await truth.query<ReservationRow>(`${ROW} WHERE r.id = ANY($1) ORDER BY r.id`, [ids]);
  return new Map(rows.map((row) => [row.id, row]));
}

/**
 * The same, locked in the one order. The lines are read by a second statement: what the first sees of them may be older
 * than the wait for the lock, and an order that was picked meanwhile would be cancelled.
 */
export async function lockReservations(
  tx: Statements,
  ids: readonly string[],
): Promise<Map<string, ReservationRow>> {
  if (ids.length === 0) return new Map();
  await tx.query("SELECT 1 FROM reservations WHERE id = ANY($1) ORDER BY id FOR NO KEY UPDATE", [ids]);
  return readReservations(tx, ids);
}

/** The reservations that have these order ids for good or for now, by order id: those that ended may be tried again. */
export async function readByOrder(
  truth: Statements,
  orderIds: readonly string[],
): Promise<Map<string, ReservationRow>> {
  if (orderIds.length === 0) return new Map();
  const { rows } = await truth.query<ReservationRow>(
    `${ROW} WHERE r.order_id = ANY($1) AND r.state IN ('active', 'pending', 'confirmed', 'allocated', 'cancelled')`,
    [orderIds],
  );
  return new Map(rows.map((row) => [row.orderId, row]));
}

/** By the reservation that each stands for. */
export async function readReplacements(
  truth: Statements,
  ids: readonly string[],
): Promise<Map<string, ReservationRow>> {
  if (ids.length === 0) return new Map();
  const { rows } = await truth.query<ReservationRow>(`${ROW} WHERE r.replaces = ANY($1)`, [ids]);
  return new Map(rows.map((row) => [row.replaces ?? "", row]));
}

/** Those whose window is over, the longest first. */
export async function readDueReservations(truth: Statements, limit: number): Promise<string[]> {
  const { rows } = await truth.query<{ id: string }>(
    `SELECT id FROM reservations WHERE state IN ('active', 'pending') AND expires_at <= statement_timestamp()
     ORDER BY expires_at LIMIT $1`,
    [limit],
  );
  return rows.map(({ id }) => id);
}

export interface ReservationFilter {
  state: string | undefined;
  orderId: string | undefined;
}

export interface ReservationCursor {
  createdMicros: string;
  id: string;
}

/** @returns with each the cursor that begins behind it; the newest first */
export async function listReservations(
  truth: Statements,
  { state, orderId }: ReservationFilter,
  after: ReservationCursor | null,
  limit: number,
): Promise<{ reservation: ReservationRow; cursor: ReservationCursor }[]> {
  const { rows } = await truth.query<ReservationRow & { createdMicros: number }>(
    `SELECT *, (extract(epoch FROM "createdAt") * 1000000)::bigint AS "createdMicros" FROM (
       ${ROW} WHERE ($1::text IS NULL OR r.state = $1) AND ($2::text IS NULL OR r.order_id = $2)
         AND ($3::bigint IS NULL
           OR (r.created_at, r.id) < ('epoch'::timestamptz + $3::bigint * interval '1 microsecond', $4))
       ORDER BY r.created_at DESC, r.id DESC LIMIT $5) page`,
    [state ?? null, orderId ?? null, after?.createdMicros ?? null, after?.id ?? "", limit],
  );
  return rows.map(({ createdMicros, ...reservation }) => ({
    reservation,
    cursor: { createdMicros: String(createdMicros), id: reservation.id },
  }));
}
