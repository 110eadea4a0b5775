// `footprint`: what a shopper leaves behind: bytes in Redis while they wait, rows in PostgreSQL, bytes on the wire. What
// the capacity page reckons with.
import { Redis } from "ioredis";
import pg from "pg";
import { House } from "../house.ts";
import { HttpLoad } from "../load/http-load.ts";
import type { Row } from "../row.ts";
import { figure } from "../targets.ts";

/** Everything that grows with entries; with their indexes. */
const GROWING = ["entries", "tickets", "ledger"];

export const row: Row = {
  name: "footprint",
  measures:
    "What one shopper adds who joins and is drawn a ticket: bytes of Redis while they wait, bytes of PostgreSQL's tables and indexes, bytes of their join on the wire.",
  unit: "shopper",
  variants: [{ key: "ours", role: "ours", label: "a shopper who waits" }],
  rounds: { full: 1, quick: 1 },
  shown: ["redisBytes", "postgresBytes", "requestBytes", "answerBytes"],
  units: { redisBytes: "B", postgresBytes: "B", requestBytes: "B", answerBytes: "B" },
  targets: [figure("redisBytes", "ours", { atMost: 200 }, "B")],

  async open(bench) {
    const count = bench.pick(40_000, 10_000);
    const house = await House.open(bench);
    const redis = new Redis(house.stores.redis.url);
    bench.atEnd(async () => redis.disconnect());
    const postgres = new pg.Client({ connectionString: house.stores.postgres.url });
    await postgres.connect();
    bench.atEnd(() => postgres.end());

    const usedBytes = async (): Promise<number> =>
      Number(/^used_memory_dataset:(\d+)/m.exec(await redis.info("memory"))?.[1]);
    const tableBytes = async (): Promise<number> => {
      const { rows } = await postgres.query<{ bytes: string }>(
        "SELECT sum(pg_total_relation_size(name::regclass)) AS bytes FROM unnest($1::text[]) AS name",
        [GROWING],
      );
      return Number(rows[0]?.bytes);
    };

    return {
      async round(_variant, { warmUp }) {
        if (warmUp) return { units: 1, seconds: 1 };
        const sale = await house.sale();
        const cookies = house.cookies(count);
        const load = await HttpLoad.open(house.port, 64);
        const [before, tablesBefore] = [await usedBytes(), await tableBytes()];
        const beganMs = performance.now();
        let requestBytes = 0;
        let answerBytes = 0;
        await load.run({
          secondsMax: 300,
          next: () => {
            const cookie = cookies.pop();
            if (cookie === undefined) return null;
            const request = `POST /api/v1/sales/${sale.id}/entries HTTP/1.1\r\nhost: 127.0.0.1:${house.port}\r\ncontent-length: 0\r\ncookie: ${cookie}\r\n\r\n`;
            requestBytes += request.length;
            return request;
          },
          onAnswer: (_status, answer) => {
            answerBytes += answer.length;
          },
        });
        load.close();
        // Stored and drawn: the arrivals are trimmed, every card has its ticket.
        await house.call("POST", `/admin/sales/${sale.id}/actions/draw`, {});
        await house.until(
          "all are drawn",
          async () => {
            const { rows } = await postgres.query<{ drawn: boolean }>(
              "SELECT count(*) = 1 AS drawn FROM draw_buckets WHERE sale_id = $1 AND told_at IS NOT NULL AND count = $2",
              [sale.id, count],
            );
            return rows[0]?.drawn === true || null;
          },
          120,
        );
        return {
          units: count,
          seconds: (performance.now() - beganMs) / 1_000,
          figures: {
            redisBytes: ((await usedBytes()) - before) / count,
            postgresBytes: ((await tableBytes()) - tablesBefore) / count,
            requestBytes: requestBytes / count,
            answerBytes: answerBytes / count,
          },
        };
      },
      close: async () => {},
    };
  },
};
