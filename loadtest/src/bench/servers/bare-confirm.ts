// The ceiling of `confirm`: the grouped statement alone, one UPDATE of many rows and the insert of their orders, again
// and again on one connection. No HTTP, nothing checked but what the statement says.
import pg from "pg";
import { announce } from "./announce.ts";

const client = new pg.Client({ connectionString: process.argv[2] });
await client.connect();
await client.query(
  "CREATE TABLE bare_holds (id text PRIMARY KEY, state text NOT NULL, order_id text) WITH (fillfactor = 70)",
);
await client.query(
  "CREATE TABLE bare_orders (id text PRIMARY KEY, hold_id text NOT NULL UNIQUE, at timestamptz NOT NULL)",
);
let made = 0;

async function confirm({ count, group }: { count: number; group: number }): Promise<number[]> {
  const ids = Array.from({ length: count }, () => `hold-${String(made++).padStart(9, "0")}`);
  await client.query("INSERT INTO bare_holds SELECT unnest($1::text[]), 'active'", [ids]);
  const tookMs: number[] = [];
  const beganMs = performance.now();
  for (let from = 0; from < count; from += group) {
    const some = ids.slice(from, from + group);
    const groupMs = performance.now();
    await client.query(
      `WITH moved AS (
         UPDATE bare_holds SET state = 'confirmed', order_id = 'order ' || id
         WHERE id = ANY($1) AND state = 'active' RETURNING id, order_id
       ) INSERT INTO bare_orders SELECT order_id, id, clock_timestamp() FROM moved`,
      [some],
    );
    tookMs.push(performance.now() - groupMs);
  }
  return [performance.now() - beganMs, ...tookMs];
}

announce({}, { confirm: (wanted) => confirm(wanted as { count: number; group: number }) });
