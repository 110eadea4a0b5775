// Why the frame is not there, as well as a page can find out: asked once, after it did not come.

import type { CardTrouble } from "@dropgate/client/element";

/** Somebody who takes the call and says nothing is away as well. */
const ANSWER_MS_MAX = 5_000;

export async function troubleOf(gateway: string, saleId: string): Promise<CardTrouble> {
  const signal = AbortSignal.timeout(ANSWER_MS_MAX);
  try {
    const { status } = await fetch(`${gateway}/api/v1/sales/${saleId}`, { credentials: "omit", signal });
    if (status === 404) return "unknown";
    // Too many of one address, or nobody behind a proxy: it says to come back.
    return status === 429 || status >= 500 ? "away" : "page";
  } catch {
    // Without the right to read it, an answer still says that somebody is there.
    return fetch(`${gateway}/healthz`, { mode: "no-cors", signal }).then(
      () => "origin",
      () => "away",
    );
  }
}

/** For whoever builds the page: what is wrong and what mends it. */
export function adviceFor(trouble: CardTrouble, gateway: string, saleId: string): string {
  const begin = `<dropgate-queue sale="${saleId}">: `;
  switch (trouble) {
    case "origin":
      return `${begin}${gateway} does not let pages of ${location.origin} show its waiting room. Add ${location.origin} to ALLOWED_ORIGINS of the gateway.`;
    case "page":
      return `${begin}the frame of ${gateway} did not come. If this page has a Content-Security-Policy, it needs frame-src ${gateway}.`;
    case "unknown":
      return `${begin}${gateway} knows no sale of this name.`;
    case "away":
      return `${begin}${gateway} does not answer, or this page's Content-Security-Policy keeps it away (frame-src and connect-src ${gateway}). It is tried again.`;
  }
}
