// Debian's Chromium under Playwright: never a download of its own, and as root as well as an ordinary user.
import { type Browser, type BrowserContext, chromium, type Page } from "@playwright/test";
import { ENTRY_ID, SALE_ID, SCENES, type SceneName, TOKEN } from "./scene.ts";
import type { Stage } from "./stage.ts";

export type Scheme = "light" | "dark";

export function openBrowser(): Promise<Browser> {
  const executablePath = process.env["CHROMIUM_PATH"] ?? "/usr/bin/chromium";
  const args = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--force-color-profile=srgb"];
  return chromium.launch({ executablePath, args });
}

/** A browser's context that keeps the stage's entry as the shopper's own, where its scene has one. */
export async function openContext(
  browser: Browser,
  look: { width: number; height: number; scheme: Scheme; language?: string },
): Promise<BrowserContext> {
  const { width, height, scheme, language = "en-GB" } = look;
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: scheme,
    reducedMotion: "reduce",
    timezoneId: "Europe/Berlin",
    locale: language,
    deviceScaleFactor: width < 600 ? 2 : 1,
  });
  const kept = JSON.stringify({ entryId: ENTRY_ID, token: TOKEN, startedAt: 0 });
  await context.addInitScript(
    ([key = "", value = ""]) => {
      // A blank page before the first one has no storage.
      if (location.protocol === "http:") localStorage.setItem(key, value);
    },
    [`dropgate:${SALE_ID}`, kept],
  );
  return context;
}

/** A browser of somebody's own, with its own cookies; `complaints` is what its console said that it should not. */
export async function openOwnBrowser(
  browser: Browser,
  timeoutMs: number,
): Promise<{ context: BrowserContext; complaints: string[] }> {
  const viewport = { width: 1440, height: 900 };
  const context = await browser.newContext({ reducedMotion: "reduce", locale: "en-GB", viewport });
  context.setDefaultTimeout(timeoutMs);
  const complaints: string[] = [];
  context.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
  });
  context.on("weberror", (fault) => complaints.push(fault.error().message));
  return { context, complaints };
}

/** What the page calls a scene's state, where the names differ. */
const KIND: Partial<Record<SceneName, string>> = {
  offline: "waiting",
  next: "waiting",
  heldAmber: "held",
  heldRed: "held",
};

/** Plays a scene and waits until the page shows it. @param language of the page; else the browser's */
export async function showScene(page: Page, stage: Stage, name: SceneName, language?: string): Promise<void> {
  const scene = SCENES[name](Date.now());
  stage.mend();
  stage.play(scene);
  await page.goto(language === undefined ? stage.url : `${stage.url}?lang=${language}`);
  if (scene.sale === null) return page.getByRole("heading", { level: 1 }).waitFor();
  await page.locator("[data-kind]").waitFor();
  // Not the shell, and not the guest's view that may come a moment before the entry.
  if (scene.entry !== null) await page.locator(`[data-kind="${KIND[name] ?? name}"]`).waitFor();
  if (scene.isCut) {
    stage.cut();
    await page.locator('[data-away="true"]').waitFor();
  }
}
