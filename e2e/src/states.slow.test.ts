// Every state of the page as a person meets it: by role and label, by keyboard, light and dark, in each language, on a
// narrow phone, with the real build and its real Content-Security-Policy. The server is the stage: some states take a true
// sale hours.
import { LANGUAGES } from "@dropgate/web/languages";
import type { Browser, Page } from "@playwright/test";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { axeFaults, COLORS } from "./stage/axe.ts";
import { openBrowser, openContext, type Scheme, showScene } from "./stage/browser.ts";
import { ELEVEN, SCENES, type SceneName } from "./stage/scene.ts";
import { see } from "./stage/see.ts";
import { openStage, type Stage } from "./stage/stage.ts";
import { treeFor, treeOf } from "./stage/trees.ts";

/** A loaded machine needs its time; how soon things are told is measured elsewhere. */
const SOON = { timeout: 15_000 };

let stage: Stage;
let browser: Browser;
const pages = new Map<Scheme, Page>();
/** What the consoles said that they should not, since the test began. */
const complaints: Record<Scheme, string[]> = { light: [], dark: [] };

beforeAll(async () => {
  [stage, browser] = await Promise.all([openStage(SCENES.scheduled(Date.now())), openBrowser()]);
  for (const scheme of ["light", "dark"] as const) {
    const context = await openContext(browser, { width: 360, height: 740, scheme });
    context.setDefaultTimeout(SOON.timeout);
    context.on("console", (message) => {
      if (message.type() === "error" || message.type() === "warning") complaints[scheme].push(message.text());
    });
    context.on("weberror", (fault) => complaints[scheme].push(fault.error().message));
    pages.set(scheme, await context.newPage());
  }
});
afterAll(async () => {
  await browser?.close();
  await stage?.close();
});
beforeEach(() => {
  stage.mend();
  complaints.light = [];
  complaints.dark = [];
});

function pageIn(scheme: Scheme): Page {
  const page = pages.get(scheme);
  if (page === undefined) throw new Error(`no page is open in ${scheme}`);
  return page;
}
const headline = (page: Page, name: string | RegExp) => page.getByRole("heading", { level: 2, name });
const button = (page: Page, name: string) => page.getByRole("button", { name });

async function isAccessible(page: Page): Promise<void> {
  expect(await axeFaults(page)).toEqual([]);
}

/** How far anything reaches beyond the window, in px. */
function overflow(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}

describe.each(LANGUAGES)("in %s", (language) => {
  test.each(ELEVEN)("%s says where the shopper stands, to every sense, on 360 px", async (name) => {
    const page = pageIn("light");
    await showScene(page, stage, name, language);
    if (language === "en") expect(await treeOf(page)).toBe(treeFor(name));
    await isAccessible(page);
    expect(await overflow(page)).toBe(0);
    // Of the scheme only colours depend, and these on no language.
    if (language === "en") {
      await page.emulateMedia({ colorScheme: "dark" });
      expect(await axeFaults(page, COLORS)).toEqual([]);
      await page.emulateMedia({ colorScheme: "light" });
    }
    // The network is away in that scene, and the browser says so, now and at each try until the page is left.
    if (name === "offline") await page.goto("about:blank");
    else expect(complaints.light).toEqual([]);
  });
});

test("the card is as high in one state as in another, so that nothing below it jumps", async () => {
  const page = pageIn("light");
  const heights = new Map<string, number>();
  for (const name of ELEVEN) {
    await showScene(page, stage, name);
    heights.set(name, (await page.locator("[data-kind]").boundingBox())?.height ?? 0);
  }
  expect([...new Set(heights.values())], JSON.stringify([...heights])).toHaveLength(1);
});

test.each([
  "heldAmber",
  "heldRed",
  "next",
  "left",
  "closed",
  "open",
  "lobbyOpen",
  "unknown",
  "rehearsal",
] satisfies SceneName[])("%s is accessible too", async (name) => {
  const page = pageIn("light");
  await showScene(page, stage, name);
  await isAccessible(page);
  expect(await overflow(page)).toBe(0);
});

test("the server's page is readable without a script, and the script moves nothing in it", async () => {
  const context = await browser.newContext({
    javaScriptEnabled: false,
    viewport: { width: 360, height: 740 },
    deviceScaleFactor: 2,
  });
  const bare = await context.newPage();
  stage.play(SCENES.scheduled(Date.now()));
  await bare.goto(stage.url);
  await see(bare.getByRole("heading", { level: 1, name: "Vessel No. 7" })).toBeVisible();
  await see(bare.getByText("€180.00")).toBeVisible();
  await see(headline(bare, /^The lobby opens on /)).toBeVisible();
  // This browser reads it only where scripts are off in its settings, which no test can say.
  expect(await bare.content()).toContain("To join, this page needs JavaScript.");
  const page = pageIn("light");
  await showScene(page, stage, "scheduled");
  for (const part of [".dg-picture", ".dg-title", ".dg-price", ".dg-card", ".dg-facts"]) {
    expect(await page.locator(part).boundingBox(), part).toEqual(await bare.locator(part).boundingBox());
  }
  await context.close();
});

test("at 400 % nothing is cut off or needs to be pushed sideways", async () => {
  const context = await openContext(browser, { width: 320, height: 256, scheme: "light" });
  const page = await context.newPage();
  for (const name of ["waiting", "held", "paused"] satisfies SceneName[]) {
    await showScene(page, stage, name);
    expect(await overflow(page), name).toBe(0);
  }
  await context.close();
});

test("by keyboard alone: the offer takes the focus, is claimed, and leads to the checkout", async () => {
  const page = pageIn("light");
  await showScene(page, stage, "waiting");
  await see(headline(page, "You're in line.")).toBeVisible(SOON);
  stage.play(SCENES.offered(Date.now()));
  await see(headline(page, "It's your turn.")).toBeFocused(SOON);
  await see(page).toHaveTitle(/^\(00:\d\d\) It's your turn! – Vessel No\. 7/);
  await see(page.locator('[aria-live="assertive"]')).toHaveText(/^It's your turn\. You have 4\d seconds/);
  await page.keyboard.press("Tab");
  await see(button(page, "Claim my unit")).toBeFocused();
  await page.keyboard.press("Enter");
  await see(headline(page, /^Yours until/)).toBeVisible(SOON);
  const checkout = page.getByRole("link", { name: "Go to checkout" });
  await see(checkout).toHaveAttribute("href", "/checkout#pass=header.payload.signature");
  expect(complaints.light).toEqual([]);
});

test("by keyboard alone: leaving asks once, Escape means no, and yes gives the place away", async () => {
  const page = pageIn("light");
  await showScene(page, stage, "waiting");
  const leave = button(page, "Leave the line");
  await leave.focus();
  await page.keyboard.press("Enter");
  const question = page.getByRole("dialog", { name: "Leave the line?" });
  await see(question).toBeVisible(SOON);
  await isAccessible(page);
  await page.keyboard.press("Escape");
  await see(question).toBeHidden();
  await see(leave).toBeFocused();
  await page.keyboard.press("Enter");
  await see(button(page, "Stay in line")).toBeFocused(SOON);
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await see(headline(page, "You've left the line.")).toBeVisible(SOON);
  await see(headline(page, "You've left the line.")).toBeFocused();
  await see(page.locator('[aria-live="polite"]')).toHaveText(/^You've left the line\./);
});

test("giving a unit back asks once, and missing a turn can be mended once", async () => {
  const page = pageIn("dark");
  await showScene(page, stage, "held");
  await button(page, "Give it back").click();
  await page.getByRole("dialog").getByRole("button", { name: "Give it back" }).click();
  await see(headline(page, "You gave your unit back.")).toBeVisible(SOON);
  await showScene(page, stage, "missed");
  await button(page, "Come back").click();
  await see(headline(page, "You're next.")).toBeVisible(SOON);
});

test("joining puts a guest in line, and so in a tab that is open and in one that comes later", async () => {
  const context = await browser.newContext({ reducedMotion: "reduce" });
  const page = await context.newPage();
  await showScene(page, stage, "open");
  const second = await context.newPage();
  await second.goto(stage.url);
  await see(headline(second, "The sale is on.")).toBeVisible(SOON);
  await button(page, "Join the line").click();
  // The button that was pressed is gone: who pressed it twice has not pressed what came in its place.
  await see(headline(page, "You're in line.")).toBeFocused(SOON);
  const third = await context.newPage();
  await third.goto(stage.url);
  for (const tab of [second, third]) {
    await see(headline(tab, "You're in line.")).toBeVisible(SOON);
    await see(tab.getByText("No. 3,504")).toBeVisible();
  }
  await context.close();
});

test("where sockets are blocked it asks instead, and acts by HTTP", async () => {
  const context = await openContext(browser, { width: 360, height: 740, scheme: "light" });
  const page = await context.newPage();
  stage.play(SCENES.waiting(Date.now()));
  stage.blockSockets();
  try {
    await page.goto(stage.url);
    await see(headline(page, "You're in line.")).toBeVisible(SOON);
    await see(page.locator("[data-kind]")).toHaveAttribute("data-away", "false", SOON);
    stage.play(SCENES.offered(Date.now()));
    await see(headline(page, "It's your turn.")).toBeVisible(SOON);
    await button(page, "Claim my unit").click();
    await see(headline(page, /^Yours until/)).toBeVisible(SOON);
  } finally {
    stage.mend();
    await context.close();
  }
});

test("away it keeps the last figures and says that the place is safe; back, it is as if nothing was", async () => {
  const page = pageIn("light");
  await showScene(page, stage, "offline");
  await see(page.getByText("Reconnecting… your place is safe").first()).toBeVisible(SOON);
  await see(headline(page, "You're in line.")).toBeVisible();
  stage.mend();
  await see(page.locator("[data-kind]")).toHaveAttribute("data-away", "false", SOON);
});

test("the appointment is a calendar file that the page makes itself", async () => {
  const page = pageIn("light");
  await showScene(page, stage, "scheduled");
  const download = page.waitForEvent("download");
  await button(page, "Add to calendar").click();
  expect((await download).suggestedFilename()).toBe("vessel-7.ics");
  expect(complaints.light).toEqual([]);
});

test.each([
  ["valid-closed", /^All of it holds\./],
  ["valid-open", /^So far it holds/],
  ["tampered-tickets-swapped", "This proof does not hold."],
])("the draw is checked in the browser, and %s is told as what it is", async (example, verdict) => {
  const page = pageIn("light");
  await stage.prove(example);
  await showScene(page, stage, "soldOut");
  await page.getByRole("link", { name: "Check the draw" }).click();
  await button(page, "Check it here").click();
  await see(page.getByText(verdict)).toBeVisible(SOON);
  await isAccessible(page);
  expect(await overflow(page)).toBe(0);
  expect(complaints.light).toEqual([]);
});

test("a check of the draw that takes long is stopped by a press, at once and whole, and begun again", async () => {
  const page = pageIn("light");
  await stage.prove("valid-closed");
  const list = "**/draw/entries";
  // A list that never comes to its end.
  await page.route(list, () => undefined);
  await showScene(page, stage, "soldOut");
  await button(page, "Check it here").click();
  await see.poll(() => page.workers().length).toBe(1);
  await button(page, "Stop").click();
  await see(page.getByText(/^You stopped the check before it was through/)).toBeVisible();
  await see.poll(() => page.workers().length).toBe(0);
  await page.unroute(list);
  await button(page, "Check it again").click();
  await see(page.getByText(/^All of it holds\./)).toBeVisible(SOON);
  await see.poll(() => page.workers().length).toBe(0);
  expect(complaints.light).toEqual([]);
});
