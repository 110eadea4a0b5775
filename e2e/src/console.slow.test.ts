// The operator's console as operators use it: signed in through its door in every role, against everything that `start`
// starts, in light and dark, on a wide screen and on a phone.
import { readFile } from "node:fs/promises";
import { reportSchema } from "@dropgate/contracts/report";
import type { Browser, Page } from "@playwright/test";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { type RunningDropgate, runDropgate } from "./running-dropgate.ts";
import { axeFaults, COLORS } from "./stage/axe.ts";
import { openBrowser, openOwnBrowser } from "./stage/browser.ts";
import {
  addOperator,
  choosePassword,
  type Desk,
  faultsOfAccess,
  openDesk,
  overflowOf,
  type Person,
  passDoor,
  signedIn,
} from "./stage/console.ts";
import { see } from "./stage/see.ts";

let dropgate: RunningDropgate;
let browser: Browser;
let operator: Desk & { person: Person };

beforeAll(async () => {
  [dropgate, browser] = await Promise.all([runDropgate(), openBrowser()]);
  operator = await signedIn(dropgate, browser, "operator");
});
afterAll(async () => {
  await Promise.all([browser?.close(), dropgate?.close()]);
});

async function isFine({ page }: Desk): Promise<void> {
  expect(await faultsOfAccess(page)).toEqual([]);
  expect(await overflowOf(page)).toBe(0);
}

test("who has a password that somebody else has seen chooses another one, and comes to where they were going", async () => {
  const person = await addOperator(dropgate, "viewer");
  const desk = await openDesk(dropgate, browser, { width: 360, height: 740, scheme: "dark" });
  onTestFinished(() => desk.context.close());
  const { page } = desk;
  await desk.open("/sales?find=aurora");
  await page.getByRole("button", { name: "Sign in" }).waitFor();
  await isFine(desk);
  await passDoor(page, { ...person, password: "not the right one" });
  await see(page.getByRole("alert").first()).toContainText("The e-mail address or the password is wrong.");
  await passDoor(page, person);
  await page.getByLabel("New password", { exact: true }).fill("password1234");
  await see(page.getByText("It is one of the first that attackers try.")).toBeVisible();
  await isFine(desk);
  // Half of it again is no mistake while it is typed, and one when it is sent.
  await page.getByLabel("Present password").fill(person.password);
  await page.getByLabel("New password", { exact: true }).fill("seven grey herons");
  await page.getByLabel("The new password again").fill("seven grey");
  await see(page.getByText("It is not the same as above.")).toBeHidden();
  await page.getByRole("button", { name: "Change the password" }).click();
  await see(page.getByText("It is not the same as above.")).toBeVisible();
  const own = await choosePassword(page, person);
  await see(page.getByLabel("Search in sales")).toHaveValue("aurora");

  // Ended elsewhere: the next call sends them to the door, and the door back.
  await page.getByRole("button", { name: person.name }).click();
  await page.getByRole("menuitem", { name: "Sign out", exact: true }).click();
  await see(page.getByText("You are signed out.")).toBeVisible();
  await passDoor(page, own);
  await see(page.getByLabel("Search in sales")).toHaveValue("aurora");
  expect(desk.complaints).toEqual([]);
});

test("a session that ends by itself leads to the door, and from there back", async () => {
  const { page, context, person, complaints } = await signedIn(dropgate, browser, "viewer");
  onTestFinished(() => context.close());
  await page.getByLabel("Search in sales").fill("aurora");
  await context.clearCookies();
  await see(page.getByText("Your session is over.")).toBeVisible();
  await passDoor(page, person);
  await see(page.getByLabel("Search in sales")).toHaveValue("aurora");
  expect(complaints).toEqual([]);
});

const button = (page: Page, name: string | RegExp) => page.getByRole("button", { name, exact: true });
const heading = (page: Page, name: string | RegExp) => page.getByRole("heading", { name, exact: true });
const phase = (page: Page) => page.getByRole("heading", { level: 1 });

test("by keyboard alone: the sheet, a place, a row and its page", async () => {
  const desk = operator;
  const { page } = desk;
  await desk.open("/audit");
  await heading(page, "Audit").waitFor();
  await page.keyboard.press("?");
  await see(page.getByRole("dialog", { name: "Keyboard shortcuts" })).toBeVisible();
  await isFine(desk);
  await page.keyboard.press("Escape");
  await see(page.getByRole("dialog")).toBeHidden();
  await page.keyboard.press("g");
  await page.keyboard.press("s");
  await page.getByRole("link", { name: /^Aurora/ }).waitFor();
  await page.keyboard.press("/");
  await see(page.getByLabel("Search in sales")).toBeFocused();
  await page.keyboard.type("aurora");
  await see(page).toHaveURL(/\/console\/sales\?find=aurora$/);
  await page
    .getByRole("row")
    .getByRole("link", { name: /^Aurora/ })
    .focus();
  await page.keyboard.press("Enter");
  await see(phase(page)).toContainText("Aurora");
  await page.goBack();
  await see(page.getByLabel("Search in sales")).toHaveValue("aurora");
});

/** Presses a button of this name as it comes, and again for so long whenever something moves: a hand too fast to read. */
function pressAsItComes({ name, forMs }: { name: string; forMs: number }): void {
  let firstAt: number | null = null;
  const observer = new MutationObserver(() => {
    const found = [...document.querySelectorAll("button")].find((each) => each.textContent === name);
    if (found === undefined) return;
    firstAt ??= performance.now();
    if (performance.now() - firstAt > forMs) observer.disconnect();
    else found.click();
  });
  const all = { subtree: true, childList: true, characterData: true, attributes: true };
  observer.observe(document.body, all);
}

test("a sale is made in a form that says what it will mean, driven, closed after two questions, and proven", async () => {
  const desk = operator;
  const { page, complaints } = desk;
  await desk.open("/new-sale");
  const meaning = page.getByRole("region", { name: "What it will mean" });
  await see(meaning).toContainText("100 units at 5/s: sold in about 20 s");
  await page.getByLabel("Units", { exact: true }).fill("0");
  await see(page.getByText("A whole number from 1 to 1,000,000.")).toBeVisible();
  await button(page, "Create the sale").click();
  await see(page.getByLabel("Title", { exact: true })).toBeFocused();
  await see(page.getByText("This is needed.").first()).toBeVisible();
  await isFine(desk);
  await page.getByLabel("Title", { exact: true }).fill("Vessel No. 7");
  await page.getByLabel("SKU", { exact: true }).fill("VESSEL-7");
  await page.getByLabel("Units", { exact: true }).fill("12");
  await see(meaning).toContainText("12 units at 5/s");
  await button(page, "Create the sale").click();

  await see(phase(page)).toHaveText(/^Vessel No\. 7 Scheduled/);
  // Why not, for whoever cannot see that it is grey.
  await see(button(page, "Pause")).toHaveAccessibleDescription(
    "Only a live sale can be paused; this one is scheduled.",
  );
  await button(page, "Open the lobby").click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Open the lobby" }).click();
  await see(phase(page)).toContainText("Lobby");
  await button(page, "Draw now").click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Draw now" }).click();
  await see(phase(page)).toContainText("Drawing");
  await button(page, "Sell now").click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Sell now" }).click();
  await see(phase(page)).toContainText("Live");
  // By the socket: without it the machine is not told of.
  await see(page.getByText("Calls a second")).toBeVisible();
  await isFine(desk);

  // What was not sent is not said by the next pause.
  await button(page, "Pause with a message …").click();
  const telling = page.getByRole("alertdialog", { name: "Pause with a message" });
  await telling.getByLabel("Message to shoppers").fill("Never said");
  await telling.getByRole("button", { name: "Cancel" }).click();
  // Nor is the pause undone by a hand that was on its way to it.
  await page.evaluate(pressAsItComes, { name: "Resume", forMs: 1_000 });
  await button(page, "Pause").click();
  await see(phase(page)).toContainText("Paused");
  await see(button(page, "Resume")).toBeEnabled();
  const saleId = new URL(page.url()).pathname.split("/").at(-1) ?? "";
  const paused = await dropgate.ask(`/sales/${saleId}`);
  expect(paused).toMatchObject({ phase: "paused" });
  expect(paused).not.toHaveProperty("message");
  await button(page, "Resume").click();
  await see(phase(page)).toContainText("Live");
  await page.getByLabel("Let in a second").focus();
  await page.keyboard.press("End");
  await see(page.getByText("At once at most 1,000.")).toBeVisible();
  await page.getByRole("spinbutton", { name: "Exactly" }).fill("2500");
  await button(page, "Set").click();
  await see(page.getByText("At once at most 2,500.")).toBeVisible();

  await button(page, "Adjust pool 1").click();
  const adjusting = page.getByRole("alertdialog", { name: "Adjust pool 1" });
  await adjusting.getByLabel("Units, more or fewer").fill("-500");
  await see(adjusting.getByText(/^Only \d+ are free\.$/).first()).toBeVisible();
  await adjusting.getByLabel("Units, more or fewer").fill("3");
  await isFine(desk);
  await adjusting.getByRole("button", { name: "Add them" }).click();
  await see(page.getByText("of 15")).toBeVisible();

  // The second press of a double click is no second answer.
  await page.evaluate(pressAsItComes, { name: "Yes, close for good", forMs: 400 });
  await button(page, "Close").click();
  await page
    .getByRole("alertdialog", { name: "Close “Vessel No. 7”?" })
    .getByRole("button", { name: "Close the sale …" })
    .click();
  const forGood = page.getByRole("alertdialog", { name: "Close it for good?" });
  await see(forGood).toContainText("0 units of 15 are sold");
  await forGood.getByRole("button", { name: "Yes, close for good" }).click();
  await see(phase(page)).toContainText("Closed");

  await page.getByRole("link", { name: "Proof" }).click();
  await see(page.getByText(/^All 1\d checks passed/)).toBeVisible();
  await button(page, "Verify in this browser").click();
  await see(page.getByText(/^All of it holds/)).toBeVisible();
  const download = page.waitForEvent("download");
  await button(page, "Download JSON").click();
  const report = reportSchema.parse(JSON.parse(await readFile(await (await download).path(), "utf8")));
  expect(report).toMatchObject({ ok: true, units: 15 });
  await page.getByRole("link", { name: "Printable page" }).click();
  await see(heading(page, "Report: Vessel No. 7")).toBeVisible();
  await see(page.getByText(/^All 1\d checks passed/)).toBeVisible();
  await page.goBack();

  await page
    .getByRole("navigation", { name: "Views of the sale" })
    .getByRole("link", { name: "Audit" })
    .click();
  await see(page.getByRole("cell", { name: desk.person.name }).first()).toBeVisible();
  const ledger = page.waitForEvent("download");
  await button(page, "Export CSV").click();
  expect(await readFile(await (await ledger).path(), "utf8")).toMatch(/^id,tx,at,act,/);
  expect(complaints).toEqual([]);
});

test("a viewer sees a running sale, can press nothing of it, and is told who may", async () => {
  const saleId = await dropgate.createSale({ title: "Not theirs", quantity: 5, claimWindowSeconds: 60 });
  const desk = await signedIn(dropgate, browser, "viewer");
  onTestFinished(() => desk.context.close());
  const { page } = desk;
  await see(page.getByRole("link", { name: "New sale" })).toBeHidden();
  await desk.open(`/sales/${saleId}`);
  await see(page.getByText("Calls a second")).toBeVisible();
  const whyNot = "Your role viewer may not change sales and stock: ask an operator.";
  for (const name of ["Pause", "Open the lobby", "Draw now", "Close", "Rebalance", "Adjust pool 1"]) {
    await see(button(page, name)).toHaveAccessibleDescription(whyNot);
    await button(page, name).click({ force: true });
  }
  await see(page.getByRole("alertdialog")).toBeHidden();
  expect(await dropgate.ask(`/sales/${saleId}`)).toMatchObject({ phase: "lobby" });
  // The server says no as well, whatever a page lets somebody press.
  const status = await page.evaluate(async (id) => {
    const session = await (await fetch("/api/v1/admin/session")).json();
    const headers = { "content-type": "application/json", "x-csrf-token": session.csrfToken };
    return (await fetch(`/api/v1/admin/sales/${id}/actions/close`, { method: "POST", headers, body: "{}" }))
      .status;
  }, saleId);
  expect(status).toBe(403);
  await desk.open("/audit?of=operators");
  await see(page.getByText("Your role may not see this.")).toBeVisible();
  // Nothing that looks as if it could be chosen.
  await desk.open("/settings/theme");
  const colors = page.getByLabel("Light colours are");
  await see(colors).toHaveValue("Dropgate's own");
  await see(colors).not.toBeEditable();
});

test("support finds a shopper by their entry, reads the story and gives the place back with a reason", async () => {
  const desk = operator;
  const { page } = desk;
  const saleId = await dropgate.createSale({ title: "With support", quantity: 5, claimWindowSeconds: 60 });
  const shopper = await openOwnBrowser(browser, 30_000);
  onTestFinished(() => shopper.context.close());
  const own = await shopper.context.newPage();
  await own.goto(`${dropgate.url}/s/${saleId}`);
  await own.getByRole("button", { name: "Join the lobby" }).click();
  await own.getByRole("heading", { name: "You're in." }).waitFor();
  await own.getByRole("button", { name: "Leave the lobby" }).click();
  await own.getByRole("dialog").getByRole("button", { name: "Leave", exact: true }).click();
  await own.getByRole("heading", { name: "You've left the line." }).waitFor();
  const kept = await own.evaluate((key) => localStorage.getItem(key), `dropgate:${saleId}`);
  const { entryId } = JSON.parse(kept ?? "{}") as { entryId: string };

  await desk.open("/entries");
  await page.getByLabel("Entry, ticket, shopper, hold or order").fill(entryId);
  await button(page, "Find").click();
  await see(page).toHaveURL(/q=/);
  await page
    .getByRole("row", { name: /With support/ })
    .getByRole("link")
    .click();
  await see(phase(page)).toContainText("Has left");
  await see(page.getByText(/^Left the line at [\d:]+ and holds nothing\.$/)).toBeVisible();
  await isFine(desk);
  await button(page, "Give the place back").click();
  const asking = page.getByRole("alertdialog");
  await see(asking.getByRole("button", { name: "Give the place back" })).toHaveAccessibleDescription(
    /Say why/,
  );
  await asking.getByLabel("Why").fill("Left by mistake, wrote to us");
  await asking.getByRole("button", { name: "Give the place back" }).click();
  await see(phase(page)).toContainText("In line");
  await see(page.getByText(/^The place was given back by .*Left by mistake, wrote to us$/)).toBeVisible();
});

test("every page of the sale side is for every sense, light and dark, and stays within 360 px", async () => {
  const saleId = await dropgate.createSale({
    title: "A sale on a phone",
    quantity: 5,
    claimWindowSeconds: 60,
  });
  const desk = await signedIn(dropgate, browser, "admin", { width: 360, height: 740 });
  onTestFinished(() => desk.context.close());
  const { page } = desk;
  const paths = ["", "/settings", "/proof", "/report", "/dry-run", "/audit"].map(
    (view) => `/sales/${saleId}${view}`,
  );
  for (const path of ["/sales", "/new-sale", "/entries", "/audit?of=operators", "/nowhere", ...paths]) {
    await desk.open(path);
    await see(phase(page)).toBeVisible();
    await isFine(desk);
    // Of the scheme only colours depend.
    await page.emulateMedia({ colorScheme: "dark" });
    expect(await axeFaults(page, COLORS), path).toEqual([]);
    await page.emulateMedia({ colorScheme: "light" });
  }
  // A row is a card there, still a row with cells for readers, and can be ordered without the heads of columns.
  await desk.open("/sales");
  await see(page.getByLabel("Sort by")).toBeHidden();
  await button(page, "Filter, sort, export").click();
  await isFine(desk);
  await page.getByLabel("Sort by").selectOption("-title");
  await see(page).toHaveURL(/sort=-title/);
  const row = page.getByRole("row", { name: "A sale on a phone" });
  await see(row.getByRole("cell", { name: /Lobby/ })).toBeVisible();
  await see(page.getByRole("columnheader")).toHaveCount(0);
  // Whoever comes by an address that filters sees that it does.
  await desk.open("/sales?phase=closed");
  await see(page.getByLabel("Phase")).toHaveValue("closed");
  await see(page.getByLabel("Phase")).toBeVisible();
  expect(desk.complaints).toEqual([]);
});

test("a page whose part does not come says so and leaves the rest alone; after a deploy the tab loads itself again, once", async () => {
  const desk = await signedIn(dropgate, browser, "admin");
  onTestFinished(() => desk.context.close());
  const { page, context } = desk;
  const lose = (part: RegExp) => context.route(part, (route) => route.fulfill({ status: 404 }));
  const go = (name: string) =>
    page.getByRole("navigation", { name: "Places" }).getByRole("link", { name, exact: true }).click();
  await lose(/\/console\/assets\/webhooks-[^/]*\.js$/);
  await go("Settings");
  await page.getByRole("link", { name: "Webhooks" }).click();
  await see(heading(page, "This page could not be loaded")).toBeVisible();
  await isFine(desk);
  await go("Alerts");
  await see(heading(page, "Alerts")).toBeVisible();

  // Another part, and by now the server has another build; after the reload its parts are there.
  const keys = /\/console\/assets\/keys-[^/]*\.js$/;
  await lose(keys);
  await context.route(/\/console\/$/, async (route) => {
    await context.unroute(keys);
    await route.fulfill({ body: '<script src="/console/assets/console-ofTheNextBuild.js"></script>' });
  });
  const loads: string[] = [];
  page.on("load", () => loads.push(page.url()));
  await go("Settings");
  await page.getByRole("link", { name: "API keys", exact: true }).first().click();
  await see(heading(page, "API keys")).toBeVisible();
  expect(loads).toEqual([`${dropgate.url}/console/settings/keys`]);
});
