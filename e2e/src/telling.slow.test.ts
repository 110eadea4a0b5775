// What the page tells beyond what it shows: aloud, by the tab, by sound and by the browser's own notification; and that
// it does so once, over several tabs, and where nobody looks. The server is the stage.
import type { Browser, BrowserContext, Page } from "@playwright/test";
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from "vitest";
import { openBrowser, openContext } from "./stage/browser.ts";
import { SCENES, type Scene } from "./stage/scene.ts";
import { see } from "./stage/see.ts";
import {
  askedOn,
  clickNotification,
  focusedOn,
  isArmed,
  lookAt,
  notesOn,
  notifiedOn,
  saidOn,
  spyOn,
} from "./stage/spies.ts";
import { openStage, type Stage } from "./stage/stage.ts";

const SOON = { timeout: 15_000 };

let stage: Stage;
let browser: Browser;
beforeAll(async () => {
  [stage, browser] = await Promise.all([openStage(SCENES.scheduled(Date.now())), openBrowser()]);
});
afterAll(async () => {
  await browser?.close();
  await stage?.close();
});
beforeEach(() => stage.mend());

const headline = (page: Page, name: string | RegExp) => page.getByRole("heading", { level: 2, name });
const button = (page: Page, name: string) => page.getByRole("button", { name, exact: true });
const toggle = (page: Page, name: string) => page.getByRole("switch", { name });
const kind = (page: Page, kind: string) => page.locator(`[data-kind="${kind}"]`);

/** A browser that allows notifications, and is watched. */
async function watchedBrowser(language = "en-GB"): Promise<BrowserContext> {
  const context = await openContext(browser, { width: 390, height: 844, scheme: "light", language });
  onTestFinished(() => context.close());
  context.setDefaultTimeout(SOON.timeout);
  await context.grantPermissions(["notifications"]);
  await spyOn(context);
  return context;
}

async function open(context: BrowserContext, scene: Scene): Promise<Page> {
  stage.play(scene);
  const page = await context.newPage();
  await page.goto(stage.url);
  await page.locator("[data-kind]").waitFor();
  await isArmed(page);
  return page;
}

/** One step of the way of the stage's own shopper; each is newer than the one before. */
function step(name: keyof typeof SCENES, serving?: number): Scene {
  const scene = SCENES[name](Date.now());
  if (serving === undefined) return scene;
  // A line that moves only when it is told to.
  const queue = { serving, waiting: 3_504, ratePerSecond: 0 };
  return { ...scene, sale: scene.sale && { ...scene.sale, queue }, serving: queue };
}

test("each change of state is said once, each tenth of the way once, and no tick in between", async () => {
  const page = await open(await watchedBrowser(), step("lobbyOpen"));
  await button(page, "Join the lobby").click();
  await see(headline(page, "You're in.")).toBeVisible(SOON);
  stage.play(step("drawing"));
  await see(headline(page, "Drawing the order…")).toBeVisible(SOON);
  stage.play({ ...step("drawing"), entry: step("waiting").entry });
  await see(headline(page, "Your place is drawn.")).toBeVisible(SOON);
  // From one tenth of the way to the next there is nothing to say.
  for (const serving of [0, 1, 2, 3, 1_120, 1_121, 1_122, 3_300]) {
    stage.play(step("waiting", serving));
    const ahead = `${(3_503 - serving).toLocaleString("en")} people ahead of you`;
    await see(page.getByText(ahead, { exact: true })).toBeVisible(SOON);
  }
  stage.play(step("paused", 3_300));
  await see(headline(page, "The sale is paused. Your place is safe.")).toBeVisible(SOON);
  stage.play(step("waiting", 3_300));
  await see(headline(page, "You're in line.")).toBeVisible(SOON);
  stage.play(step("offered", 3_300));
  await see(headline(page, "It's your turn.")).toBeFocused(SOON);
  await button(page, "Claim my unit").click();
  await see(headline(page, /^Yours until/)).toBeVisible(SOON);
  await page.context().setOffline(true);
  await see(page.locator('[data-away="true"]')).toBeVisible(SOON);
  await page.context().setOffline(false);
  await see(page.locator('[data-away="false"]')).toBeVisible(SOON);
  stage.play(step("purchased"));
  await see(headline(page, "It's yours. Thank you!")).toBeVisible(SOON);

  const said = (await saidOn(page)).map((each) =>
    each.replace(/(\d\d:)?\d\d:\d\d(?!\.$)/, "‹time›").replace(/4\d seconds/, "‹n› seconds"),
  );
  expect(said).toEqual([
    "polite: You're in. 2,381 people in the lobby. Arriving earlier gives no advantage.",
    "polite: Drawing the order… Everyone in the lobby has the same chance. Your number comes in a few seconds.",
    "polite: Your place is drawn. Turns begin in ‹time›. 120 units, about 3,503 ahead of you: a unit is unlikely, you stay in line for returns.",
    "polite: You're in line. The line isn't moving just now, so we can't say how long it takes. 120 units, about 3,503 ahead of you: a unit is unlikely, you stay in line for returns.",
    "polite: 30 percent of the way. 2,383 people ahead of you.",
    "polite: 90 percent of the way. 203 people ahead of you.",
    "polite: The sale is paused. Your place is safe. The line stands still, and nobody moves ahead of you. We're fixing a problem at the checkout and go on at about 14:30.",
    "polite: You're in line. The line isn't moving just now, so we can't say how long it takes. 120 units, about 203 ahead of you: a unit is unlikely, you stay in line for returns. So far at most 1 in 10 took the unit that they were offered.",
    "assertive: It's your turn. You have ‹n› seconds to claim your unit.",
    "polite: Yours until ‹time›. Your unit is set aside. Pay at the shop's checkout before the time is up.",
    "polite: Reconnecting… your place is safe",
    "polite: Connected again.",
    "polite: It's yours. Thank you! The shop has your order and sends you its confirmation.",
  ]);
});

test("the turn is told once over two tabs that nobody looks at, in the page's language, and a click leads back", async () => {
  const context = await watchedBrowser("de-DE");
  const tabs = [await open(context, step("waiting")), await open(context, step("waiting"))];
  for (const tab of tabs) {
    await kind(tab, "waiting").waitFor();
    await lookAt(tab, false);
  }
  stage.play(step("offered"));
  await Promise.all(tabs.map((tab) => kind(tab, "offered").waitFor()));
  const told = async () => (await Promise.all(tabs.map(notifiedOn))).flat();
  await see.poll(() => Promise.all(tabs.map(askedOn)), SOON).toEqual([1, 1]);
  expect(await told()).toEqual([
    {
      title: "Sie sind dran",
      body: "Vessel No. 7: Nehmen Sie jetzt Ihr Stück.",
      lang: "de",
      isClosed: false,
    },
  ]);
  const [teller, other] = (await notifiedOn(tabs[0] as Page)).length === 1 ? tabs : tabs.toReversed();
  await clickNotification(teller as Page);
  expect(await focusedOn(teller as Page)).toBe(1);
  expect(await told()).toEqual([expect.objectContaining({ isClosed: true })]);
  expect(await notifiedOn(other as Page)).toEqual([]);
});

test("while one tab is looked at no notification is shown; its title, icon and sound tell, and stop with the turn", async () => {
  const context = await watchedBrowser();
  const page = await open(context, step("waiting", 92));
  const behind = await open(context, step("waiting", 92));
  await kind(page, "waiting").waitFor();
  await lookAt(behind, false);
  const icon = () => page.locator('link[rel="icon"]').getAttribute("href");
  const calm = await icon();
  await see(page).toHaveTitle(/^3,412 in line – Vessel No\. 7/, SOON);
  // Sound is for who has touched the page.
  await toggle(page, "Sound on my turn").press("Space");
  await toggle(page, "Sound on my turn").press("Space");
  stage.play(step("offered"));
  await see(page).toHaveTitle(/^\(00:\d\d\) It's your turn! – Vessel No\. 7/, SOON);
  expect(await icon()).not.toBe(calm);
  await see.poll(() => notesOn(page), SOON).toBe(2);
  await button(page, "Claim my unit").click();
  await see(page).toHaveTitle(/^\(\d\d:\d\d\) Yours – Vessel No\. 7/, SOON);
  expect(await icon()).toBe(calm);
  await see.poll(() => askedOn(behind), SOON).toBe(1);
  expect([await notifiedOn(page), await notifiedOn(behind), await notesOn(behind)]).toEqual([[], [], 0]);
});

test("a notification is taken back when its turn is over; sound that is off in one tab is off in all", async () => {
  const context = await watchedBrowser();
  const page = await open(context, step("waiting"));
  const other = await open(context, step("waiting"));
  await kind(page, "waiting").waitFor();
  await toggle(page, "Sound on my turn").press("Space");
  await see(toggle(other, "Sound on my turn")).not.toBeChecked(SOON);
  await other.close();
  await lookAt(page, false);
  stage.play(step("offered"));
  await see.poll(() => notifiedOn(page), SOON).toHaveLength(1);
  stage.play(step("missed"));
  await kind(page, "missed").waitFor();
  expect(await notifiedOn(page)).toEqual([expect.objectContaining({ isClosed: true })]);
  expect(await notesOn(page)).toBe(0);
  await page.reload();
  await kind(page, "missed").waitFor();
  stage.play(step("waiting"));
  await page.reload();
  await see(toggle(page, "Sound on my turn")).not.toBeChecked(SOON);
});

test("who asked to be told of returns is, once over two tabs, and who did not ask is not", async () => {
  const context = await watchedBrowser();
  const soldOut = { ...step("soldOut"), entry: null };
  const page = await open(context, soldOut);
  const returns = toggle(page, "Tell me if units come back");
  await returns.focus();
  await page.keyboard.press("Space");
  await see(returns).toBeChecked(SOON);
  const other = await open(context, soldOut);
  await see(toggle(other, "Tell me if units come back")).toBeChecked(SOON);
  const strangers = await watchedBrowser();
  const stranger = await open(strangers, soldOut);
  for (const tab of [page, other, stranger]) await lookAt(tab, false);
  stage.play(step("open"));
  await see(headline(stranger, "The sale is on.")).toBeVisible(SOON);
  await see.poll(() => Promise.all([page, other].map(askedOn)), SOON).toEqual([1, 1]);
  expect([...(await notifiedOn(page)), ...(await notifiedOn(other))]).toEqual([
    { title: "Units are back", body: "Vessel No. 7: a unit has come back.", lang: "en", isClosed: false },
  ]);
  expect(await notifiedOn(stranger)).toEqual([]);
});

test("the turn closes a dialog that stands open, and takes the keyboard", async () => {
  const page = await open(await watchedBrowser(), step("waiting"));
  await button(page, "Use another device").click();
  await see(page.getByRole("dialog")).toBeVisible(SOON);
  stage.play(step("offered"));
  await see(headline(page, "It's your turn.")).toBeFocused(SOON);
  await see(page.getByRole("dialog")).toBeHidden();
  await see
    .poll(() => saidOn(page))
    .toContainEqual(expect.stringMatching(/^assertive: It's your turn\. You have 4\d seconds/));
});

test("a leave says that it is under way until it is stored, and nothing else can be pressed meanwhile", async () => {
  const page = await open(await watchedBrowser(), step("waiting"));
  const store = stage.storeLeavesLater();
  await button(page, "Leave the line").click();
  await page.getByRole("dialog").getByRole("button", { name: "Leave", exact: true }).click();
  const leaving = button(page, "Leaving…");
  await see(leaving).toBeFocused(SOON);
  await see(leaving).toBeDisabled();
  await page.keyboard.press("Enter");
  await see(page.getByRole("dialog")).toHaveCount(0);
  await see(headline(page, "You're in line.")).toBeVisible();
  store();
  await see(headline(page, "You've left the line.")).toBeFocused(SOON);
  await see(button(page, "Join again")).toBeEnabled();
});

test("a check of the draw can be stopped and begun again, and says when the proof does not come", async () => {
  const page = await open(await watchedBrowser(), step("soldOut"));
  await stage.prove("valid-closed");
  const goOn = stage.haltProof();
  const check = page.locator("#draw-check");
  await button(page, "Check it here").focus();
  await page.keyboard.press("Enter");
  await see(check.getByRole("progressbar", { name: "Checking the draw" })).toBeVisible(SOON);
  // The button that was pressed has become this one, and the keyboard is still on it.
  await see(button(page, "Stop")).toBeFocused();
  await page.keyboard.press("Enter");
  await see(check.getByText(/^You stopped the check before it was through/)).toBeVisible(SOON);
  await see(check.getByRole("progressbar")).toHaveCount(0);
  const again = button(page, "Check it again");
  await see(again).toBeFocused();
  await stage.prove(null);
  await page.keyboard.press("Enter");
  await see(check.getByText("The proof could not be read just now.")).toBeVisible(SOON);
  await stage.prove("valid-closed");
  await see(again).toBeFocused();
  await page.keyboard.press("Enter");
  await see(button(page, "Stop")).toBeFocused(SOON);
  goOn();
  await see(check.getByText(/^All of it holds\./)).toBeVisible(SOON);
  await see(again).toBeFocused();
});
