// The waiting room inside a merchant's page: it shows the card alone, says how high it is, and tells the element around
// it what happens. Which pages may frame it is the gateway's `frame-ancestors`; whoever greets us is one of those.
import { happeningsOf } from "@dropgate/client/happenings";
import type { RoomStore, Snapshot } from "@dropgate/client/room/room-store";
import type { FromFrame, Hello, Ready, ToFrame } from "./messages.ts";

/**
 * @param store of the sale; null when there is no such sale
 * @param takeToken takes the merchant's word on who the shopper is, now and whenever it is renewed
 */
export function enterFrame(store: RoomStore | null, takeToken: (token: string | null) => void): void {
  dress();
  document.addEventListener("click", leadOut);
  if (parent === window) return;
  // One element greets once: whoever goes on greeting would be told everything once more each time.
  let isGreeted = false;
  addEventListener("message", ({ source, data, ports: [port] }: MessageEvent<Partial<Hello> | null>) => {
    if (isGreeted || source !== parent || data?.type !== "dropgate:hello" || port === undefined) return;
    isGreeted = true;
    takeToken(tokenIn(data.shopperToken));
    port.addEventListener("message", ({ data: said }: MessageEvent<Partial<ToFrame> | null>) => {
      if (said?.type === "shopperToken") takeToken(tokenIn(said.shopperToken));
      else if (said?.type === "focus") document.getElementById("headline")?.focus();
    });
    port.start();
    converse((message) => port.postMessage(message), store);
  });
  const ready: Ready = { type: "dropgate:ready" };
  parent.postMessage(ready, "*");
}

/** The merchant's page is another program: what it says is looked at. */
function tokenIn(said: unknown): string | null {
  return typeof said === "string" && said !== "" ? said : null;
}

function dress(): void {
  const page = document.documentElement;
  page.dataset["embed"] = "";
  // The merchant's page has a main part of its own: who goes by landmarks is told which is which.
  document.querySelector("main")?.setAttribute("aria-label", document.title);
  const theme = new URLSearchParams(location.search).get("theme");
  if (theme !== "light" && theme !== "dark") return;
  page.style.colorScheme = theme;
  // What is asked of the device is answered by the merchant's page, in every sheet there is.
  for (const sheet of document.styleSheets) {
    for (const rule of sheet.cssRules) {
      if (!(rule instanceof CSSMediaRule)) continue;
      const asked = /\(prefers-color-scheme: (dark|light)\)/.exec(rule.media.mediaText)?.[1];
      if (asked !== undefined) rule.media.mediaText = asked === theme ? "all" : "not all";
    }
  }
}

function converse(say: (message: FromFrame) => void, store: RoomStore | null): void {
  const main = document.querySelector(".dg-main");
  if (main !== null) {
    const measure = (): void => say({ type: "size", height: Math.ceil(main.getBoundingClientRect().height) });
    new ResizeObserver(measure).observe(main);
  }
  if (store === null) return say({ type: "unknown" });
  let before: Snapshot | null = null;
  let title = "";
  const tell = (): void => {
    const after = store.read();
    for (const { name, detail } of happeningsOf(before, after, location.origin))
      if (name !== "link") say({ type: "told", name, detail });
    before = after;
    if (after.moment.standing.kind === "unknown") say({ type: "unknown" });
    if ((after.room.sale?.title ?? title) === title) return;
    title = after.room.sale?.title ?? "";
    say({ type: "title", title });
  };
  store.subscribe(tell);
  tell();
}

/** Links lead out of the frame: to the checkout in the whole window, to the proof in one of its own. */
function leadOut(event: MouseEvent): void {
  const link = event.target instanceof Element ? event.target.closest("a") : null;
  if (link === null) return;
  if (link.hash !== "" && link.pathname === location.pathname && link.origin === location.origin) {
    link.href = `${location.pathname}${link.hash}`;
    link.rel = "noopener";
    link.target = "_blank";
  } else {
    link.target = "_top";
  }
}
