// For who would rather not stay at one screen: a link takes the place to another device, a mail tells of the turn, and
// both lead to the same place. In a real browser against everything that `start` starts, under an operator's theme.
import { AxeBuilder } from "@axe-core/playwright";
import type { Browser, Page } from "@playwright/test";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { type MailBox, openMailBox } from "./mail-box.ts";
import { type RunningDropgate, runDropgate } from "./running-dropgate.ts";
import { openBrowser, openOwnBrowser } from "./stage/browser.ts";
import { see } from "./stage/see.ts";

const SOON = { timeout: 30_000 };

let box: MailBox;
let dropgate: RunningDropgate;
let browser: Browser;
beforeAll(async () => {
  box = await openMailBox();
  const mail = { SMTP_URL: box.url, MAIL_FROM: "The Shop <line@shop.example>" };
  [dropgate, browser] = await Promise.all([runDropgate(mail), openBrowser()]);
});
afterAll(async () => {
  await Promise.all([browser?.close(), dropgate?.close(), box?.close()]);
});

/** A device of its own: nothing of another's is in it. */
async function newDevice(): Promise<{ page: Page; complaints: string[] }> {
  const { context, complaints } = await openOwnBrowser(browser, SOON.timeout);
  onTestFinished(() => context.close());
  return { page: await context.newPage(), complaints };
}
const headline = (page: Page, name: string | RegExp) => page.getByRole("heading", { level: 2, name });
const button = (page: Page, name: string) => page.getByRole("button", { name, exact: true });
const until = (page: Page, name: string | RegExp) => see(headline(page, name)).toBeVisible(SOON);

async function isAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" ")}`)).toEqual([]);
}

async function join(saleId: string): Promise<{ page: Page; complaints: string[] }> {
  const device = await newDevice();
  await device.page.goto(`${dropgate.url}/s/${saleId}`);
  await button(device.page, "Join the lobby").click();
  await until(device.page, "You're in.");
  return device;
}

/** Makes a link on the page that is open, and closes the dialog. */
async function linkOf(page: Page): Promise<string> {
  await button(page, "Use another device").click();
  const field = page.getByLabel("Link", { exact: true });
  await see(field).toHaveValue(/#link=[\w-]{43}$/, SOON);
  await see(page.getByRole("img", { name: "Code with the link" })).toBeVisible();
  await isAccessible(page);
  const link = await field.inputValue();
  await button(page, "Close").click();
  await see(page.getByRole("dialog")).toBeHidden();
  await see(button(page, "Use another device")).toBeFocused();
  return link;
}

test("a link takes the place to a second device, once; both then show the same, and what one does the other sees", async () => {
  const saleId = await dropgate.createSale({ title: "Two devices", quantity: 1, claimWindowSeconds: 120 });
  const first = await join(saleId);
  const link = await linkOf(first.page);

  const second = await newDevice();
  await second.page.goto(link);
  await see(second.page.getByRole("dialog", { name: "Take your place along?" })).toBeVisible(SOON);
  // The secret is in no address any more.
  expect(new URL(second.page.url()).hash).toBe("");
  await isAccessible(second.page);
  await button(second.page, "Continue here").click();
  await until(second.page, "You're in.");

  const third = await newDevice();
  await third.page.goto(link);
  await button(third.page, "Continue here").click();
  await see(third.page.getByRole("dialog").getByRole("status")).toHaveText(
    "This link was used already: each one works once. Make a new one on the device where you joined; your place is safe.",
    SOON,
  );
  await button(third.page, "Close").click();
  await until(third.page, "The lobby is open.");

  await dropgate.act(saleId, "draw");
  await dropgate.act(saleId, "open");
  await Promise.all([first.page, second.page].map((page) => until(page, "It's your turn.")));
  await button(second.page, "Claim my unit").click();
  await Promise.all([first.page, second.page].map((page) => until(page, /^Yours until /)));
  const yours = await headline(first.page, /^Yours until /).textContent();
  await until(second.page, yours ?? "");
  // A reload keeps it there.
  await second.page.reload();
  await until(second.page, yours ?? "");
  const expected = /409/; // the used link, as the browser's console notes it
  expect(
    [...first.complaints, ...second.complaints, ...third.complaints].filter((text) => !expected.test(text)),
  ).toEqual([]);
});

test("who left an address is told by mail when the turn comes, and claims by its link on another device", async () => {
  const saleId = await dropgate.createSale({ title: "By mail", quantity: 1, claimWindowSeconds: 300 });
  const { page, complaints } = await join(saleId);
  await button(page, "E-mail me").click();
  const field = page.getByLabel("E-mail address");
  await field.fill("mika");
  await button(page, "Tell me").click();
  await see(page.getByRole("status").getByText("That doesn't look like an e-mail address.")).toBeVisible();
  await isAccessible(page);
  await field.fill("mika@example.com");
  await button(page, "Tell me").click();
  await see(page.getByText("We'll write to m…@example.com when it's your turn.")).toBeVisible(SOON);
  await button(page, "Close").click();
  await page.close();

  await dropgate.act(saleId, "draw");
  await dropgate.act(saleId, "open");
  const mail = await box.mailTo("mika@example.com");
  expect(mail.subject).toBe("It's your turn: By mail");
  const link = /\S+#link=\S+/.exec(mail.text)?.[0] ?? "";
  expect(link.startsWith(`${dropgate.url}/s/${saleId}#link=`)).toBe(true);
  const phone = await newDevice();
  await phone.page.goto(link);
  await button(phone.page, "Continue here").click();
  await until(phone.page, "It's your turn.");
  await button(phone.page, "Claim my unit").click();
  await until(phone.page, /^Yours until /);
  expect([...complaints, ...phone.complaints]).toEqual([]);
});

const LIGHT = { background: "#fdf3e7", card: "#fffaf3", text: "#2b1600", accent: "#a84300" };
const DARK = { background: "#181009", card: "#2a1c10", text: "#ffe9d1", accent: "#ff9a4d" };

test("an operator's theme is on the next page, light and dark, with every contrast and without a flash", async () => {
  const saleId = await dropgate.createSale({ title: "Vessel No. 7", quantity: 1, claimWindowSeconds: 120 });
  const refused = dropgate.send("PUT", "/theme", { colors: { light: { ...LIGHT, text: "#c08040" } } });
  await expect(refused).rejects.toThrow(/CONTRAST_TOO_LOW.*\/colors\/light\/text.*4\.5:1 is needed/);
  await dropgate.send("PUT", `/sales/${saleId}/theme`, {
    logoUrl: `${dropgate.shop}/aurora-light.svg`,
    colors: { light: LIGHT, dark: DARK },
    texts: {
      en: {
        brand: "Ember & Clay",
        intro: "Forty vessels a year, fired in one kiln.",
        paused: "The kiln cools down.",
      },
    },
  });
  const { page, complaints } = await join(saleId);
  await see(page.getByRole("banner").getByText("Ember & Clay")).toBeVisible();
  for (const [scheme, { background, accent }] of [
    ["light", LIGHT],
    ["dark", DARK],
  ] as const) {
    await page.emulateMedia({ colorScheme: scheme });
    expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe(rgb(background));
    await isAccessible(page);
    // Blocking the first paint: it stands in the head, before the script.
    expect(await page.locator('head link[rel="stylesheet"][href^="/theme/"]').count()).toBe(1);
    expect(
      await page.evaluate(() => getComputedStyle(document.documentElement).getPropertyValue("--turn").trim()),
    ).toBe(accent);
  }
  await dropgate.act(saleId, "draw");
  await dropgate.act(saleId, "open");
  await until(page, "It's your turn.");
  for (const scheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme: scheme });
    await isAccessible(page);
  }
  expect(complaints).toEqual([]);
});

function rgb(color: string): string {
  const number = Number.parseInt(color.slice(1), 16);
  return `rgb(${number >> 16}, ${(number >> 8) & 255}, ${number & 255})`;
}
