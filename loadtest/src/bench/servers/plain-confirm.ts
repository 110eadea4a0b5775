// The plain way of `confirm`: Fastify and a transaction for each, over a pool of connections: lock the hold, judge it,
// move hold and unit, insert the order, commit.
import Fastify from "fastify";
import pg from "pg";
import { announce } from "./announce.ts";

const pool = new pg.Pool({ connectionString: process.argv[2], max: 20 });
await pool.query("CREATE TABLE plain_units (id int PRIMARY KEY, state text NOT NULL)");
await pool.query(
  "CREATE TABLE plain_holds (id text PRIMARY KEY, unit int NOT NULL REFERENCES plain_units, state text NOT NULL, expires_at timestamptz NOT NULL, order_id text)",
);
await pool.query(
  "CREATE TABLE plain_orders (id text PRIMARY KEY, hold_id text NOT NULL UNIQUE REFERENCES plain_holds, at timestamptz NOT NULL DEFAULT now())",
);
let made = 0;

async function prepare(count: number): Promise<string[]> {
  const units = Array.from({ length: count }, () => made++);
  const ids = units.map((unit) => `hold-${String(unit).padStart(9, "0")}`);
  await pool.query("INSERT INTO plain_units SELECT unnest($1::int[]), 'held'", [units]);
  await pool.query(
    "INSERT INTO plain_holds SELECT id, unit, 'active', now() + interval '1 hour' FROM unnest($1::text[], $2::int[]) AS h(id, unit)",
    [ids, units],
  );
  return ids;
}

const app = Fastify({ logger: false });
app.post(
  "/api/v1/holds/:holdId/confirm",
  {
    schema: {
      body: {
        type: "object",
        required: ["orderId"],
        properties: { orderId: { type: "string", maxLength: 128 } },
        additionalProperties: false,
      },
    },
  },
  async (request, reply) => {
    const { holdId } = request.params as { holdId: string };
    const { orderId } = request.body as { orderId: string };
    const client = await pool.connect();
    try {
      await client.query("BEGIN");
      const { rows } = await client.query<{ state: string; unit: number; live: boolean }>(
        "SELECT state, unit, expires_at > now() AS live FROM plain_holds WHERE id = $1 FOR UPDATE",
        [holdId],
      );
      const hold = rows[0];
      if (hold === undefined || hold.state !== "active" || !hold.live) {
        await client.query("ROLLBACK");
        return await reply.code(409).send({ code: "WRONG_STATE" });
      }
      await client.query("UPDATE plain_holds SET state = 'confirmed', order_id = $2 WHERE id = $1", [
        holdId,
        orderId,
      ]);
      await client.query("UPDATE plain_units SET state = 'sold' WHERE id = $1", [hold.unit]);
      await client.query("INSERT INTO plain_orders (id, hold_id) VALUES ($1, $2)", [orderId, holdId]);
      await client.query("COMMIT");
      return { hold: { holdId, state: "confirmed", orderId } };
    } catch (error) {
      await client.query("ROLLBACK");
      throw error;
    } finally {
      client.release();
    }
  },
);
await app.listen({ host: "127.0.0.1", port: 0 });
const address = app.server.address();
announce(
  { port: typeof address === "object" && address !== null ? address.port : 0 },
  { prepare: (count) => prepare(Number(count)) },
);
