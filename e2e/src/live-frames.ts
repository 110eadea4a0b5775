// How smooth the operator's live page is while a crowd is served, and whether it is right: `npx pnpm live-frames
// [--shoppers 5000] [--seconds 45]` starts everything with simulated shoppers, watches the demo sale's live page from
// the draw on, and compares its numbers with the report's at the end. A measurement, so a command of its own and no
// test: what the machine does besides counts. Exits 1 when a second had fewer than 30 frames or a number differs.
import { parseArgs } from "node:util";
import type { Report } from "@dropgate/contracts/report";
import type { AdminSale } from "@dropgate/contracts/sale";
import { runDropgate } from "./running-dropgate.ts";
import { openBrowser } from "./stage/browser.ts";
import { signedIn } from "./stage/console.ts";

const FRAMES_MIN = 30;
/** The page asks once a second. */
const FOLLOWS_MS_MAX = 5_000;

const { values } = parseArgs({
  options: { shoppers: { type: "string", default: "5000" }, seconds: { type: "string", default: "45" } },
});
const seconds = Number(values.seconds);

const dropgate = await runDropgate({}, ["--demo", values.shoppers]);
const browser = await openBrowser();
try {
  const { items } = (await dropgate.ask("/sales")) as { items: AdminSale[] };
  const [demo] = items;
  if (demo === undefined) throw new Error("there is no demo sale");
  const { page } = await signedIn(dropgate, browser, "viewer");
  await page.goto(`${dropgate.url}/console/sales/${demo.id}`);
  const saleNow = async (): Promise<AdminSale> => (await dropgate.ask(`/sales/${demo.id}`)) as AdminSale;
  await until(async () => (await saleNow()).phase === "live", 180);

  const frames = await page.evaluate<number[]>(framesIn(seconds));
  const sorted = frames.toSorted((a, b) => a - b);
  const least = sorted[0] ?? 0;
  console.log(
    `${values.shoppers} shoppers, ${seconds} s: least ${least.toFixed(1)}, median ${(sorted[sorted.length >> 1] ?? 0).toFixed(1)} frames in a second`,
  );
  // Its end: no new offers. Held units still run out, each moment's report is another, and the page follows it.
  await dropgate.send("POST", `/sales/${demo.id}/actions/close`, {});
  const shown = async (name: string): Promise<number> => {
    const title = page.locator("dt", { hasText: new RegExp(`^${name}$`) });
    const figure = page.locator("dl > div", { has: title }).locator("dd").first();
    return Number((await figure.innerText()).replaceAll(",", ""));
  };
  let report: Report;
  let numbers: { name: string; told: number; shown: number }[];
  const deadline = performance.now() + FOLLOWS_MS_MAX;
  do {
    report = (await dropgate.ask(`/sales/${demo.id}/report`)) as Report;
    const { sold, held, free } = report;
    const told = Object.entries({ Sold: sold, Held: held, Free: free });
    numbers = await Promise.all(
      told.map(async ([name, count]) => ({ name, told: count, shown: await shown(name) })),
    );
  } while (numbers.some((each) => each.told !== each.shown) && performance.now() < deadline);
  for (const { name, told, shown: page } of numbers) console.log(`${name}: page ${page}, report ${told}`);
  console.log(`report ${report.ok ? "ok" : "NOT OK"}`);
  const isRight = numbers.every(({ told, shown: page }) => told === page) && report.ok;
  if (least < FRAMES_MIN || !isRight) process.exitCode = 1;
} finally {
  await browser.close();
  await dropgate.close();
}

/** As text: what runs in the page must not lean on what the loader of these sources puts around functions. */
function framesIn(counted: number): string {
  return `new Promise((resolve) => {
    const perSecond = [];
    let began = performance.now();
    let drawn = 0;
    requestAnimationFrame(function draw(now) {
      drawn++;
      if (now - began >= 1000) {
        perSecond.push((drawn * 1000) / (now - began));
        began = now;
        drawn = 0;
      }
      if (perSecond.length < ${counted}) requestAnimationFrame(draw);
      else resolve(perSecond);
    });
  })`;
}

async function until(isSo: () => Promise<boolean>, secondsMax: number): Promise<void> {
  const end = Date.now() + secondsMax * 1_000;
  while (!(await isSo())) {
    if (Date.now() > end) throw new Error("it did not become so in time");
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}
