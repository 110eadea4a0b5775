// `draw`: a lobby of a million is sealed: its list digested, ordered and written as tickets, then told, while others
// go on joining.
import { hash, randomBytes } from "node:crypto";
import { setImmediate as pause } from "node:timers/promises";
import { DrawList, drawOrder } from "@dropgate/inventory/draw-list";
import { percentile } from "../../latencies.ts";
import type { Bench } from "../bench.ts";
import { JoinFlood } from "../join-flood.ts";
import { Lab } from "../lab.ts";
import { cpuSeconds, measure, residentBytes } from "../process-cost.ts";
import type { Row, Sample } from "../row.ts";
import { figure } from "../targets.ts";

const JOINS_PER_SECOND = 2_000;
const MEBIBYTE = 1_048_576;

export const row: Row = {
  name: "draw",
  measures:
    "A lobby of 1,000,000 (of 50,000 in a quick run) is drawn by one worker while 2,000 a second go on joining: digest, order, tickets as rows, tickets in the cards; `allS` from the first step to the last, `joinsTimes` how much slower joins are meanwhile at their 99th percentile. `order` is the hashing and sorting by itself; its ceiling hashes the same ids and sorts numbers.",
  unit: "entry",
  variants: [
    { key: "seal", role: "ours", label: "sealed by a worker" },
    { key: "order", role: "ours", label: "the order alone" },
    { key: "bare", role: "ceiling", label: "bare hashes and sort" },
  ],
  rounds: { full: 1, quick: 1 },
  shown: ["allS", "appendS", "tellS", "rssMiB", "joinsTimes", "cpuS"],
  units: { allS: "s", appendS: "s", tellS: "s", cpuS: "s", rssMiB: "MiB" },
  targets: [
    figure("cpuS", "order", { atMost: 3 }, "s"),
    figure("allS", "seal", { atMost: 30 }, "s"),
    figure("rssMiB", "seal", { atMost: 1_024 }, "MiB"),
    figure("joinsTimes", "seal", { atMost: 2 }),
  ],

  async open(bench) {
    const lab = await Lab.open(bench);
    const crowd = bench.pick(1_000_000, 50_000);
    return {
      async round(variant, { warmUp }) {
        const count = warmUp ? 2_000 : crowd;
        if (variant === "seal") return sealed(bench, lab, count);
        return variant === "order" ? ordered(count) : bare(count);
      },
      async close() {},
    };
  },
};

const someIds = (count: number): string[] =>
  Array.from({ length: count }, () => `abcdef00-${randomBytes(16).toString("base64url")}`);

async function ordered(count: number): Promise<Sample> {
  const list = new DrawList(count);
  const ids = someIds(count);
  for (let from = 0; from < count; from += 10_000) {
    list.addLines(`${ids.slice(from, from + 10_000).join("\n")}\n`);
  }
  const sample = await measure({}, async () => {
    await drawOrder(list, list.digest(), () => pause());
    return { units: count };
  });
  return { ...sample, figures: { cpuS: sample.cpu.load ?? 0 } };
}

async function bare(count: number): Promise<Sample> {
  const texts = someIds(count).map((id) => Buffer.from(`${"-".repeat(32)}${id}`));
  const sample = await measure({}, async () => {
    const numbers = new Float64Array(count);
    for (const [i, text] of texts.entries()) numbers[i] = hash("sha256", text, "binary").charCodeAt(0) * i;
    numbers.sort();
    return { units: count };
  });
  return { ...sample, figures: { cpuS: sample.cpu.load ?? 0 } };
}

async function sealed(bench: Bench, lab: Lab, count: number): Promise<Sample> {
  const sale = await lab.sale();
  bench.say(`  (filling a lobby of ${count})`);
  await lab.fill(sale, count);
  const worker = await lab.worker(bench);
  try {
    await lab.truth.query("UPDATE sales SET phase = 'lobby' WHERE id = $1 AND phase = 'scheduled'", [
      sale.id,
    ]);
    const before = await JoinFlood.begin(lab, sale);
    await before.run(JOINS_PER_SECOND, 2);
    const cpuBefore = cpuSeconds(worker.pid);
    const began = performance.now();
    await lab.truth.query(
      "UPDATE sales SET lobby_at = clock_timestamp(), draw_at = clock_timestamp() WHERE id = $1",
      [sale.id],
    );
    const during = await JoinFlood.begin(lab, sale);
    const bucket = await watched(lab, sale.id, worker.pid, during);
    const allS = (performance.now() - began) / 1_000;
    const p99 = (flood: JoinFlood): number =>
      percentile(Float64Array.from(flood.latenciesMs).toSorted(), 0.99);
    return {
      units: count,
      seconds: allS,
      figures: {
        allS,
        appendS: bucket.appendS,
        tellS: bucket.tellS,
        rssMiB: bucket.rssMiB,
        joinsTimes: p99(during) / p99(before),
        cpuS: cpuSeconds(worker.pid) - cpuBefore,
      },
    };
  } finally {
    await worker.end();
  }
}

interface Watched {
  appendS: number;
  tellS: number;
  rssMiB: number;
}

/** Looks at the lobby's bucket until it is told, while joins go on. */
async function watched(lab: Lab, saleId: string, pid: number, flood: JoinFlood): Promise<Watched> {
  let rssMiB = 0;
  const at = new Map<string, number>();
  const told = new AbortController();
  const joins = (async () => {
    while (!told.signal.aborted) await flood.run(JOINS_PER_SECOND, 0.5);
  })();
  while (!told.signal.aborted) {
    rssMiB = Math.max(rssMiB, residentBytes(pid) / MEBIBYTE);
    const { rows } = await lab.truth.query<{ state: string; told: boolean }>(
      "SELECT state, told_at IS NOT NULL AS told FROM draw_buckets WHERE sale_id = $1 AND bucket = 0",
      [saleId],
    );
    const [bucket] = rows;
    if (bucket && !at.has(bucket.state)) at.set(bucket.state, performance.now());
    if (bucket?.told === true) told.abort();
    else await new Promise((again) => setTimeout(again, 20));
  }
  await joins;
  const now = performance.now();
  const drawn = at.get("drawn") ?? now;
  const reserved = at.get("reserved") ?? at.get("frozen") ?? drawn;
  return { appendS: (drawn - reserved) / 1_000, tellS: (now - drawn) / 1_000, rssMiB };
}
