// `draw-check`: a real draw of a million is checked on the sale's page, as a shopper does it: how long it takes, what
// it keeps, and whether the page stays awake meanwhile. Beside it the same from a command line, and the mere reading.
import { verifyDraw } from "@dropgate/draw";
import { HotStore } from "@dropgate/lua";
import { buildWeb } from "@dropgate/ops/web-build";
import { fillLobby } from "@dropgate/queue-worker/sealing/full-lobby";
import { Truth } from "@dropgate/sql";
import type { Browser, CDPSession, Page } from "@playwright/test";
import type { Bench } from "../bench.ts";
import { openBrowser, openPhone } from "../browser.ts";
import { ROOT } from "../child.ts";
import { House } from "../house.ts";
import { joinMany } from "../joined.ts";
import { residentBytes } from "../process-cost.ts";
import type { Row, Sample } from "../row.ts";
import { figure, ratio } from "../targets.ts";

const MEBIBYTE = 1_048_576;
const LOOK_EVERY_MS = 250;
const SECONDS_MAX = 300;
/** The browser's own limit: a task above it is a long one. */
const TASK_MS_MAX = 50;

export const row: Row = {
  name: "draw-check",
  measures:
    "A drawn and closed sale of 1,000,000 entries (of 50,000 in a quick run) is checked on its page in Chromium, from the press to the verdict, in files as the gateway serves them: `memoryMiB` is by how much the browser's processes of pages grow, worker included, `longestTaskMs` the longest task of the page itself (0: none above 50 ms), `news` how often the page said how far it is, `stopMs` from the press on Stop until the worker is gone. `node` is the same code in Node; the ceiling reads both files and does nothing with them.",
  unit: "entry",
  variants: [
    { key: "page", role: "ours", label: "on the page" },
    { key: "node", role: "ours", label: "in Node" },
    { key: "read", role: "ceiling", label: "reading alone" },
  ],
  rounds: { full: 1, quick: 1 },
  shown: ["seconds", "memoryMiB", "pageHeapMiB", "longestTaskMs", "news", "stopMs"],
  units: { seconds: "s", memoryMiB: "MiB", pageHeapMiB: "MiB", longestTaskMs: "ms", news: "", stopMs: "ms" },
  targets: [
    figure("seconds", "page", { atMost: 60 }, "s"),
    ratio("seconds", "page", "read", { atMost: 3 }),
    figure("memoryMiB", "page", { atMost: 200 }, "MiB"),
    figure("longestTaskMs", "page", { atMost: TASK_MS_MAX }, "ms"),
    figure("news", "page", { atLeast: 3 }),
    figure("stopMs", "page", { atMost: 500 }, "ms"),
  ],

  async open(bench) {
    await buildWeb(ROOT, bench.say);
    const house = await House.open(bench);
    const count = bench.pick(1_000_000, 50_000);
    const drawn = await drawnSale(bench, house, count);
    const browser = await openBrowser(bench);
    return {
      async round(variant, { warmUp }) {
        // Whoever checks a draw does it once, in a browser that has never done it.
        if (warmUp) return { units: count, seconds: 1 };
        if (variant === "page") return checkOnPage(house, browser, drawn);
        return variant === "node" ? checkInNode(house, drawn) : readAlone(house, drawn);
      },
      close: async () => {},
    };
  },
};

interface DrawnSale {
  id: string;
  /** All that were drawn. */
  count: number;
  /** The shopper whose page it is. */
  own: { entryId: string; token: string };
}

/** A sale whose lobby of `count` was drawn by the worker, and which has closed. The last to join was a real shopper. */
async function drawnSale(bench: Bench, house: House, count: number): Promise<DrawnSale> {
  const { id } = await house.sale({ title: "A million want it" });
  const { postgres, redis } = house.stores;
  const truth = new Truth({ url: postgres.url, connectionsMax: 4, statementMsMax: 300_000 });
  const hotStore = new HotStore({ url: redis.url });
  try {
    await hotStore.whenReady(5_000);
    const { rows } = await truth.query<{ tag: string; laneCount: number }>(
      `SELECT tag, lane_count AS "laneCount" FROM sales WHERE id = $1`,
      [id],
    );
    const [sale] = rows;
    if (sale === undefined) throw new Error("there is no such sale");
    bench.say(`  (filling a lobby of ${count}, and drawing it)`);
    await fillLobby({ truth, hotStore, saleId: id, ...sale, count: count - 1 });
    const [own] = await house.until("a shopper joins", () => joinMany(house, id, 1), SECONDS_MAX);
    if (own === undefined) throw new Error("nobody joined");
    await house.call("POST", `/admin/sales/${id}/actions/draw`, {});
    const drawOf = () =>
      house.call<{ secret: string | null; buckets: { count: number }[] }>("GET", `/sales/${id}/draw`);
    await house.until(
      "all are drawn",
      async () => (await drawOf()).buckets.reduce((sum, bucket) => sum + bucket.count, 0) === count || null,
      SECONDS_MAX,
    );
    await house.call("POST", `/admin/sales/${id}/actions/close`, {});
    await house.until("the secret is published", async () => (await drawOf()).secret, SECONDS_MAX);
    return { id, count, own };
  } finally {
    await hotStore.close();
    await truth.close();
  }
}

async function checkOnPage(house: House, browser: Browser, { id, count, own }: DrawnSale): Promise<Sample> {
  const context = await openPhone(browser);
  const system = await browser.newBrowserCDPSession();
  try {
    await context.addInitScript(
      `localStorage.setItem("dropgate:${id}", ${JSON.stringify(JSON.stringify({ ...own, startedAt: 0 }))})`,
    );
    const page = await context.newPage();
    const heap = await context.newCDPSession(page);
    await page.goto(`${house.url}/s/${id}`);
    await page.locator("[data-kind]").waitFor();
    const button = (name: string) => page.getByRole("button", { name, exact: true });
    await button("Check it here").click();
    await page.locator("progress.dg-progress[value]").waitFor();
    const stopMs = await stopped(page);
    await heap.send("HeapProfiler.collectGarbage");
    const before = await pagesBytes(system);
    await page.evaluate(WATCH);
    const beganMs = performance.now();
    await button("Check it again").click();
    const peak = await peakUntil(page.locator(".dg-verdict").waitFor({ timeout: SECONDS_MAX * 1_000 }), {
      memory: () => pagesBytes(system),
      heap: async () => (await heap.send("Runtime.getHeapUsage")).usedSize,
    });
    const seconds = (performance.now() - beganMs) / 1_000;
    const seen = await page.evaluate<{ longestTaskMs: number; news: number }>("window.watched");
    await expectVerdict(page, count);
    return {
      units: count,
      seconds,
      figures: {
        seconds,
        memoryMiB: (peak.memory - before) / MEBIBYTE,
        pageHeapMiB: peak.heap / MEBIBYTE,
        stopMs,
        ...seen,
      },
    };
  } finally {
    await system.detach();
    await context.close();
  }
}

/** In the page, from now on: its long tasks, and each change of what it says of how far it is. As text, so that nothing leans on the loader. */
const WATCH = `
  window.watched = { longestTaskMs: 0, news: 0 };
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries())
      window.watched.longestTaskMs = Math.max(window.watched.longestTaskMs, duration);
  }).observe({ type: "longtask" });
  new MutationObserver((changes) => {
    if (changes.some(({ attributeName }) => attributeName === "value")) window.watched.news++;
  }).observe(document.querySelector("#draw"), { subtree: true, attributes: true });
`;

/** Presses Stop. @returns ms until nothing is at work any more */
async function stopped(page: Page): Promise<number> {
  const beganMs = performance.now();
  const isGone = new Promise<void>((resolve) => page.workers()[0]?.once("close", () => resolve()));
  if (page.workers().length !== 1) throw new Error(`${page.workers().length} workers check the draw`);
  await page.getByRole("button", { name: "Stop", exact: true }).click();
  await isGone;
  return performance.now() - beganMs;
}

/** @throws when it is not the one that is due */
async function expectVerdict(page: Page, count: number): Promise<void> {
  const state = await page.locator(".dg-verdict").getAttribute("data-state");
  const said = await page.locator(".dg-checked").first().innerText();
  const of = new Intl.NumberFormat("en").format(count);
  const own = /Your number in the list: ([\d,]+)\. Worked out again: ([\d,]+)\./.exec(said);
  if (state !== "valid" || !said.includes(`${of} numbers`) || own === null || own[1] !== own[2]) {
    throw new Error(`the page says of a draw that holds (${state}): ${said}`);
  }
}

/** Resident bytes of the browser's processes in which pages and their workers run. */
async function pagesBytes(system: CDPSession): Promise<number> {
  const { processInfo } = await system.send("SystemInfo.getProcessInfo");
  let bytes = 0;
  for (const { type, id } of processInfo) {
    if (type !== "renderer") continue;
    try {
      bytes += residentBytes(id);
    } catch {
      // It has just ended.
    }
  }
  return bytes;
}

/** The highest that each figure was until it is done. */
async function peakUntil<Name extends string>(
  done: Promise<unknown>,
  looks: Record<Name, () => Promise<number>>,
): Promise<Record<Name, number>> {
  const peak = Object.fromEntries(Object.keys(looks).map((name) => [name, 0])) as Record<Name, number>;
  const end = { isReached: false };
  const over = done.finally(() => {
    end.isReached = true;
  });
  const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  while (!end.isReached) {
    for (const name of Object.keys(looks) as Name[]) peak[name] = Math.max(peak[name], await looks[name]());
    await Promise.race([over, pause()]);
  }
  await over;
  return peak;
}

async function checkInNode(house: House, { id, count, own }: DrawnSale): Promise<Sample> {
  const beganMs = performance.now();
  const [draw, entries] = await filesOf(house, id);
  const verdict = await verifyDraw(draw, entries, { entryId: own.entryId });
  if (verdict.state !== "valid" || verdict.entries !== count) throw new Error(`it is ${verdict.state}`);
  const seconds = (performance.now() - beganMs) / 1_000;
  return { units: count, seconds, figures: { seconds } };
}

async function readAlone(house: House, { id, count }: DrawnSale): Promise<Sample> {
  const beganMs = performance.now();
  const [, entries] = await filesOf(house, id);
  let lines = 0;
  const NEWLINE = 10;
  for await (const piece of entries) for (const byte of piece) if (byte === NEWLINE) lines++;
  if (lines !== count) throw new Error(`${lines} lines`);
  const seconds = (performance.now() - beganMs) / 1_000;
  return { units: count, seconds, figures: { seconds } };
}

async function filesOf(house: House, id: string): Promise<[string, ReadableStream<Uint8Array>]> {
  const draw = await fetch(`${house.url}/api/v1/sales/${id}/draw`);
  const entries = await fetch(`${house.url}/api/v1/sales/${id}/draw/entries`);
  if (!draw.ok || !entries.ok || entries.body === null) throw new Error("the files are not there");
  return [await draw.text(), entries.body];
}
