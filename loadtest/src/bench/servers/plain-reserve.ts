// The plain way of `reserve`: Fastify and a transaction for each, over a pool of connections: of each line the first
// location that has enough, its row locked with SELECT … FOR UPDATE in a fixed order, the quantities checked and
// written, the reservation and its lines inserted, commit.
import Fastify from "fastify";
import pg from "pg";
import { announce } from "./announce.ts";

interface Line {
  sku: string;
  quantity: number;
}

const pool = new pg.Pool({ connectionString: process.argv[2], max: 20 });
await pool.query(
  `CREATE TABLE plain_levels (sku text NOT NULL, location_id text NOT NULL, on_hand int NOT NULL, reserved int NOT NULL,
     PRIMARY KEY (sku, location_id)) WITH (fillfactor = 70)`,
);
await pool.query(
  "CREATE TABLE plain_reservations (id text PRIMARY KEY, order_id text NOT NULL UNIQUE, expires_at timestamptz NOT NULL)",
);
await pool.query(
  `CREATE TABLE plain_lines (reservation_id text NOT NULL REFERENCES plain_reservations, line int NOT NULL, sku text NOT NULL,
     location_id text NOT NULL, quantity int NOT NULL, PRIMARY KEY (reservation_id, line))`,
);
await pool.query(
  "INSERT INTO plain_levels SELECT sku, location_id, on_hand, 0 FROM inventory_levels WHERE on_hand = $1",
  [Number(process.argv[3])],
);
await pool.query("ANALYZE plain_levels");
let made = 0;

class Short extends Error {}

/** @returns the location of each line */
async function reserve(client: pg.PoolClient, orderId: string, items: Line[]): Promise<string[]> {
  const places: string[] = [];
  for (const { sku, quantity } of items.toSorted((a, b) => (a.sku < b.sku ? -1 : 1))) {
    const { rows } = await client.query<{ location_id: string }>(
      `SELECT location_id FROM plain_levels WHERE sku = $1 AND on_hand - reserved >= $2
       ORDER BY location_id LIMIT 1 FOR UPDATE`,
      [sku, quantity],
    );
    if (!rows[0]) throw new Short();
    places.push(rows[0].location_id);
    await client.query(
      "UPDATE plain_levels SET reserved = reserved + $3 WHERE sku = $1 AND location_id = $2",
      [sku, rows[0].location_id, quantity],
    );
  }
  const id = `r${++made}`;
  await client.query("INSERT INTO plain_reservations VALUES ($1, $2, now() + interval '15 minutes')", [
    id,
    orderId,
  ]);
  for (const [i, { sku, quantity }] of items.entries()) {
    await client.query("INSERT INTO plain_lines VALUES ($1, $2, $3, $4, $5)", [
      id,
      i,
      sku,
      places[i],
      quantity,
    ]);
  }
  return places;
}

const app = Fastify({ logger: false });
app.post("/api/v1/reservations", async (request, reply) => {
  const { orderId, items } = request.body as { orderId: string; items: Line[] };
  const client = await pool.connect();
  try {
    await client.query("BEGIN");
    const places = await reserve(client, orderId, items);
    await client.query("COMMIT");
    return await reply.code(201).send({ reservation: { orderId, state: "active", places } });
  } catch (error) {
    await client.query("ROLLBACK");
    if (error instanceof Short) return await reply.code(409).send({ code: "INSUFFICIENT_STOCK" });
    throw error;
  } finally {
    client.release();
  }
});
await app.listen({ host: "127.0.0.1", port: 0 });
const address = app.server.address();
announce({ port: typeof address === "object" && address !== null ? address.port : 0 });
