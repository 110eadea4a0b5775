// Operators in browsers of their own, for tests of the console: added by the API, with a password of their own, signed in
// through the page's door as anybody would be.
import { randomBytes } from "node:crypto";
import { AxeBuilder } from "@axe-core/playwright";
import type { Role } from "@dropgate/contracts/roles";
import type { Browser, BrowserContext, Page } from "@playwright/test";
import type { RunningDropgate } from "../running-dropgate.ts";
import type { Scheme } from "./browser.ts";
import { see } from "./see.ts";

export interface Person {
  email: string;
  name: string;
  password: string;
}

export interface Desk {
  page: Page;
  context: BrowserContext;
  /** What the browser's console said that it should not. */
  complaints: string[];
  /** @param path below `/console` */
  open: (path: string) => Promise<void>;
}

export interface Look {
  width?: number;
  height?: number;
  scheme?: Scheme;
  timeoutMs?: number;
}

/** Adds somebody whose password is still the one that was shown once. */
export async function addOperator(dropgate: RunningDropgate, role: Role): Promise<Person> {
  const name = `${role.charAt(0).toUpperCase()}${role.slice(1)} ${randomBytes(2).toString("hex")}`;
  const email = `${name.toLowerCase().replace(" ", ".")}@shop.example`;
  const added = await dropgate.send("POST", "/operators", { email, name, role });
  return { email, name, password: (added as { initialPassword: string }).initialPassword };
}

/** A browser of somebody's own before the door. */
export async function openDesk(dropgate: RunningDropgate, browser: Browser, look: Look = {}): Promise<Desk> {
  const { width = 1440, height = 900, scheme = "light", timeoutMs = 30_000 } = look;
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: scheme,
    reducedMotion: "reduce",
    locale: "en-GB",
    timezoneId: "Europe/Berlin",
    acceptDownloads: true,
  });
  context.setDefaultTimeout(timeoutMs);
  const complaints: string[] = [];
  context.on("console", (message) => {
    const { url } = message.location();
    // A refused call is part of the job; browsers report it all the same.
    const isRefusal = message.text().startsWith("Failed to load resource") && url.includes("/api/v1/");
    if ((message.type() === "error" || message.type() === "warning") && !isRefusal)
      complaints.push(message.text());
  });
  context.on("weberror", (fault) => complaints.push(fault.error().message));
  const page = await context.newPage();
  const open = async (path: string): Promise<void> => {
    await page.goto(`${dropgate.url}/console${path}`);
  };
  return { page, context, complaints, open };
}

/** Fills in the door, as it stands on the page. */
export async function passDoor(page: Page, { email, password }: Person): Promise<void> {
  await page.getByLabel("E-mail address").fill(email);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
}

/** Somebody with a password of their own, signed in. */
export async function signedIn(
  dropgate: RunningDropgate,
  browser: Browser,
  role: Role,
  look: Look = {},
): Promise<Desk & { person: Person }> {
  const person = await addOperator(dropgate, role);
  const desk = await openDesk(dropgate, browser, look);
  await desk.open("/sales");
  await passDoor(desk.page, person);
  const own = await choosePassword(desk.page, person);
  await see(desk.page.getByRole("heading", { level: 1, name: "Sales" })).toBeVisible();
  return { ...desk, person: own };
}

/** Chooses a password where the page asks for one. */
export async function choosePassword(page: Page, person: Person): Promise<Person> {
  const password = `seven herons ${randomBytes(6).toString("hex")}`;
  await page.getByLabel("Present password").fill(person.password);
  await page.getByLabel("New password", { exact: true }).fill(password);
  await page.getByLabel("The new password again").fill(password);
  await page.getByRole("button", { name: "Change the password" }).click();
  return { ...person, password };
}

/**
 * @param within only there, and only by these rules
 * @returns what axe finds against WCAG 2.2 AA and good practice
 */
export async function faultsOfAccess(
  page: Page,
  { within = "html", rules }: { within?: string; rules?: string[] } = {},
): Promise<string[]> {
  const axe = new AxeBuilder({ page }).setLegacyMode().include(within);
  const { violations } = await (rules === undefined
    ? axe.withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"])
    : axe.withRules(rules)
  ).analyze();
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" ")}`);
}

/** How far anything reaches beyond the window, in px. */
export function overflowOf(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}
