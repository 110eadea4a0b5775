// The ceiling of `reserve`: a bare script that takes quantities, then one statement that moves the levels and inserts
// the reservations and lines of a whole group, again and again on one connection. No HTTP, no choice of a location, no
// ledger, nothing checked but what the statement says.
import { Redis } from "ioredis";
import pg from "pg";
import { announce } from "./announce.ts";

const [, , databaseUrl, redisUrl = ""] = process.argv;
const client = new pg.Client({ connectionString: databaseUrl });
await client.connect();
const redis = new Redis(redisUrl);
await client.query(
  `CREATE TABLE bare_levels (sku text, location_id text, on_hand int NOT NULL, reserved int NOT NULL DEFAULT 0
     CHECK (reserved <= on_hand), PRIMARY KEY (sku, location_id)) WITH (fillfactor = 70)`,
);
await client.query("CREATE TABLE bare_reservations (id text PRIMARY KEY, at timestamptz NOT NULL)");
await client.query(
  "CREATE TABLE bare_lines (reservation_id text, line int, sku text, location_id text, quantity int, PRIMARY KEY (reservation_id, line))",
);
await client.query(
  `INSERT INTO bare_levels (sku, location_id, on_hand)
   SELECT sku, 'at ' || n, 1000000000 FROM (SELECT 'hot' UNION ALL SELECT 'spread ' || i FROM generate_series(0, 1999) i) s(sku),
     generate_series(1, 5) n`,
);
const TAKE = `for i = 1, #ARGV, 2 do redis.call('HINCRBY', KEYS[1], ARGV[i], ARGV[i + 1]) end return 1`;
const sha = String(await redis.script("LOAD", TAKE));
let made = 0;

async function reserve({
  count,
  group,
  hot,
}: {
  count: number;
  group: number;
  hot: boolean;
}): Promise<number[]> {
  const tookMs: number[] = [];
  const beganMs = performance.now();
  for (let done = 0; done < count; done += group) {
    const groupMs = performance.now();
    const ids = Array.from({ length: Math.min(group, count - done) }, () => `r${++made}`);
    const lines = ids.flatMap((id, i) =>
      [0, 1, 2].map((line) => ({
        id,
        line,
        sku: hot && line === 0 ? "hot" : `spread ${(made * 3 + i * 3 + line) % 2_000}`,
        place: `at ${(i % 5) + 1}`,
      })),
    );
    await redis.evalsha(
      sha,
      1,
      "{bare}:levels",
      ...lines.flatMap(({ sku, place }) => [`${sku}|${place}`, 1]),
    );
    await client.query(
      `WITH line AS (
         SELECT * FROM unnest($1::text[], $2::int[], $3::text[], $4::text[]) AS l(id, line, sku, place)
       ), moved AS (
         UPDATE bare_levels b SET reserved = b.reserved + s.quantity
         FROM (SELECT sku, place, count(*)::int AS quantity FROM line GROUP BY sku, place) s
         WHERE b.sku = s.sku AND b.location_id = s.place
       ), reservation AS (
         INSERT INTO bare_reservations SELECT DISTINCT id, statement_timestamp() FROM line
       ) INSERT INTO bare_lines SELECT id, line, sku, place, 1 FROM line`,
      [lines.map((l) => l.id), lines.map((l) => l.line), lines.map((l) => l.sku), lines.map((l) => l.place)],
    );
    tookMs.push(performance.now() - groupMs);
  }
  return [performance.now() - beganMs, ...tookMs];
}

announce({}, { reserve: (wanted) => reserve(wanted as { count: number; group: number; hot: boolean }) });
