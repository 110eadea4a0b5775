// New reservations: first their rows, which says whose the order ids are, and once the levels have been judged their
// lines; what was refused is taken back within the same transaction.
import type { Statements } from "../truth.ts";
import type { ReservationLine } from "./reservation-row.ts";

export interface NewReservation {
  id: string;
  orderId: string;
  request: unknown;
  plan: unknown;
  windowSeconds: number;
  /** Of a late confirm: the expired one that it stands for. Confirmed at once, it has no window. */
  replaces: string | null;
}

/**
 * In order of order id, so that two groups never wait for each other in a circle.
 * @returns the ids that were written; another reservation has the order ids of the rest, or stands for the same one
 */
export async function insertReservations(
  tx: Statements,
  reservations: readonly NewReservation[],
): Promise<Set<string>> {
  if (reservations.length === 0) return new Set();
  const { rows } = await tx.query<{ id: string }>(
    `INSERT INTO reservations (id, order_id, state, request, plan, expires_at, confirmed_at, replaces)
     SELECT n.id, n.order_id, CASE WHEN n.replaces IS NULL THEN 'active' ELSE 'confirmed' END, n.request, n.plan,
       CASE WHEN n.replaces IS NULL THEN clock_timestamp() + n.seconds * interval '1 second' END,
       CASE WHEN n.replaces IS NOT NULL THEN clock_timestamp() END, n.replaces
     FROM unnest($1::text[], $2::text[], $3::jsonb[], $4::jsonb[], $5::int[], $6::text[])
       AS n(id, order_id, request, plan, seconds, replaces)
     ORDER BY n.order_id COLLATE "C"
     ON CONFLICT DO NOTHING RETURNING id`,
    [
      reservations.map((r) => r.id),
      reservations.map((r) => r.orderId),
      reservations.map((r) => JSON.stringify(r.request)),
      reservations.map((r) => (r.plan === null ? null : JSON.stringify(r.plan))),
      reservations.map((r) => r.windowSeconds),
      reservations.map((r) => r.replaces),
    ],
  );
  return new Set(rows.map(({ id }) => id));
}

export interface NewLine extends Pick<ReservationLine, "line" | "sku" | "locationId" | "quantity"> {
  reservationId: string;
}

/** The levels are there, and locked by the caller. */
export async function insertLines(tx: Statements, lines: readonly NewLine[]): Promise<void> {
  if (lines.length === 0) return;
  await tx.query(
    `INSERT INTO reservation_lines (reservation_id, line, sku, location_id, quantity)
     SELECT * FROM unnest($1::text[], $2::int[], $3::text[], $4::text[], $5::int[])`,
    [
      lines.map((l) => l.reservationId),
      lines.map((l) => l.line),
      lines.map((l) => l.sku),
      lines.map((l) => l.locationId),
      lines.map((l) => l.quantity),
    ],
  );
}

export interface NewBackorder {
  id: string;
  reservationId: string;
  sku: string;
  quantity: number;
}

export async function insertBackorders(tx: Statements, backorders: readonly NewBackorder[]): Promise<void> {
  if (backorders.length === 0) return;
  await tx.query(
    `INSERT INTO backorders (id, reservation_id, sku, quantity)
     SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::int[])`,
    [
      backorders.map((b) => b.id),
      backorders.map((b) => b.reservationId),
      backorders.map((b) => b.sku),
      backorders.map((b) => b.quantity),
    ],
  );
}

/** A shorter window for those whose stock everybody wants, counted from when they were made. */
export async function shortenWindows(
  tx: Statements,
  ids: readonly string[],
  windowSeconds: number,
): Promise<void> {
  if (ids.length === 0) return;
  await tx.query(
    "UPDATE reservations SET expires_at = created_at + $2 * interval '1 second' WHERE id = ANY($1)",
    [ids, windowSeconds],
  );
}

/** Takes back rows that this transaction inserted and whose stock was refused: they have no lines. */
export async function removeReservations(tx: Statements, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await tx.query("DELETE FROM reservations WHERE id = ANY($1)", [ids]);
}
