// Notes what a page says aloud and tells beyond itself, in the real things: the live regions, the browser's own
// notifications, the sound. Only whether the page is looked at has to be said by the test: to a driven browser every tab is.
import type { BrowserContext, Page } from "@playwright/test";

/** A notification as the browser has it. */
export interface Notified {
  title: string;
  body: string;
  lang: string;
  isClosed: boolean;
}

interface Spied {
  said: string[];
  notified: (Notified & { real: Notification })[];
  notes: number;
  /** Whether it is the tab that tells: decided so often. */
  asked: number;
  focused: number;
  isLookedAt: boolean;
}

/** For every page of this context that is opened from now on. */
export async function spyOn(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    const spied: Spied = { said: [], notified: [], notes: 0, asked: 0, focused: 0, isLookedAt: true };
    Object.assign(globalThis, { spied });
    Object.defineProperty(document, "hidden", { get: () => !spied.isLookedAt });

    const last = new Map<Element, string>();
    new MutationObserver(() => {
      for (const region of document.querySelectorAll("[aria-live]")) {
        const text = region.textContent ?? "";
        if (text !== "" && text !== last.get(region))
          spied.said.push(`${region.getAttribute("aria-live")}: ${text}`);
        last.set(region, text);
      }
    }).observe(document, { subtree: true, childList: true, characterData: true });

    const Real = globalThis.Notification;
    globalThis.Notification = class extends Real {
      constructor(title: string, options?: NotificationOptions) {
        super(title, options);
        const notified = { title: this.title, body: this.body, lang: this.lang, isClosed: false, real: this };
        spied.notified.push(notified);
      }
      override close(): void {
        for (const notified of spied.notified) if (notified.real === this) notified.isClosed = true;
        super.close();
      }
    };
    const request = navigator.locks.request.bind(navigator.locks) as (
      name: string,
      options: LockOptions,
      decided: LockGrantedCallback<unknown>,
    ) => Promise<unknown>;
    Object.defineProperty(navigator.locks, "request", {
      value: (name: string, options: LockOptions, decided: LockGrantedCallback<unknown>) =>
        request(name, options, (lock) => {
          spied.asked += 1;
          return decided(lock);
        }),
    });
    const tones = OscillatorNode.prototype;
    const start = Object.getOwnPropertyDescriptor(AudioScheduledSourceNode.prototype, "start")?.value as (
      at?: number,
    ) => void;
    tones.start = function (at) {
      spied.notes += 1;
      Reflect.apply(start, this, [at]);
    };
    const focus = globalThis.focus.bind(globalThis);
    globalThis.focus = () => {
      spied.focused += 1;
      focus();
    };
  });
}

type Spying = typeof globalThis & { spied: Spied };

/** All that was said aloud, in order: "polite: …" or "assertive: …". */
export function saidOn(page: Page): Promise<string[]> {
  return page.evaluate(() => (globalThis as Spying).spied.said);
}

export function notifiedOn(page: Page): Promise<Notified[]> {
  return page.evaluate(() =>
    (globalThis as Spying).spied.notified.map(({ real: _real, ...notified }) => notified),
  );
}

/** How many notes were played. */
export function notesOn(page: Page): Promise<number> {
  return page.evaluate(() => (globalThis as Spying).spied.notes);
}

/** How often it was decided whether this tab is the one that tells. */
export function askedOn(page: Page): Promise<number> {
  return page.evaluate(() => (globalThis as Spying).spied.asked);
}

/** Waits until the page has at hand what it tells with: it loads that by itself where notifications are allowed. */
export async function isArmed(page: Page): Promise<void> {
  await page.waitForFunction(() =>
    performance.getEntriesByType("resource").some(({ name }) => /\/[a-z]{2}-press-[^/]*\.js$/.test(name)),
  );
}

/** How often the page asked to come to the front. */
export function focusedOn(page: Page): Promise<number> {
  return page.evaluate(() => (globalThis as Spying).spied.focused);
}

/** As a click on the page's latest notification. */
export function clickNotification(page: Page): Promise<void> {
  return page.evaluate(() => {
    (globalThis as Spying).spied.notified.at(-1)?.real.dispatchEvent(new Event("click"));
  });
}

/** Somebody turns to the page, or away from it. */
export function lookAt(page: Page, isLookedAt: boolean): Promise<void> {
  return page.evaluate((isLookedAt) => {
    (globalThis as Spying).spied.isLookedAt = isLookedAt;
    document.dispatchEvent(new Event("visibilitychange"));
  }, isLookedAt);
}
