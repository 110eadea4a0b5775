// A page as it is found and looked at: by roles and names, for every sense, in light and dark.
import type { Locator, Page } from "@playwright/test";
import { expect } from "vitest";
import { faultsOfAccess, overflowOf } from "./console.ts";
import { see } from "./see.ts";

export const button = (within: Page | Locator, name: string | RegExp): Locator =>
  within.getByRole("button", { name, exact: true });
export const dialog = (page: Page, name: string | RegExp): Locator =>
  page.getByRole("dialog", { name }).or(page.getByRole("alertdialog", { name }));
export const rowWith = (page: Page, ...texts: (string | RegExp)[]): Locator =>
  texts.reduce<Locator>((rows, hasText) => rows.filter({ hasText }), page.getByRole("row"));

const QUESTION = "[role=dialog], [role=alertdialog]";

/** For every sense, and within the window; what dark can change is whether it is read. */
export async function isFine(page: Page): Promise<void> {
  // Before a question the page behind it was looked at already.
  const within = (await page.locator(QUESTION).count()) > 0 ? QUESTION : "html";
  expect(await faultsOfAccess(page, { within }), page.url()).toEqual([]);
  await page.emulateMedia({ colorScheme: "dark" });
  const inTheDark = await faultsOfAccess(page, { within, rules: ["color-contrast"] });
  expect(inTheDark, `${page.url()} in the dark`).toEqual([]);
  await page.emulateMedia({ colorScheme: "light" });
  expect(await overflowOf(page), page.url()).toBe(0);
}

/** The secret that a dialog shows once. */
export async function shownSecret(shown: Locator): Promise<string> {
  return (await shown.locator("code").innerText()).trim();
}

/** Keeps changes back on their way to the server; answers how they go on. */
export async function holdBack(page: Page, path: string): Promise<() => void> {
  let goOn = (): void => {};
  const told = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  await page.route(path, async (route) => {
    if (route.request().method() !== "GET") await told;
    await route.fallback();
  });
  return goOn;
}

/** By none of the ways in which a question is answered with no. */
export async function isKept(page: Page, question: Locator): Promise<void> {
  await see(button(question, "Cancel")).toHaveAccessibleDescription(/being done/);
  await button(question, "Cancel").click({ force: true });
  await page.keyboard.press("Escape");
  await page.mouse.click(5, 5);
  await see(question).toBeVisible();
}
