// The pictures of docs/run-a-sale.md, taken of the real console: `npx pnpm screenshots:guide`. Whoever changes what they
// show takes them anew, and looks at them.
import { mkdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { openMemoryKeeper, openQueue, type Queue } from "@dropgate/client";
import { openMerchant } from "@dropgate/client/server";
import type { Page } from "@playwright/test";
import { runDropgate } from "./running-dropgate.ts";
import { openBrowser } from "./stage/browser.ts";
import { signedIn } from "./stage/console.ts";
import { see } from "./stage/see.ts";

const SHOPPERS = 40;
const UNITS = 16;
const SOLD = 9;
const folder = fileURLToPath(new URL("../../docs/images/", import.meta.url));
await mkdir(folder, { recursive: true });

const dropgate = await runDropgate({ JOINS_PER_ADDRESS: "off" });
const browser = await openBrowser();
const queues: Queue[] = [];
try {
  const { page, open } = await signedIn(dropgate, browser, "operator", { width: 1280, height: 800 });
  await open("/new-sale");
  await page.getByLabel("Title", { exact: true }).fill("Vessel No. 7");
  await page.getByLabel("SKU", { exact: true }).fill("VESSEL-7");
  await page.getByLabel("Units", { exact: true }).fill("12");
  await see(page.getByRole("region", { name: "What it will mean" })).toContainText("12 units");
  await page.evaluate(() => scrollTo(0, 0));
  await take(page, "new-sale");

  const saleId = await dropgate.createSale({
    title: "Aurora Console",
    quantity: UNITS,
    claimWindowSeconds: 600,
  });
  const keepers = Array.from({ length: SHOPPERS }, () => openMemoryKeeper());
  for (const keeper of keepers) {
    const queue = openQueue({ url: dropgate.url, saleId, keeper });
    queues.push(queue);
    await queue.until("lobby");
    const joined = await queue.join();
    if (!joined.ok) throw new Error(joined.code);
  }
  await open(`/sales/${saleId}`);
  await dropgate.act(saleId, "draw");
  await dropgate.act(saleId, "open");
  const merchant = openMerchant({ url: dropgate.url, apiKey: dropgate.apiKey });
  const served = queues.map(async (queue) => {
    await queue.until(["offered", "waiting"]);
    if ((queue.read().room.entry?.ticket ?? UNITS + 1) > UNITS) return;
    await queue.until("offered");
    await queue.claim();
    const { standing } = (await queue.until("held")).moment;
    if (standing.kind !== "held" || (queue.read().room.entry?.ticket ?? 0) > SOLD) return;
    await merchant.holds.startPayment(standing.holdId);
    await merchant.holds.confirm(standing.holdId, { orderId: `order-${standing.holdId}` });
  });
  await Promise.all(served);
  const last = queues.findIndex((queue) => queue.read().room.entry?.ticket === SHOPPERS);
  await queues[last]?.leave();
  await see(page.getByRole("heading", { level: 1 })).toContainText("Live");
  await see(page.getByText("Calls a second")).toBeVisible();
  await see(page.getByText("No unit is free now.")).toBeVisible();
  // The curves begin at the first look; anew, they have what came before it.
  await page.reload();
  await see(page.getByText("No unit is free now.")).toBeVisible();
  await see(page.getByText(`serving no. ${UNITS}`)).toBeVisible();
  await take(page, "live");

  const entryId = keepers[last]?.read()?.entryId ?? "";
  await open(`/entries?q=${entryId}`);
  await page
    .getByRole("row", { name: /Aurora Console/ })
    .getByRole("link")
    .click();
  await see(page.getByRole("heading", { level: 1 })).toContainText("Has left");
  await take(page, "entry");

  await open(`/sales/${saleId}/dry-run`);
  await page.getByLabel("Simulated shoppers").fill("100");
  await page.getByLabel("Speed").fill("20");
  await page.getByRole("button", { name: "Start the rehearsal" }).click();
  await see(page.getByText("Nothing went wrong.")).toBeVisible({ timeout: 60_000 });
  await page.evaluate(() => scrollTo(0, 0));
  await take(page, "dry-run");

  await dropgate.send("POST", `/sales/${saleId}/actions/close`, {});
  await open(`/sales/${saleId}/proof`);
  await see(page.getByText(/^All 1\d checks passed/)).toBeVisible();
  await take(page, "proof");
} finally {
  for (const queue of queues) queue.close();
  await browser.close();
  await dropgate.close();
}
console.log("in docs/images/");

async function take(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: `${folder}console-${name}.png` });
}
