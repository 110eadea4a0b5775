// `page`: the first load of the shopper's page and of the operator's console, as bytes on the wire and as seconds to
// something worth looking at on a slow phone; and whether anything moves while a shopper goes from the first paint to
// their place in line.
import { randomBytes } from "node:crypto";
import { buildWeb } from "@dropgate/ops/web-build";
import type { Browser, Page } from "@playwright/test";
import { countBytes, openBrowser, openPhone, watchShifts } from "../browser.ts";
import { ROOT } from "../child.ts";
import { House } from "../house.ts";
import { joinMany } from "../joined.ts";
import type { Row } from "../row.ts";
import { figure } from "../targets.ts";

/** How much slower than this machine the phone is. */
const SLOWER = 4;
/** Nothing more is painted that is larger after so long. */
const WATCHED_MS = 2_500;
/** So many others in the lobby, and one unit: whoever we watch waits, but for once in so many rounds. */
const OTHERS = 1_000;

export const row: Row = {
  name: "page",
  measures: `The first load of the shopper's page and of the console (to the list of sales, signing in included): bytes on the wire (gzip). Of the page also the largest contentful paint with a processor ${SLOWER} times slower, whether the sale can be read before any script has run, and how far anything moves by itself from the first paint through connecting, the lobby, joining and the draw to waiting (\`layoutShift\`, the sum of all shifts but those that follow a press within half a second).`,
  unit: "load",
  variants: [
    { key: "ours", role: "ours", label: "the page" },
    { key: "console", role: "ours", label: "the console" },
  ],
  rounds: { full: 5, quick: 2 },
  shown: [
    "kilobytesOfScript",
    "kilobytesWithoutPicture",
    "lcpSeconds",
    "readableWithoutScript",
    "layoutShift",
  ],
  units: {
    kilobytesOfScript: "kB",
    kilobytesWithoutPicture: "kB",
    lcpSeconds: "s",
    readableWithoutScript: "",
    layoutShift: "",
  },
  targets: [
    figure("kilobytesOfScript", "ours", { atMost: 90 }, "kB"),
    figure("kilobytesWithoutPicture", "ours", { atMost: 130 }, "kB"),
    figure("readableWithoutScript", "ours", { atLeast: 1 }),
    figure("lcpSeconds", "ours", { atMost: 1.5 }, "s"),
    figure("layoutShift", "ours", { atMost: 0.01 }),
    figure("kilobytesWithoutPicture", "console", { atMost: 300 }, "kB"),
  ],

  async open(bench) {
    await buildWeb(ROOT, bench.say);
    const house = await House.open(bench);
    const title = "A pair of shoes worth waiting for";
    const { id } = await house.sale({ title, description: "Size 42, in blue." });
    const browser = await openBrowser(bench);
    const url = `${house.url}/s/${id}`;
    return {
      async round(variant) {
        if (variant === "console")
          return { units: 1, seconds: 1, figures: await loadConsole(house, browser) };
        const loaded = await load(browser, url);
        const readable = await isReadable(browser, url, title);
        const layoutShift = await shiftsOfLine(house, browser);
        return {
          units: 1,
          seconds: loaded.lcpSeconds,
          figures: { ...loaded, readableWithoutScript: readable ? 1 : 0, layoutShift },
        };
      },
      close: async () => {},
    };
  },
};

interface Loaded extends Record<string, number> {
  kilobytesOfScript: number;
  kilobytesWithoutPicture: number;
  lcpSeconds: number;
}

async function load(browser: Browser, url: string): Promise<Loaded> {
  const context = await openPhone(browser);
  try {
    const page = await context.newPage();
    const session = await context.newCDPSession(page);
    const bytes = await countBytes(session);
    await session.send("Emulation.setCPUThrottlingRate", { rate: SLOWER });
    await page.goto(url);
    const lcpMs = await page.evaluate(
      (watchedMs) =>
        new Promise<number>((resolve) => {
          let last = 0;
          new PerformanceObserver((list) => {
            for (const entry of list.getEntries()) last = entry.startTime;
          }).observe({ type: "largest-contentful-paint", buffered: true });
          setTimeout(() => resolve(last), watchedMs);
        }),
      WATCHED_MS,
    );
    return { ...kilobytes(bytes), lcpSeconds: lcpMs / 1_000 };
  } finally {
    await context.close();
  }
}

function kilobytes(bytes: (kind: string) => number) {
  const all = ["Script", "Document", "Stylesheet", "Font"].reduce((sum, kind) => sum + bytes(kind), 0);
  return { kilobytesOfScript: bytes("Script") / 1_000, kilobytesWithoutPicture: all / 1_000 };
}

async function isReadable(browser: Browser, url: string, title: string): Promise<boolean> {
  const context = await browser.newContext({ javaScriptEnabled: false });
  try {
    const page = await context.newPage();
    await page.goto(url);
    return await page.getByText(title).first().isVisible();
  } finally {
    await context.close();
  }
}

/** A shopper comes to the lobby, joins, and waits after the draw. */
async function shiftsOfLine(house: House, browser: Browser): Promise<number> {
  const { id } = await house.sale({ title: "One of a kind", description: "Size 42, in blue.", quantity: 1 });
  await joinMany(house, id, OTHERS);
  const context = await openPhone(browser);
  try {
    const page = await context.newPage();
    const shifted = await watchShifts(page);
    await page.goto(`${house.url}/s/${id}`);
    await page.getByRole("button", { name: "Join the lobby" }).click();
    await page.getByRole("heading", { name: "You're in." }).waitFor();
    await house.call("POST", `/admin/sales/${id}/actions/draw`, {});
    await house.until("the sale is drawn", async () => {
      const { buckets } = await house.call<{ buckets: unknown[] }>("GET", `/sales/${id}/draw`);
      return buckets.length > 0 || null;
    });
    await house.call("POST", `/admin/sales/${id}/actions/open`, {});
    await page.locator('[data-kind="waiting"], [data-kind="offered"]').waitFor();
    // Its figures follow the first frame of the line.
    await page.waitForTimeout(WATCHED_MS);
    return await shifted();
  } finally {
    await context.close();
  }
}

/** Somebody with a password of their own comes in a browser that has nothing of the console yet. */
async function loadConsole(house: House, browser: Browser) {
  const email = `bench.${randomBytes(4).toString("hex")}@shop.example`;
  const { initialPassword } = await house.call<{ initialPassword: string }>("POST", "/admin/operators", {
    email,
    name: "Bench",
    role: "viewer",
  });
  const password = `seven herons ${randomBytes(6).toString("hex")}`;
  await withConsole(house, browser, async (page) => {
    await passDoor(page, email, initialPassword);
    await page.getByLabel("Present password").fill(initialPassword);
    await page.getByLabel("New password", { exact: true }).fill(password);
    await page.getByLabel("The new password again").fill(password);
    await page.getByRole("button", { name: "Change the password" }).click();
    await page.getByRole("heading", { level: 1, name: "Sales" }).waitFor();
  });
  return withConsole(house, browser, async (page, bytes) => {
    await passDoor(page, email, password);
    await page.getByRole("heading", { level: 1, name: "Sales" }).waitFor();
    await page.waitForLoadState("networkidle");
    return kilobytes(bytes);
  });
}

async function withConsole<Value>(
  house: House,
  browser: Browser,
  use: (page: Page, bytes: (kind: string) => number) => Promise<Value>,
): Promise<Value> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: "en-GB" });
  try {
    const page = await context.newPage();
    const bytes = await countBytes(await context.newCDPSession(page));
    await page.goto(`${house.url}/console/sales`);
    return await use(page, bytes);
  } finally {
    await context.close();
  }
}

async function passDoor(page: Page, email: string, password: string): Promise<void> {
  await page.getByLabel("E-mail address").fill(email);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
}
