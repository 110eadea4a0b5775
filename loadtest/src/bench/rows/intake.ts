// `intake`: arrivals become rows. How fast, when as many wait as can; and how far behind, when joins come at half of
// what one gateway takes.
import { pipeline } from "node:stream/promises";
import pg from "pg";
import { from as copyFrom } from "pg-copy-streams";
import { JoinFlood, someJoin } from "../join-flood.ts";
import { Lab } from "../lab.ts";
import { measure } from "../process-cost.ts";
import type { Row, Sample } from "../row.ts";
import { figure, ratio } from "../targets.ts";

/** Half of what `join` shows for one gateway on two cores. */
const HALF_PEAK = 15_000;

const INSERT = `INSERT INTO bare_entries (entry_id, sale_id, lane, shopper, shopper_key, attempt, bucket, seq)
  VALUES ($1, $2, $3, $4, $5, 1, 0, $6) ON CONFLICT DO NOTHING`;

export const row: Row = {
  name: "intake",
  measures:
    "Arrivals in four lanes become rows of PostgreSQL, with fsync: a backlog as fast as it goes; and `steady`: joins at 15,000 a second, half of what one gateway takes, with the longest time that a join was not stored yet. The ceiling copies the same rows into a table with the same indexes, one connection a lane.",
  unit: "arrival",
  variants: [
    { key: "ours", role: "ours", label: "intake, a backlog" },
    { key: "steady", role: "ours", label: "intake, at half the peak" },
    { key: "copy", role: "ceiling", label: "COPY" },
    { key: "plain", role: "plain", label: "one insert each" },
  ],
  rounds: { full: 4, quick: 2 },
  shown: ["rate", "cpu.worker", "cpu.postgres", "lagMs"],
  units: { lagMs: "ms" },
  targets: [
    ratio("rate", "ours", "copy", { atLeast: 0.5 }),
    figure("lagMs", "steady", { atMost: 1_000 }, "ms"),
  ],

  async open(bench) {
    const lab = await Lab.open(bench);
    const sale = await lab.sale();
    await lab.fill(sale, 0);
    const worker = await lab.worker(bench);
    await lab.truth.query("CREATE TABLE bare_entries (LIKE entries INCLUDING ALL)");
    const backlog = bench.pick(60_000, 20_000);
    const clients = await Promise.all(
      Array.from({ length: sale.laneCount }, async () => {
        const client = new pg.Client({ connectionString: lab.stores.postgres.url });
        await client.connect();
        bench.atEnd(() => client.end());
        return client;
      }),
    );
    const processes = { worker: worker.pid, ...lab.processes };

    const stored = async (flood: JoinFlood): Promise<void> => {
      while (!(await flood.look())) await new Promise((again) => setTimeout(again, 5));
    };

    const ours = async (): Promise<Sample> => {
      worker.process.kill("SIGSTOP");
      const flood = await JoinFlood.begin(lab, sale);
      await flood.pour(backlog);
      return measure(processes, async () => {
        worker.process.kill("SIGCONT");
        await stored(flood);
        return { units: flood.sent };
      });
    };

    const steady = async (seconds: number): Promise<Sample> => {
      const flood = await JoinFlood.begin(lab, sale);
      const sample = await measure(processes, async () => {
        await flood.run(HALF_PEAK, seconds);
        await stored(flood);
        return { units: flood.sent };
      });
      return { ...sample, latenciesMs: flood.latenciesMs, figures: { lagMs: flood.worstLagMs } };
    };

    // Neither table is ever emptied: an index of many rows is dearer than one of few, for both alike.
    let written = 0;
    const copy = async (): Promise<Sample> => {
      const each = backlog / sale.laneCount;
      const texts = clients.map((_, lane) =>
        Array.from({ length: each }, (_, i) => {
          const { key, entryId, shopper } = someJoin(sale.tag, lane);
          return `${entryId}\t${sale.id}\t${lane}\t${shopper}\t${key}\t1\t0\t${written + i + 1}\n`;
        }),
      );
      written += each;
      return measure(lab.processes, async () => {
        await Promise.all(
          clients.map((client, lane) =>
            pipeline(
              // As large as the pieces in which intake stores.
              function* () {
                for (let from = 0; from < each; from += 2_000)
                  yield texts[lane]?.slice(from, from + 2_000).join("");
              },
              client.query(
                copyFrom(
                  "COPY bare_entries (entry_id, sale_id, lane, shopper, shopper_key, attempt, bucket, seq) FROM STDIN",
                ),
              ),
            ),
          ),
        );
        return { units: backlog };
      });
    };

    const plain = async (): Promise<Sample> => {
      const each = bench.pick(600, 200);
      const first = written;
      written += each;
      return measure(lab.processes, async () => {
        await Promise.all(
          clients.map(async (client, lane) => {
            for (let seq = first + 1; seq <= first + each; seq++) {
              const { key, entryId, shopper } = someJoin(sale.tag, lane);
              await client.query(INSERT, [entryId, sale.id, lane, shopper, key, seq]);
            }
          }),
        );
        return { units: each * clients.length };
      });
    };

    return {
      async round(variant, { warmUp }) {
        if (variant === "ours") return ours();
        if (variant === "steady") return steady(warmUp ? 1 : bench.pick(4, 2));
        return variant === "copy" ? copy() : plain();
      },
      async close() {},
    };
  },
};
