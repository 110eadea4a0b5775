// The console's pages of stock as operators use them: what waits is approved, what was given up is sent again, a viewer
// is told why not, and each page can be read by everybody in light and dark.
import { createHmac, randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Location } from "@dropgate/contracts/location";
import { type Browser, type Page, expect as see } from "@playwright/test";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { type RunningDropgate, runDropgate } from "./running-dropgate.ts";
import { openBrowser } from "./stage/browser.ts";
import { type Desk, faultsOfAccess, overflowOf, signedIn } from "./stage/console.ts";

const WMS_SECRET = randomBytes(16).toString("hex");
const SKU = "COUNTED 42/é";
let dropgate: RunningDropgate;
let browser: Browser;
let place: Location;
let approver: Desk;
let viewer: Desk;

beforeAll(async () => {
  [dropgate, browser] = await Promise.all([
    runDropgate({ WMS_SECRET, WEBHOOK_ALLOW_PRIVATE: "127.0.0.1" }),
    openBrowser(),
  ]);
  const { items } = (await dropgate.ask("/locations")) as { items: [Location] };
  [place] = items;
  await dropgate.send("POST", "/products", {
    ...{ sku: SKU, title: "Counted", price: { amount: 900, currency: "EUR" }, weightGrams: 100 },
    dimensionsMm: { length: 1, width: 1, height: 1 },
    ...{ hazmat: false, oversized: false, refrigerated: false },
  });
  [approver, viewer] = await Promise.all([
    signedIn(dropgate, browser, "approver"),
    signedIn(dropgate, browser, "viewer", { width: 360, height: 740, scheme: "dark" }),
  ]);
});
afterAll(async () => {
  await Promise.all([browser?.close(), dropgate?.close()]);
});

async function tellCount(actualCount: number): Promise<void> {
  const body = JSON.stringify({
    ...{ eventId: "count-1", eventType: "CYCLE_COUNT_ADJUSTMENT", timestamp: new Date().toISOString() },
    ...{ locationId: place.id, source: "wms", sku: SKU, actualCount, reason: "yearly count" },
  });
  const seconds = Math.floor(Date.now() / 1_000);
  const proof = createHmac("sha256", WMS_SECRET).update(`${seconds}.${body}`).digest("hex");
  const answer = await fetch(`${dropgate.url}/api/v1/wms/events`, {
    method: "POST",
    headers: { "content-type": "application/json", "x-signature": `t=${seconds},v1=${proof}` },
    body,
  });
  expect(answer.status).toBe(202);
}

const rowWith = (page: Page, ...texts: string[]) =>
  texts.reduce((rows, hasText) => rows.filter({ hasText }), page.getByRole("row"));

test("a count that differs much is an alert, waits for an approver, and is in the ledger once approved", async () => {
  const { page, open, complaints } = approver;
  await tellCount(120);
  await open("/alerts?state=open");
  await page.getByRole("link", { name: "Variance" }).click();
  await see(page).toHaveURL(/corrections\?state=awaiting_approval/);
  await rowWith(page, "yearly count").getByRole("button", { name: "Approve" }).click();
  const question = page.getByRole("alertdialog", { name: "Approve the correction?" });
  await see(question).toContainText("120 units more");
  expect(await faultsOfAccess(page)).toEqual([]);
  await question.getByRole("button", { name: "Approve" }).click();
  await see(page.getByText("No correction is in this state.")).toBeVisible();
  await open(`/inventory/level?${new URLSearchParams({ sku: SKU, locationId: place.id })}`);
  await see(rowWith(page, "+120 on hand")).toContainText("Event counted");
  expect(await faultsOfAccess(page)).toEqual([]);
  expect(complaints).toEqual([]);
});

test("a request that the warehouse refused for good is sent again from the dead letters", async () => {
  const { page, open, complaints } = approver;
  let status = 422;
  const warehouse = createServer((_request, response) => response.writeHead(status).end()).listen(
    0,
    "127.0.0.1",
  );
  onTestFinished(() => void warehouse.close());
  await once(warehouse, "listening");
  const { port } = warehouse.address() as AddressInfo;
  await dropgate.send("PATCH", `/locations/${place.id}`, { wmsUrl: `http://127.0.0.1:${port}/` });
  await dropgate.send("POST", "/cycle-counts", { sku: SKU, locationId: place.id });
  await open("/warehouse/asked?state=dead");
  const row = rowWith(page, "Count request");
  await row.waitFor();
  await see(row).toContainText("it answered 422");
  status = 202;
  await row.getByRole("button", { name: "Send again" }).click();
  await open("/warehouse/asked?state=sent");
  await see(rowWith(page, "Count request")).toBeVisible();
  expect(complaints).toEqual([]);
});

test("a viewer sees what waits, and is told who may decide", async () => {
  const { page, open } = viewer;
  await dropgate.send("POST", "/adjustments", {
    ...{ sku: SKU, locationId: place.id, delta: 500, reason: "a pallet was found" },
  });
  await open("/inventory/corrections");
  const approve = rowWith(page, "a pallet was found").getByRole("button", { name: "Approve" });
  await see(approve).toHaveAttribute("aria-disabled", "true");
  await see(approve).toHaveAccessibleDescription(/may not decide on corrections: ask an approver/);
  await open("/settings/operators");
  await see(page.getByText("Your role may not see this.")).toBeVisible();
});

test("an admin adds a webhook, is shown its secret once, tests it, and reads of it in the log", async () => {
  const { page, open, context, complaints } = await signedIn(dropgate, browser, "admin");
  onTestFinished(() => context.close());
  const shop = createServer((_request, response) => response.writeHead(204).end()).listen(0, "127.0.0.1");
  onTestFinished(() => void shop.close());
  await once(shop, "listening");
  const url = `http://127.0.0.1:${(shop.address() as AddressInfo).port}/told`;
  await open("/settings/webhooks");
  await page.getByRole("button", { name: "New webhook" }).click();
  await page.getByLabel("Address").fill(url);
  await page.getByRole("button", { name: "Add the webhook" }).click();
  await see(page.getByRole("dialog", { name: "The secret, once" })).toContainText("whs_");
  await page.getByRole("button", { name: "I have kept it" }).click();
  await page.getByRole("link", { name: url }).click();
  await page.getByRole("button", { name: "Send a test" }).click();
  await see(page.getByText("It took the test event")).toBeVisible();
  await see(rowWith(page, "webhook.test")).toContainText("Delivered");
  for (const path of ["", "/settings/keys", "/settings/operators", "/audit"]) {
    if (path !== "") await open(path);
    await see(page.getByRole("heading", { level: 1 })).toBeVisible();
    await see(page.getByText("Loading …")).toHaveCount(0);
    expect(await faultsOfAccess(page)).toEqual([]);
    expect(await overflowOf(page)).toBe(0);
  }
  expect(complaints).toEqual([]);
});

test("colours that people could not read are refused in words, and a theme that is saved is on the sale's page", async () => {
  const { page, open, complaints } = approver;
  const id = await dropgate.createSale({ title: "Themed", quantity: 5, claimWindowSeconds: 60 });
  await open("/settings/theme");
  await page.getByLabel("Light colours are").selectOption("chosen");
  const text = page.getByLabel("Text, light", { exact: true });
  const save = page.getByRole("button", { name: "Save the theme" });
  await text.fill("#dddddd");
  await see(text).toHaveAccessibleDescription(/Too near to the card: its contrast is 1\.35 to 1/);
  await see(save).toHaveAttribute("aria-disabled", "true");
  await see(save).toHaveAccessibleDescription(/Some colours cannot be used/);
  await see(page.getByRole("figure", { name: "Preview, light: in line" })).toContainText("could not read it");
  expect(await faultsOfAccess(page)).toEqual([]);
  await text.fill("#2b1600");
  await page.getByLabel("Name beside the logo").fill("Ember & Clay");
  // A colleague saves meanwhile: what only they wrote is theirs, and the draft is kept.
  await dropgate.send("PUT", "/theme", { texts: { en: { brand: "Theirs", thanks: "From them" } } });
  await see(page.getByText(/You have both changed: “Name beside the logo” in English\./)).toBeVisible({
    timeout: 20_000,
  });
  await see(text).toHaveValue("#2b1600");
  await see(page.getByLabel("Name beside the logo")).toHaveValue("Ember & Clay");
  await see(page.getByLabel("To who has bought")).toHaveValue("From them");
  await page.getByLabel("What a shopper sees").selectOption("thanks");
  await see(page.getByRole("figure", { name: "Preview, dark: has bought" })).toContainText("From them");
  expect(await faultsOfAccess(page)).toEqual([]);
  await save.click();
  await see(page.getByText("The theme is saved.")).toBeVisible();
  await see(page.getByRole("row", { name: /Approver/ }).filter({ hasText: "All sales" })).toBeVisible();
  const html = await (await fetch(`${dropgate.url}/s/${id}`)).text();
  expect(html).toContain("Ember &amp; Clay");
  expect(html).toMatch(/\/theme\/[^"]+\.css/);
  expect(complaints).toEqual([]);
});

test.each([
  ["/inventory", "Inventory"],
  ["/inventory/corrections", "Corrections"],
  ["/inventory/transfers", "Transfers"],
  ["/locations", "Locations"],
  ["/orders", "Orders"],
  ["/orders/waiting", "Back-orders"],
  ["/warehouse", "Told by warehouses"],
  ["/warehouse/asked", "Asked of warehouses"],
  ["/fulfilment", "Fulfilment try-out"],
  ["/alerts", "Alerts"],
  ["/reconciliations", "Reconciliation"],
  ["/settings", "Settings"],
  ["/settings/theme", "Theme"],
])("%s can be read by everybody, on a phone in the dark and on a desk in the light", async (path, name) => {
  for (const { page, open } of [viewer, approver]) {
    await open(path);
    await see(page.getByRole("heading", { level: 1, name })).toBeVisible();
    await see(page.getByText("Loading …")).toHaveCount(0);
    expect(await faultsOfAccess(page)).toEqual([]);
    expect(await overflowOf(page)).toBe(0);
  }
});
