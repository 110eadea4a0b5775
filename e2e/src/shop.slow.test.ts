// Buying in the demo shop and watching the order ship, in a real browser against everything that `start` starts: the
// shop, the gateway, the worker, both stores and the simulated warehouse. Nothing is simulated but the bank and the shelf.
import type { Browser, BrowserContext, Page } from "@playwright/test";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { type RunningDropgate, runDropgate } from "./running-dropgate.ts";
import { axeFaults, COLORS } from "./stage/axe.ts";
import { openBrowser, openOwnBrowser } from "./stage/browser.ts";
import { see } from "./stage/see.ts";

/** A loaded machine: how soon things are told is measured elsewhere. */
const SOON = { timeout: 60_000 };
/** Accidents have tests of their own (demo/src/warehouse); here an order takes its time, step by step. */
const STEADY = {
  WAREHOUSE_LATE: "0",
  WAREHOUSE_TWICE: "0",
  WAREHOUSE_SHUFFLED: "0",
  WAREHOUSE_STEP_MS: "3000",
};

let dropgate: RunningDropgate;
let browser: Browser;
beforeAll(async () => {
  [dropgate, browser] = await Promise.all([runDropgate(STEADY), openBrowser()]);
});
afterAll(async () => {
  await Promise.all([browser?.close(), dropgate?.close()]);
});

async function newShopper(): Promise<{ page: Page; context: BrowserContext; complaints: string[] }> {
  const own = await openOwnBrowser(browser, SOON.timeout);
  onTestFinished(() => own.context.close());
  return { ...own, page: await own.context.newPage() };
}

/** By axe, and without a scroll bar below, on a phone and a desk, light and dark: of the page as it stands there. */
async function isFitForAll(page: Page): Promise<void> {
  for (const width of [360, 1440]) {
    await page.setViewportSize({ width, height: 900 });
    expect(await axeFaults(page), String(width)).toEqual([]);
    const isWider = await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
    expect(isWider, String(width)).toBe(false);
  }
  // Of the scheme only colours depend.
  await page.emulateMedia({ colorScheme: "dark" });
  expect(await axeFaults(page, COLORS), "dark").toEqual([]);
  await page.emulateMedia({ colorScheme: "light" });
}

async function fill(page: Page, quantity: string, country = "United States"): Promise<void> {
  await page.getByLabel("How many").selectOption(quantity);
  await page.getByLabel("Name on the parcel").fill("Ada Lovelace");
  await page.getByLabel("Country").selectOption(country);
  await page.getByLabel("Postal code").fill("10001");
  await page.getByRole("button", { name: "Continue to payment" }).click();
}

async function pay(page: Page, card = "4242 4242 4242 4242"): Promise<void> {
  await page.getByLabel("Card number").fill(card);
  await page.getByRole("button", { name: /^Pay / }).click();
}

const title = (page: Page, name: string) => page.getByRole("heading", { level: 1, name });
const steps = (page: Page) => page.getByRole("list", { name: "How far your order is" });
const cancel = (page: Page) => page.getByRole("button", { name: "Cancel this order" });
/** What a screen reader is told of each change. */
const sentence = (page: Page) => page.locator("[data-sentence]");

/** Buys and comes to the order's page, which is marked, so that a reload would be seen. */
async function buy(page: Page, sku: string, quantity = "1"): Promise<string> {
  await page.goto(`${dropgate.shop}/buy/${sku}`);
  await fill(page, quantity);
  await pay(page);
  await see(title(page, "It's yours")).toBeVisible(SOON);
  await page.evaluate(() => document.body.setAttribute("data-not-reloaded", ""));
  return new URL(page.url()).pathname.split("/").at(-1) ?? "";
}

async function wasNotReloaded(page: Page): Promise<void> {
  expect(await page.locator("body[data-not-reloaded]").count()).toBe(1);
}

/** What of a product lies everywhere, and what of it is promised. */
async function stockOf(sku: string): Promise<{ onHand: number; allocated: number; reserved: number }> {
  const { items } = (await dropgate.ask(`/inventory?sku=${sku}`)) as {
    items: { onHand: number; allocated: number; reserved: number }[];
  };
  return items.reduce(
    (sum, level) => ({
      onHand: sum.onHand + level.onHand,
      allocated: sum.allocated + level.allocated,
      reserved: sum.reserved + level.reserved,
    }),
    { onHand: 0, allocated: 0, reserved: 0 },
  );
}

test("an ordinary product is bought, and its page follows it to the parcel's number without a reload", async () => {
  const { page, complaints } = await newShopper();
  const before = await stockOf("AURORA-DOCK");
  // What is shown follows the stock by some moments, and the page is as it was when it was asked for.
  await see(async () => {
    await page.goto(dropgate.shop);
    await see(page.getByRole("heading", { level: 2, name: "Every day" })).toBeVisible();
    await see(page.getByText("Only a few left")).toBeVisible({ timeout: 1_000 });
  }).toPass(SOON);
  await isFitForAll(page);
  await page.getByRole("link", { name: "Buy now: Charging Dock" }).click();
  await see(page.getByText("In stock")).toBeVisible();
  await isFitForAll(page);
  await fill(page, "2");
  await see(page.getByText(/^Estimated delivery: /)).toBeVisible(SOON);
  await pay(page, "4000 0000 0000 0002");
  await see(page.getByRole("alert")).toContainText("Your bank declined this card.", SOON);
  await isFitForAll(page);
  await pay(page);
  await see(title(page, "It's yours")).toBeVisible(SOON);
  await page.evaluate(() => document.body.setAttribute("data-not-reloaded", ""));
  await see(cancel(page)).toBeVisible();

  for (const words of ["taken from the shelf", "It is packed", "on its way to you"])
    await see(sentence(page)).toContainText(words, SOON);
  await see(page.getByText(/^DG\d{10}$/)).toBeVisible(SOON);
  await see(steps(page).getByRole("listitem")).toHaveText(
    ["Ordered, done", "Picked, done", "Packed, done", "Shipped, done"].map(
      (step) => new RegExp(`^\\s*${step}\\s*\\d\\d:\\d\\d:\\d\\d\\s*$`),
    ),
    SOON,
  );
  await see(cancel(page)).toBeHidden();
  await wasNotReloaded(page);
  await isFitForAll(page);
  expect(await sentence(page).getAttribute("role")).toBe("status");
  expect((await stockOf("AURORA-DOCK")).onHand).toBe(before.onHand - 2);
  expect(complaints).toEqual([]);
});

test("an order is cancelled before the pick, by keyboard: nothing leaves the shelf and the stock is free again", async () => {
  const { page, complaints } = await newShopper();
  const before = await stockOf("AURORA-SLEEVE");
  const resume = await dropgate.freeze("warehouse");
  const orderId = await buy(page, "AURORA-SLEEVE", "3");
  expect(await stockOf("AURORA-SLEEVE")).toMatchObject({ allocated: before.allocated + 3 });
  await cancel(page).focus();
  await page.keyboard.press("Enter");
  await see(title(page, "Your order is cancelled")).toBeVisible(SOON);
  await see(sentence(page)).toContainText("has been given back in full");
  // The button is gone; the keyboard stands where it is told why.
  await see(sentence(page)).toBeFocused();
  await see(cancel(page)).toBeHidden();
  await see(steps(page).getByRole("listitem").last()).toContainText("Cancelled");
  // No empty row of a receipt for a parcel that there is not.
  await see(page.locator("[data-tracking]")).toBeHidden();
  await wasNotReloaded(page);
  await isFitForAll(page);

  resume();
  // Both are heard, one after the other.
  const heard = async (): Promise<string[]> => {
    const { items } = (await dropgate.ask(`/wms/outbox?orderId=${orderId}`)) as {
      items: { requestType: string; state: string }[];
    };
    return items.map(({ requestType, state }) => `${requestType} ${state}`).toSorted();
  };
  await see.poll(heard, SOON).toEqual(["CANCEL_REQUEST sent", "PICK_REQUEST sent"]);
  expect(await stockOf("AURORA-SLEEVE")).toEqual(before);
  expect(complaints).toEqual([]);
});

test("too late to cancel is said plainly, also on a page without a script that knows it too late", async () => {
  const resume = await dropgate.freeze("warehouse");
  const { page, context } = await newShopper();
  const orderId = await buy(page, "AURORA-PAD");
  const plain = await browser.newContext({
    javaScriptEnabled: false,
    storageState: await context.storageState(),
  });
  onTestFinished(() => plain.close());
  const old = await plain.newPage();
  await old.goto(`${dropgate.shop}/orders/${orderId}`);
  await see(cancel(old)).toBeVisible();
  resume();
  await see(sentence(page)).toContainText("taken from the shelf", SOON);
  await cancel(old).click();
  await see(old.getByRole("alert")).toContainText("It is too late to cancel", SOON);
  await see(cancel(old)).toBeHidden();
  await see(sentence(page)).toContainText("on its way to you", SOON);
});

test("what is not there, and where nobody delivers, is refused in a sentence that says what to do", async () => {
  const { page } = await newShopper();
  await page.goto(dropgate.shop);
  const print = page.getByRole("listitem").filter({ hasText: "Art Print" });
  await see(print.getByText("Out of stock")).toBeVisible(SOON);
  await see(print.getByRole("link")).toHaveCount(0);
  await page.goto(`${dropgate.shop}/buy/AURORA-PRINT`);
  await see(page.getByText("We have none left at the moment.")).toBeVisible();

  await page.goto(`${dropgate.shop}/buy/AURORA-LIGHT`);
  await fill(page, "5");
  const alert = page.getByRole("alert");
  await see(alert).toContainText("Choose fewer", SOON);
  await see(page.getByLabel("Name on the parcel")).toHaveValue("Ada Lovelace");
  await isFitForAll(page);
  await fill(page, "4", "Germany");
  await see(alert).toContainText("None of our warehouses delivers to this address", SOON);
  await fill(page, "4");
  await see(title(page, "Checkout")).toBeVisible(SOON);
  expect(await stockOf("AURORA-LIGHT")).toMatchObject({ reserved: 4 });

  // Somebody else comes too late, until the first one does not want it after all.
  const other = await newShopper();
  await other.page.goto(`${dropgate.shop}/buy/AURORA-LIGHT`);
  // What is shown may be older than this moment; the checkout is the judge.
  const gone = other.page.getByText("We have none left at the moment.");
  if (!(await gone.isVisible())) {
    await fill(other.page, "1");
    await see(other.page.getByRole("alert")).toContainText("Choose fewer", SOON);
  }
  await page.getByRole("button", { name: "Don't buy it after all" }).click();
  await see(page.getByText("You have not been charged")).toBeVisible(SOON);
  expect(await stockOf("AURORA-LIGHT")).toMatchObject({ reserved: 0 });
});

test("an order's page survives the gateway being away, says so, and goes on by itself", async () => {
  const { page } = await newShopper();
  const release = await dropgate.freeze("warehouse");
  await buy(page, "AURORA-SOUND");
  const resume = await dropgate.freeze("gateway-1");
  await see(page.getByText("We can't see how far your order is at the moment.")).toBeVisible(SOON);
  // What was known stays.
  await see(steps(page).getByRole("listitem")).toHaveCount(4);
  await isFitForAll(page);
  resume();
  release();
  await see(sentence(page)).toContainText("on its way to you", SOON);
  await see(page.getByText("We can't see how far")).toBeHidden(SOON);
  await wasNotReloaded(page);
});

/** Wins the one unit of a sale whose units lie on a shelf, and comes to its order's page; answers the sale's id. */
async function win(page: Page): Promise<string> {
  const saleId = await dropgate.createSale({
    title: "One unit of the shelf",
    quantity: 1,
    claimWindowSeconds: 120,
    source: "inventory",
    locationId: "reno",
  });
  await page.goto(`${dropgate.url}/s/${saleId}`);
  await page.getByRole("button", { name: "Join the lobby" }).click();
  await see(page.getByRole("heading", { level: 2, name: "You're in." })).toBeVisible(SOON);
  await dropgate.act(saleId, "draw");
  await dropgate.act(saleId, "open");
  await page.getByRole("button", { name: "Claim my unit" }).click();
  await page.getByRole("link", { name: "Go to checkout" }).click();
  await pay(page);
  await see(title(page, "It's yours")).toBeVisible(SOON);
  await page.evaluate(() => document.body.setAttribute("data-not-reloaded", ""));
  return saleId;
}

test("a unit of the drop is followed the same way, from the line to the parcel", async () => {
  const { page } = await newShopper();
  await win(page);
  await see(sentence(page)).toContainText("on its way to you", SOON);
  await see(page.getByText(/^DG\d{10}$/)).toBeVisible(SOON);
  await see(page.getByRole("definition").filter({ hasText: "No. 1" })).toBeVisible();
  await wasNotReloaded(page);
});

test("a unit of the drop that is cancelled before the pick is the sale's again", async () => {
  const { page } = await newShopper();
  const resume = await dropgate.freeze("warehouse");
  const saleId = await win(page);
  const phase = async (): Promise<string> =>
    ((await dropgate.ask(`/sales/${saleId}`)) as { phase: string }).phase;
  await see.poll(phase, SOON).toBe("sold_out");
  await cancel(page).click();
  await see(title(page, "Your order is cancelled")).toBeVisible(SOON);
  await see.poll(phase, SOON).toBe("live");
  await wasNotReloaded(page);
  resume();
});

test("the documentation is fit for all, and is copied from with one press", async () => {
  const { page, context } = await newShopper();
  await page.goto(`${dropgate.url}/docs`);
  await see(page.getByRole("heading", { level: 1, name: "Documentation" })).toBeVisible(SOON);
  await page.getByRole("link", { name: "Integrate a shop" }).first().click();
  await see(title(page, "Integrate a shop")).toBeVisible(SOON);
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.getByRole("button", { name: "Copy" }).first().click();
  await see(page.getByRole("button", { name: "Copied" })).toBeVisible(SOON);
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe("npx pnpm start\n");
  await page.goto(`${dropgate.url}/docs`);
  // The reference has come, and is one part of the page.
  await see(page.locator("#swagger .opblock").first()).toBeVisible(SOON);
  expect(await page.locator("main:not([role])").count()).toBe(1);
  await page.goto(`${dropgate.url}/docs/concepts/fairness`);
  await isFitForAll(page);
});
