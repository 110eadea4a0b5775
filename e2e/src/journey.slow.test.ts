// The whole way of a shopper, in a real browser against everything that `start` starts: the page, the gateway, the
// worker, both stores and the demo shop. Nothing is simulated but the bank.
import { AxeBuilder } from "@axe-core/playwright";
import type { Browser, BrowserContext, Locator, Page } from "@playwright/test";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { type RunningDropgate, runDropgate } from "./running-dropgate.ts";
import { openBrowser, openOwnBrowser } from "./stage/browser.ts";
import { see } from "./stage/see.ts";

/** A loaded machine: how soon things are told is measured elsewhere. */
const SOON = { timeout: 30_000 };

let dropgate: RunningDropgate;
let browser: Browser;

beforeAll(async () => {
  [dropgate, browser] = await Promise.all([runDropgate(), openBrowser()]);
});
afterAll(async () => {
  await Promise.all([browser?.close(), dropgate?.close()]);
});

async function newShopper(): Promise<{ context: BrowserContext; complaints: string[] }> {
  const own = await openOwnBrowser(browser, SOON.timeout);
  onTestFinished(() => own.context.close());
  return own;
}

async function visit(context: BrowserContext, saleId: string): Promise<Page> {
  const page = await context.newPage();
  await page.goto(`${dropgate.url}/s/${saleId}`);
  return page;
}

const headline = (page: Page, name: string | RegExp) => page.getByRole("heading", { level: 2, name });
const button = (page: Page, name: string | RegExp) => page.getByRole("button", { name });
const until = (page: Page, name: string | RegExp) => see(headline(page, name)).toBeVisible(SOON);

async function join(page: Page): Promise<void> {
  await button(page, "Join the lobby").click();
  await until(page, "You're in.");
}

/** The number that was drawn, as the page shows it beside the headline. */
async function numberOf(page: Page): Promise<string> {
  const number = page.getByText(/^No\. \d+$/);
  await see(number).toBeVisible(SOON);
  return (await number.textContent()) ?? "";
}

async function isAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" ")}`)).toEqual([]);
}

/** The one of two pages that shows it first, and the other. */
async function firstOf(pages: [Page, Page], name: string): Promise<[Page, Page]> {
  const [one, other] = pages;
  return Promise.race([
    until(one, name).then((): [Page, Page] => [one, other]),
    until(other, name).then((): [Page, Page] => [other, one]),
  ]);
}

test("by keyboard alone: joined, missed and come back, offered, claimed, declined, paid; the focus is seen at each step", async () => {
  const saleId = await dropgate.createSale({
    title: "One unit",
    quantity: 1,
    claimWindowSeconds: 8,
  });
  const shoppers = await Promise.all([newShopper(), newShopper()]);
  const pages = (await Promise.all(shoppers.map(({ context }) => visit(context, saleId)))) as [Page, Page];
  for (const page of pages) {
    await pressAt(page, button(page, "Join the lobby"));
    // The button is gone, and its focus is where it is told what came of it.
    await isSeenAt(page, headline(page, "You're in."));
  }

  // The draw comes by itself; whom it puts first is not ours to say.
  await dropgate.scheduleDraw(saleId, 2_000);
  const [first, second] = await firstOf(pages, "It's your turn.");
  // Who comes after has time enough, also on a loaded machine.
  await dropgate.setClaimWindow(saleId, 120);
  await until(second, /^You're (next|in line)\.$/);
  await second.keyboard.press("Tab");
  await isSeenAt(first, headline(first, /^(It's your turn\.|Your turn passed at .*)$/));
  await until(first, /^Your turn passed at /);
  await see(button(first, "Come back")).toBeVisible();

  // The keyboard stood elsewhere in this page: the offer takes it.
  await isSeenAt(second, headline(second, "It's your turn."));
  await pressAt(second, button(second, "Let it pass"));
  await isSeenAt(second, button(second, "Keep my turn"));
  await second.keyboard.press("Escape");
  await isSeenAt(second, button(second, "Let it pass"));
  await pressAt(second, button(second, "Claim my unit"), "Shift+Tab", "Space");
  await isSeenAt(second, headline(second, /^Yours until /));
  await pressAt(second, second.getByRole("link", { name: "Go to checkout" }));
  await payByKeyboard(second, "4000 0000 0000 0002");
  await see(second.getByRole("alert")).toContainText("Your bank declined this card.", SOON);
  await payByKeyboard(second, "4242 4242 4242 4242");
  await see(second.getByRole("heading", { level: 1, name: "It's yours" })).toBeVisible(SOON);
  expect(new URL(second.url()).hash).toBe("");
  const order = new URL(second.url()).pathname.split("/").at(-1) ?? "";
  await see(second.getByText(order, { exact: true })).toBeVisible();

  await second.goto(`${dropgate.url}/s/${saleId}`);
  await until(second, "It's yours. Thank you!");
  await see(second.getByText(order)).toBeVisible(SOON);

  // Every unit is sold, and a cancelled order may still bring it back: the promise to come back once stands.
  await pressAt(first, button(first, "Come back"));
  await isSeenAt(first, headline(first, "All units are sold"));
  await Promise.all(pages.map(isAccessible));
  expect(shoppers.flatMap(({ complaints }) => complaints)).toEqual([]);
});

/** So many stops on the way to anything of these pages. */
const STOPS_MAX = 25;

/** Goes there by Tab alone, seeing where it is at each stop, and presses it. */
async function pressAt(page: Page, target: Locator, step = "Tab", press = "Enter"): Promise<void> {
  await goTo(page, target, step);
  await page.keyboard.press(press);
}

async function goTo(page: Page, target: Locator, step = "Tab"): Promise<void> {
  await see(target).toBeVisible(SOON);
  for (let stops = 0; stops < STOPS_MAX; stops += 1) {
    await page.keyboard.press(step);
    await isSeenAt(page, page.locator(":focus"));
    if (await target.evaluate((element) => element === document.activeElement)) return;
  }
  throw new Error(`${String(target)} is not reached by ${step}`);
}

/** The focus is there, within the window, and has a ring around it. */
async function isSeenAt(page: Page, place: Locator): Promise<void> {
  await see(place).toBeFocused(SOON);
  await see(place).toBeInViewport(SOON);
  const ring = await page.evaluate(() => {
    const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement ?? document.body);
    return outlineStyle === "none" ? 0 : Number.parseFloat(outlineWidth);
  });
  expect(ring, String(place)).toBeGreaterThanOrEqual(2);
}

async function payByKeyboard(page: Page, card: string): Promise<void> {
  await goTo(page, page.getByLabel("Card number"));
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.type(card);
  await pressAt(page, button(page, /^Pay /));
}

test("a reload and a second tab keep the place: in the lobby, in line and with a unit", async () => {
  const saleId = await dropgate.createSale({
    title: "The same place",
    quantity: 1,
    claimWindowSeconds: 120,
  });
  const shoppers = await Promise.all([newShopper(), newShopper()]);
  const pages = (await Promise.all(shoppers.map(({ context }) => visit(context, saleId)))) as [Page, Page];
  await Promise.all(pages.map(join));
  await isAccessible(pages[0]);
  await pages[0].reload();
  await until(pages[0], "You're in.");
  const tab = await visit(pages[0].context(), saleId);
  await until(tab, "You're in.");
  await tab.close();

  await dropgate.act(saleId, "draw");
  await dropgate.act(saleId, "open");
  const [first, second] = await firstOf(pages, "It's your turn.");

  await until(second, /^You're (next|in line)\.$/);
  await isAccessible(second);
  const number = await numberOf(second);
  await second.reload();
  expect(await numberOf(second)).toBe(number);
  const other = await visit(second.context(), saleId);
  await until(other, /^You're (next|in line)\.$/);
  expect(await numberOf(other)).toBe(number);

  await isAccessible(first);
  await button(first, "Claim my unit").click();
  await until(first, /^Yours until /);
  await isAccessible(first);
  const yours = await headline(first, /^Yours until /).textContent();
  const checkout = await checkoutOf(first);
  await first.reload();
  await until(first, yours ?? "");
  expect(await checkoutOf(first)).toBe(checkout);
  const third = await visit(first.context(), saleId);
  await until(third, yours ?? "");
  expect(await checkoutOf(third)).toBe(checkout);
  expect(shoppers.flatMap(({ complaints }) => complaints)).toEqual([]);
});

/** Where the way to the checkout leads, without the pass, whose text may differ. */
async function checkoutOf(page: Page): Promise<string | undefined> {
  const link = page.getByRole("link", { name: "Go to checkout" });
  await see(link).toHaveAttribute("href", /#pass=/, SOON);
  return (await link.getAttribute("href"))?.split("#pass=")[0];
}

test("where sockets are blocked, the page gets from the lobby to the offer, and to the checkout, by asking", async () => {
  const saleId = await dropgate.createSale({
    title: "No sockets",
    quantity: 1,
    claimWindowSeconds: 120,
  });
  const { context } = await newShopper();
  let blocked = 0;
  await context.routeWebSocket(/\/socket\.io\//, (socket) => {
    blocked += 1;
    void socket.close({ code: 1011 });
  });
  const page = await visit(context, saleId);
  await join(page);
  await dropgate.act(saleId, "draw");
  await dropgate.act(saleId, "open");
  await until(page, "It's your turn.");
  await see(page.getByText("Reconnecting")).toBeHidden();
  await button(page, "Claim my unit").click();
  await until(page, /^Yours until /);
  await see(page.getByRole("link", { name: "Go to checkout" })).toHaveAttribute("href", /#pass=/, SOON);
  expect(blocked).toBeGreaterThan(0);
});

test("in a rush the one unit goes to who asks first, and to the next who asks once it is given back", async () => {
  const saleId = await dropgate.createSale({
    title: "No line",
    kind: "rush",
    quantity: 1,
    claimWindowSeconds: 120,
  });
  const shoppers = await Promise.all([newShopper(), newShopper()]);
  const [first, second] = (await Promise.all(shoppers.map(({ context }) => visit(context, saleId)))) as [
    Page,
    Page,
  ];
  await until(first, "Opens in");
  await see(button(first, /^(Join|Get one)/)).toBeHidden();
  await dropgate.scheduleDraw(saleId, 1_000);

  await until(first, "The sale is on.");
  await isAccessible(first);
  await button(first, "Get one now").click();
  await until(first, /^Yours until /);
  await button(second, "Get one now").click();
  await see(second.getByRole("region").getByText("All units are sold or in baskets just now.")).toBeVisible(
    SOON,
  );

  await first.reload();
  await until(first, /^Yours until /);
  await button(first, "Give it back").click();
  await see(first.getByRole("dialog")).toContainText("Somebody else can get it at once.");
  await first.getByRole("dialog").getByRole("button", { name: "Give it back" }).click();
  await until(first, "You gave your unit back.");
  await button(second, "Get one now").click();
  await until(second, /^Yours until /);
  await second.getByRole("link", { name: "Go to checkout" }).click();
  await second.getByLabel("Card number").fill("4242 4242 4242 4242");
  await button(second, /^Pay /).click();
  await see(second.getByRole("heading", { level: 1, name: "It's yours" })).toBeVisible(SOON);
  // The one try that came too early, as the browser logs it.
  const complaints = shoppers.flatMap((shopper) => shopper.complaints);
  expect(complaints.filter((complaint) => !complaint.includes("409"))).toEqual([]);
  expect(complaints).toHaveLength(1);
});
