// The usual design of a drop, whole: a sorted set with jittered scores, a timer that pops the next at the rate, a
// transaction for each hold and confirm, and pages that poll. Fair work otherwise: schemas, a pool, indexes.
import Fastify from "fastify";
import { Redis } from "ioredis";
import pg from "pg";
import { announce } from "./announce.ts";

const [redisUrl = "", databaseUrl = "", unitsText = "100", rateText = "50"] = process.argv.slice(2);
const units = Number(unitsText);
const rate = Number(rateText);
const POP_EVERY_MS = 100;
const redis = new Redis(redisUrl);
const pool = new pg.Pool({ connectionString: databaseUrl, max: 20 });
await pool.query("DROP TABLE IF EXISTS plain_sale_holds");
await pool.query(
  "CREATE TABLE plain_sale_holds (shopper text PRIMARY KEY, unit int UNIQUE NOT NULL, state text NOT NULL, order_id text UNIQUE, expires_at timestamptz NOT NULL)",
);
await redis.del("plain:line", "plain:left");
await redis.set("plain:left", units);
let isOpen = false;

/** Pops whoever is next, as the rate allows, while there are units. */
async function pop(): Promise<void> {
  if (!isOpen) return;
  const wanted = Math.max(1, Math.round((rate * POP_EVERY_MS) / 1_000));
  for (let i = 0; i < wanted; i++) {
    if ((await redis.decr("plain:left")) < 0) {
      await redis.incr("plain:left");
      return;
    }
    const [shopper] = await redis.zpopmin("plain:line");
    if (shopper === undefined) {
      await redis.incr("plain:left");
      return;
    }
    await pool.query(
      "INSERT INTO plain_sale_holds SELECT $1, count(*) + 1, 'offered', NULL, now() + interval '1 minute' FROM plain_sale_holds",
      [shopper],
    );
  }
}
let popping = false;
setInterval(() => {
  if (popping) return;
  popping = true;
  void pop().finally(() => {
    popping = false;
  });
}, POP_EVERY_MS);

function shopperOf(cookie: string | undefined): string {
  return /dropgate_shopper=([\w.-]+)/.exec(cookie ?? "")?.[1] ?? "";
}

const app = Fastify({ logger: false });
app.post("/join", async (request, reply) => {
  const shopper = shopperOf(request.headers.cookie);
  // Chance in the score, so that the fastest finger does not win.
  await redis.zadd("plain:line", "NX", Date.now() + Math.random() * 60_000, shopper);
  const [rank, waiting] = await Promise.all([redis.zrank("plain:line", shopper), redis.zcard("plain:line")]);
  return reply.code(201).send({ state: "waiting", rank, waiting });
});
async function statusOf(shopper: string): Promise<{ state: string; rank?: number }> {
  const rank = await redis.zrank("plain:line", shopper);
  if (rank !== null) return { state: "waiting", rank };
  const { rows } = await pool.query<{ state: string }>(
    "SELECT state FROM plain_sale_holds WHERE shopper = $1",
    [shopper],
  );
  return { state: rows[0]?.state ?? "unknown" };
}
app.get("/status", (request) => statusOf(shopperOf(request.headers.cookie)));
app.post("/confirm", async (request, reply) => {
  const shopper = shopperOf(request.headers.cookie);
  const client = await pool.connect();
  try {
    await client.query("BEGIN");
    const { rows } = await client.query<{ state: string }>(
      "SELECT state FROM plain_sale_holds WHERE shopper = $1 AND expires_at > now() FOR UPDATE",
      [shopper],
    );
    if (rows[0]?.state !== "offered") {
      await client.query("ROLLBACK");
      return await reply.code(409).send({});
    }
    await client.query("UPDATE plain_sale_holds SET state = 'sold', order_id = $2 WHERE shopper = $1", [
      shopper,
      `order of ${shopper}`,
    ]);
    await client.query("COMMIT");
    return { state: "sold" };
  } finally {
    client.release();
  }
});
await app.listen({ host: "127.0.0.1", port: 0 });
const address = app.server.address();
announce(
  { port: typeof address === "object" && address !== null ? address.port : 0 },
  {
    open: () => {
      isOpen = true;
    },
    sold: async () =>
      (await pool.query("SELECT count(*)::int AS n FROM plain_sale_holds WHERE state = 'sold'")).rows[0].n,
  },
);
