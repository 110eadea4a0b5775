// `sale`: the whole thing. A crowd comes within a second, waits on real sockets, is drawn; winners claim and pay at
// once. Ours is what `npx pnpm start` runs; the plain way is the usual design, built in the benchmark.
import type { Joined } from "@dropgate/contracts/entry";
import type { Report } from "@dropgate/contracts/report";
import { percentile } from "../../latencies.ts";
import type { Bench } from "../bench.ts";
import type { Row, Sample } from "../row.ts";
import { Shoppers } from "../shoppers.ts";
import { startDropgate } from "../started.ts";
import { figure } from "../targets.ts";

const UNITS = 100;
const RATE = 50;
const POLL_MS = 2_000;
const END_MS_MAX = 60_000;

export const row: Row = {
  name: "sale",
  measures: `10,000 shoppers come within a second, wait on sockets (the plain way polls), and ${UNITS} units are sold at ${RATE} offers a second: \`overTheory\` is how much longer than units / rate it takes from the draw to the last confirm.`,
  unit: "shopper",
  variants: [
    { key: "ours", role: "ours", label: "npx pnpm start" },
    { key: "plain", role: "plain", label: "sorted set, pop, polling" },
  ],
  rounds: { full: 2, quick: 1 },
  shown: ["joinP99", "overTheory", "oversold", "unanswered"],
  units: { joinP99: "ms", overTheory: "s", oversold: "", unanswered: "" },
  targets: [
    figure("oversold", "ours", { atMost: 0 }),
    figure("unanswered", "ours", { atMost: 0 }),
    figure("overTheory", "ours", { atMost: 2 }, "s"),
    figure("joinP99", "ours", { atMost: 250 }, "ms"),
  ],

  async open(bench) {
    const count = bench.pick(10_000, 2_000);
    return {
      round: async (variant, { warmUp }) => {
        if (warmUp) return { units: 1, seconds: 1 };
        return variant === "ours" ? playOurs(bench, count) : playPlain(bench, count);
      },
      close: async () => {},
    };
  },
};

async function playOurs(bench: Bench, count: number): Promise<Sample> {
  const folder = await bench.folder("sale");
  const started = await startDropgate(bench, folder, ["--no-demo", "--gateways", "2", "--workers", "1"]);
  const call = async <Answer>(method: string, path: string, body?: unknown): Promise<Answer> => {
    const answer = await fetch(`${started.url}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${started.apiKey}`, "content-type": "application/json" },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as Answer;
  };
  const at = (seconds: number): string => new Date(Date.now() + seconds * 1_000).toISOString();
  const { id } = await call<{ id: string }>("POST", "/admin/sales", {
    title: "A benchmark",
    sku: "bench",
    source: "own",
    quantity: UNITS,
    limitPerShopper: 1,
    admission: { ratePerSecond: RATE, burst: 5 },
    claimWindowSeconds: 60,
    purchaseWindowSeconds: 600,
    paymentExtensionSeconds: 60,
    schedule: { drawAt: at(3_600), opensAt: at(3_600), closesAt: at(7_200) },
  });
  await until(async () => (await call<{ phase: string }>("GET", `/sales/${id}`)).phase === "lobby");
  const shoppers = await Shoppers.open(started.port);
  // The page that they look at before it begins gives each a cookie.
  const looked = await shoppers.come(
    Array.from({ length: count }, () => `GET /api/v1/sales/${id} HTTP/1.1\r\nhost: a\r\n\r\n`),
    2_000,
  );
  const cookies = looked.answers.map(({ head }) => /set-cookie: ([^;]+)/i.exec(head)?.[1] ?? "");
  const opening = await shoppers.come(
    cookies.map(
      (cookie) =>
        `POST /api/v1/sales/${id}/entries HTTP/1.1\r\nhost: a\r\ncontent-length: 0\r\ncookie: ${cookie}\r\n\r\n`,
    ),
    1_000,
  );
  const joined = opening.answers.flatMap(({ status, body }) =>
    status === 201 ? [JSON.parse(body) as Joined] : [],
  );
  let confirmed = 0;
  let lastMs = 0;
  const confirm = async (holdId: string): Promise<void> => {
    const body = `{"orderId":"order ${holdId}"}`;
    const { status } = await shoppers.pool.ask(
      `POST /api/v1/holds/${holdId}/confirm HTTP/1.1\r\nhost: a\r\nauthorization: Bearer ${started.apiKey}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
    );
    if (status !== 200) return;
    confirmed++;
    lastMs = performance.now();
  };
  await shoppers.connect(joined, (holdId) => void confirm(holdId));
  const drawMs = performance.now();
  await call("POST", `/admin/sales/${id}/actions/draw`, {});
  await until(() =>
    call("POST", `/admin/sales/${id}/actions/open`, {}).then(
      () => true,
      () => false,
    ),
  );
  await until(async () => confirmed >= UNITS);
  const { sold, ok } = await reportOnceQuiet(() => call<Report>("GET", `/admin/sales/${id}/report`));
  shoppers.leave();
  await started.stop();
  if (!ok) throw new Error("the sale's report is not ok");
  return sampleOf({
    count,
    joins: joined.length,
    opening: opening.latenciesMs,
    seconds: (lastMs - drawMs) / 1_000,
    sold,
  });
}

async function playPlain(bench: Bench, count: number): Promise<Sample> {
  const { redis, postgres } = await bench.stores();
  const child = await bench.start({
    script: "loadtest/src/bench/servers/plain-sale.ts",
    args: [redis.url, postgres.url, String(UNITS), String(RATE)],
  });
  const shoppers = await Shoppers.open(Number(child.ready.port));
  const asks = (line: string, n: number): string =>
    `${line} HTTP/1.1\r\nhost: a\r\ncontent-length: 0\r\ncookie: dropgate_shopper=shopper-${n}\r\n\r\n`;
  const opening = await shoppers.come(
    Array.from({ length: count }, (_, n) => asks("POST /join", n)),
    1_000,
  );
  let confirmed = 0;
  let lastMs = 0;
  const over = new AbortController();
  const poll = async (n: number): Promise<void> => {
    await new Promise((later) => setTimeout(later, Math.random() * POLL_MS));
    while (!over.signal.aborted) {
      const { body } = await shoppers.pool.ask(asks("GET /status", n));
      if (body.includes('"offered"')) {
        const { status } = await shoppers.pool.ask(asks("POST /confirm", n));
        if (status !== 200) return;
        confirmed++;
        lastMs = performance.now();
        return;
      }
      await new Promise((later) => setTimeout(later, POLL_MS));
    }
  };
  for (let n = 0; n < count; n++) void poll(n);
  const drawMs = performance.now();
  await child.ask("open");
  await until(async () => confirmed >= UNITS);
  over.abort();
  const sold = Number(await child.ask("sold"));
  const joins = opening.answers.filter(({ status }) => status === 201).length;
  shoppers.leave();
  await child.end();
  return sampleOf({ count, joins, opening: opening.latenciesMs, seconds: (lastMs - drawMs) / 1_000, sold });
}

function sampleOf(seen: {
  count: number;
  joins: number;
  opening: readonly number[];
  seconds: number;
  sold: number;
}): Sample {
  const { count, joins, opening, seconds, sold } = seen;
  return {
    units: count,
    seconds,
    figures: {
      joinP99: percentile(Float64Array.from(opening).toSorted(), 0.99),
      overTheory: seconds - UNITS / RATE,
      oversold: Math.max(0, sold - UNITS),
      unanswered: count - joins,
    },
  };
}

async function reportOnceQuiet(read: () => Promise<Report>): Promise<Report> {
  let report = await read();
  for (let tries = 0; !report.ok && tries < 40; tries++) {
    await new Promise((again) => setTimeout(again, 500));
    report = await read();
  }
  return report;
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  const endMs = performance.now() + END_MS_MAX;
  while (!(await isSo())) {
    if (performance.now() > endMs) throw new Error(`not so within ${END_MS_MAX / 1_000} s`);
    await new Promise((again) => setTimeout(again, 50));
  }
}
