// Debian's Chromium for the rows that measure pages, and what they read from it.
import { type Browser, type BrowserContext, type CDPSession, chromium, type Page } from "@playwright/test";
import type { Bench } from "./bench.ts";

/** A browser that ends with the row. */
export async function openBrowser(bench: Bench): Promise<Browser> {
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM_PATH ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"],
  });
  bench.atEnd(() => browser.close());
  return browser;
}

/** A phone of somebody's own, with nothing kept. */
export function openPhone(browser: Browser): Promise<BrowserContext> {
  return browser.newContext({ viewport: { width: 390, height: 844 }, locale: "en-GB" });
}

/** @returns bytes of bodies that came over the wire so far, as compressed, by kind of resource */
export async function countBytes(session: CDPSession): Promise<(kind: string) => number> {
  const begun = new Map<string, { type: string; headBytes: number }>();
  const bytes = new Map<string, number>();
  session.on("Network.responseReceived", ({ requestId, type, response }) => {
    begun.set(requestId, { type, headBytes: response.encodedDataLength });
  });
  session.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
    const { type, headBytes } = begun.get(requestId) ?? { type: "Other", headBytes: 0 };
    bytes.set(type, (bytes.get(type) ?? 0) + encodedDataLength - headBytes);
  });
  await session.send("Network.enable");
  return (kind) => bytes.get(kind) ?? 0;
}

/** Adds up how far anything in the page moves that nobody has moved, from its first paint on. Before it is opened. */
export async function watchShifts(page: Page): Promise<() => Promise<number>> {
  // As text: what runs in the page must not lean on what the loader of these sources puts around functions.
  await page.addInitScript(`
    window.shifted = 0;
    new PerformanceObserver((list) => {
      for (const { value, hadRecentInput } of list.getEntries()) if (!hadRecentInput) window.shifted += value;
    }).observe({ type: "layout-shift", buffered: true });
  `);
  return () => page.evaluate<number>("window.shifted");
}
