// The console's pages of stock as operators use them: what waits is approved, what was given up is sent again, a viewer
// is told why not, and each page can be read by everybody in light and dark.
import { createHmac, randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Location } from "@dropgate/contracts/location";
import type { Browser } from "@playwright/test";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { type RunningDropgate, runDropgate } from "./running-dropgate.ts";
import { openBrowser } from "./stage/browser.ts";
import { type Desk, faultsOfAccess, overflowOf, signedIn } from "./stage/console.ts";
import { button, dialog, isFine, rowWith, shownSecret } from "./stage/looking.ts";
import { see } from "./stage/see.ts";

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

test("a location is made by rules that are checked, shares a secret with its warehouse, and stock is moved and repaired", async () => {
  const { page, open, context, complaints } = await signedIn(dropgate, browser, "admin", { width: 1280 });
  onTestFinished(() => context.close());
  await open("/locations");
  await button(page, "New location").click();
  const making = dialog(page, "New location");
  for (const [label, text] of [
    ["Id", "dover"],
    ["Name", "Dover"],
    ["Postal code", "19901"],
    ["Country", "US"],
    ["Latitude", "39.2"],
    ["Longitude", "-75.5"],
    ["Time zone", "America/New_Yorck"],
    ["Ships by", "standard 25:00"],
    ["Serves", "US"],
    ["Can handle", "frozen"],
  ] as const) {
    await making.getByLabel(new RegExp(`^${label}( optional)?$`)).fill(text);
  }
  await button(making, "Add the location").click();
  await see(making.getByLabel("Time zone")).toHaveAccessibleDescription(/IANA time zone/);
  await see(making.getByLabel("Ships by")).toHaveAccessibleDescription(/00:00 to 23:59/);
  await see(making.getByLabel("Can handle")).toHaveAccessibleDescription(/Only hazmat/);
  await isFine(page);
  await making.getByLabel("Time zone").fill("America/New_York");
  await making.getByLabel("Ships by").fill("standard 17:00");
  await making.getByLabel("Can handle").fill("hazmat");
  await button(making, "Add the location").click();
  await rowWith(page, "dover").getByRole("link", { name: "Dover" }).click();
  await button(page, "Change the rules").click();
  const changing = dialog(page, "Rules of Dover");
  await changing.getByLabel("Orders a day").fill("12");
  await button(changing, "Save").click();
  await see(page.getByText("12 orders a day")).toBeVisible();

  await button(page, "Give it a secret of its own").click();
  const giving = dialog(page, "A secret of its own for Dover");
  expect(await shownSecret(giving)).toMatch(/^[\w-]{43}$/);
  await isFine(page);
  await giving.getByLabel("Secret", { exact: true }).selectOption("The warehouse's own");
  await giving.getByLabel("The warehouse's secret").fill("short");
  await button(giving, "Set the secret").click();
  await see(giving.getByLabel("The warehouse's secret")).toHaveAccessibleDescription(/16 or more characters/);
  await giving.getByLabel("The warehouse's secret").fill("a secret of the warehouse in Dover");
  await button(giving, "Set the secret").click();
  await see(page.getByText("a secret of its own", { exact: true })).toBeVisible();
  expect(await dropgate.ask("/locations/dover/wms-secret")).toMatchObject({ signedBy: "own" });
  await button(page, "Back to the shared one").click();
  const back = dialog(page, "Back to the shared secret for Dover?");
  await back.getByLabel("What is signed with the earlier one is believed for").selectOption("not at all");
  await isFine(page);
  await button(back, "Go back to WMS_SECRET").click();
  await see(page.getByText("the one of all locations (WMS_SECRET)")).toBeVisible();
  await isFine(page);

  await open("/inventory/transfers");
  await button(page, "Transfer").first().click();
  const moving = dialog(page, "Move stock to another location");
  await moving.getByLabel("SKU").fill("AURORA-PAD");
  await moving.getByLabel("From").selectOption("reno");
  await moving.getByLabel("To", { exact: true }).selectOption("dover");
  await moving.getByLabel("Units").fill("5");
  await isFine(page);
  await button(moving, "Ask for the transfer").click();
  await see(rowWith(page, "reno", "dover")).toContainText("AURORA-PAD: 5 asked");

  const level = { sku: "AURORA-SLEEVE", locationId: "reno" };
  await dropgate.harm(
    "UPDATE inventory_levels SET damaged = damaged + 7 WHERE sku = $1 AND location_id = $2",
    [level.sku, level.locationId],
  );
  await open("/reconciliations");
  await button(page, "Compare now").click();
  const comparing = dialog(page, "Compare stock");
  await comparing.getByLabel("Only this SKU").fill(level.sku);
  await isFine(page);
  await button(comparing, "Compare").click();
  await see(rowWith(page, level.sku, "reno", "Proposed").first()).toBeVisible();
  await button(page, "Repair what differs").click();
  const repairing = dialog(page, "Repair what differs?");
  await see(repairing).toContainText(/difference.* become/);
  await isFine(page);
  await button(repairing, "Repair").click();
  await see(rowWith(page, level.sku, "reno", "Proposed")).toHaveCount(0);
  await see(rowWith(page, level.sku, "reno", "Applied").first()).toBeVisible();
  expect(await dropgate.ask(`/inventory?${new URLSearchParams(level)}`)).toMatchObject({
    items: [{ damaged: 0 }],
  });
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

  await open(`/sales/${id}/settings`);
  await page.getByRole("link", { name: "Theme", exact: true }).click();
  await see(page.getByRole("heading", { level: 1 })).toHaveText(`Theme of ${id}`);
  await page.getByLabel("Name beside the logo").fill("Only here");
  await save.click();
  await see(page.getByText("The theme is saved.").first()).toBeVisible();
  await button(page, "Use the general theme again").click();
  const giving = page.getByRole("alertdialog", { name: "Use the general theme again?" });
  await isFine(page);
  await button(giving, "Use the general theme").click();
  await see(page.getByText("The sale uses the general theme again.")).toBeVisible();
  await see(page.getByLabel("Name beside the logo")).toHaveValue("");
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
