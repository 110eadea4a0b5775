// New reservations: first their rows, which says whose the order ids are, and once the levels have been judged their
// lines; what was refused is taken back within the same transaction.
import { integers } from "../integers.ts";
import { jsonTextOf } from "../json-text.ts";
import type { Prepared, Statements } from "../truth.ts";
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
     FROM unnest($1::text[], $2::text[], $3::jsonb[], $4::json[], $5::int[], $6::text[])
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

/** A reservation with the lines whose levels are to be judged next, numbered from 1. */
export interface ProposedOrder extends Pick<NewReservation, "id" | "orderId" | "request" | "plan"> {
  lines: readonly Pick<NewLine, "sku" | "locationId" | "quantity">[];
}

// A line of an order that was not inserted finds no reservation: that it is written with it is the join's doing. Orders
// of sales are looked up one by one: asked as NOT EXISTS, all of them were read for each group.
const INSERT_PROPOSED: Prepared = {
  name: "insert-proposed",
  text: `WITH made AS (
       INSERT INTO reservations (id, order_id, state, request, plan, created_at, expires_at)
       SELECT n.id, n.order_id, 'active', n.request, n.plan, now.at, now.at + $5::int * interval '1 second'
       FROM unnest($1::text[], $2::text[], string_to_array($3, E'\\n')::jsonb[], string_to_array($4, E'\\n')::json[])
           AS n(id, order_id, request, plan),
         (SELECT clock_timestamp() AS at) AS now
       WHERE (SELECT true FROM orders o WHERE o.order_id = n.order_id) IS NULL
       ORDER BY n.order_id COLLATE "C"
       ON CONFLICT DO NOTHING RETURNING id, created_at, expires_at
     ), lines AS (
       INSERT INTO reservation_lines (reservation_id, line, sku, location_id, quantity)
       SELECT l.* FROM unnest($6::text[], $7::int[], $8::text[], $9::text[], $10::int[])
         AS l(reservation_id, line, sku, location_id, quantity) JOIN made ON made.id = l.reservation_id
     )
     SELECT id, created_at AS "createdAt", expires_at AS "expiresAt" FROM made`,
};

/**
 * Reservations and their lines in one statement, before their levels are locked: what is written under that lock holds
 * up whoever wants the same SKU. In order of order id, so that two groups never wait for each other in a circle.
 * @returns the times of each by id; another reservation, or a sale's order, has the order ids of the rest
 */
export async function insertProposed(
  tx: Statements,
  orders: readonly ProposedOrder[],
  windowSeconds: number,
): Promise<Map<string, { createdAt: Date; expiresAt: Date }>> {
  if (orders.length === 0) return new Map();
  const { rows } = await tx.query<{ id: string; createdAt: Date; expiresAt: Date }>(
    INSERT_PROPOSED,
    columnsOf(orders, windowSeconds),
  );
  return new Map(rows.map((row) => [row.id, row]));
}

function columnsOf(orders: readonly ProposedOrder[], windowSeconds: number): unknown[] {
  const lines = {
    ids: [] as string[],
    nths: [] as number[],
    skus: [] as string[],
    places: [] as string[],
    quantities: [] as number[],
  };
  for (const { id, lines: own } of orders) {
    for (let i = 0; i < own.length; i += 1) {
      lines.ids.push(id);
      lines.nths.push(i + 1);
      lines.skus.push(own[i]!.sku);
      lines.places.push(own[i]!.locationId);
      lines.quantities.push(own[i]!.quantity);
    }
  }
  return [
    orders.map(({ id }) => id),
    orders.map(({ orderId }) => orderId),
    linesOf(orders.map(({ request }) => JSON.stringify(request))),
    linesOf(orders.map(({ plan }) => jsonTextOf(plan))),
    windowSeconds,
    lines.ids,
    integers(lines.nths),
    lines.skus,
    lines.places,
    integers(lines.quantities),
  ];
}

/** One text, a line each: plans are long, and in an array each of their quotes would be escaped and read again. */
function linesOf(texts: readonly string[]): string {
  // No JSON has a line break in it unless it is asked to.
  return texts.join("\n");
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

/** A shorter window for those whose stock everybody wants, counted from when they were made. @returns its ends */
export async function shortenWindows(
  tx: Statements,
  ids: readonly string[],
  windowSeconds: number,
): Promise<Map<string, Date>> {
  if (ids.length === 0) return new Map();
  const { rows } = await tx.query<{ id: string; expiresAt: Date }>(
    `UPDATE reservations SET expires_at = created_at + $2 * interval '1 second' WHERE id = ANY($1)
     RETURNING id, expires_at AS "expiresAt"`,
    [ids, windowSeconds],
  );
  return new Map(rows.map(({ id, expiresAt }) => [id, expiresAt]));
}

/** Takes back what this transaction inserted and whose stock was refused. */
export async function removeProposed(tx: Statements, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await tx.query("DELETE FROM reservation_lines WHERE reservation_id = ANY($1)", [ids]);
  await removeReservations(tx, ids);
  // Of what never was nobody is told.
  await tx.query(
    `DELETE FROM webhook_deliveries d USING webhooks w
     WHERE d.webhook_id = w.id AND d.state = 'waiting' AND d.subject = ANY($1)`,
    [ids.map((id) => `reservation ${id}`)],
  );
}

/** Takes back rows that this transaction inserted and whose stock was refused: they have no lines. */
export async function removeReservations(tx: Statements, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await tx.query("DELETE FROM reservations WHERE id = ANY($1)", [ids]);
}
