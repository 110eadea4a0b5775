// The operator's console as operators use it: signed in through its door in every role, against everything that `start`
// starts, in light and dark, on a wide screen and on a phone.
import { type Browser, expect as see } from "@playwright/test";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { type RunningDropgate, runDropgate } from "./running-dropgate.ts";
import { openBrowser } from "./stage/browser.ts";
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

test("by keyboard alone: the sheet, a place, a row and its page", async () => {
  const { page, open } = operator;
  await open("/sales");
  await page
    .getByRole("link", { name: /^Aurora/ })
    .first()
    .waitFor();
  await page.keyboard.press("?");
  await see(page.getByRole("dialog", { name: "Keyboard shortcuts" })).toBeVisible();
  await isFine(operator);
  await page.keyboard.press("Escape");
  await see(page.getByRole("dialog")).toBeHidden();
  await page.keyboard.press("/");
  await see(page.getByLabel("Search in sales")).toBeFocused();
  await page.keyboard.type("aurora");
  await see(page).toHaveURL(/find=aurora/);
});
