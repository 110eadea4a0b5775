// A page whose part of the console is loaded when somebody first goes there. After a deploy the parts of the build that
// this tab came from are gone: then the console is loaded again, once, at the address that was gone to. Where that is
// not it, whoever waits is told (broken-page.tsx).
import { type ComponentType, type LazyExoticComponent, lazy } from "react";

/** The part did not come, and loading the console again would not bring it, or did not. */
export class PartAway extends Error {
  override name = "PartAway";
}

/** What deciding needs to know, so that it can be tried without a browser. */
export interface Surroundings {
  /** Names the build that this tab came from: its own script. */
  build: string;
  /** The console's page as the server has it now; null when there is no answer. */
  pageNow: () => Promise<string | null>;
  /** For which build this tab was loaded again already. */
  triedFor: () => string | null;
  reload: (build: string) => void;
}

/**
 * Loads a part of the console.
 * @returns it; or nothing ever, because the tab is being loaded again
 * @throws PartAway when it does not come
 */
export async function loadPart<Part>(load: () => Promise<Part>, around: Surroundings): Promise<Part> {
  try {
    return await load();
  } catch (cause) {
    // Asked before anything is thrown away: where the network is gone, a tab that is loaded again is a blank one.
    const page = await around.pageNow();
    const isAnotherBuild = page !== null && !page.includes(around.build);
    if (!isAnotherBuild || around.triedFor() === around.build) {
      throw new PartAway("a part of the console did not come", { cause });
    }
    around.reload(around.build);
    return new Promise<never>(() => {});
  }
}

const KEY = "dropgate-console:loaded-again";

const here: Surroundings = {
  build: ownScript(),
  async pageNow() {
    try {
      const answer = await fetch("/console/", { cache: "no-store" });
      return answer.ok ? await answer.text() : null;
    } catch {
      return null;
    }
  },
  triedFor() {
    try {
      return sessionStorage.getItem(KEY);
    } catch {
      // Nothing can be kept here, so nothing says how often it was tried: better a sentence than a ring of reloads.
      return ownScript();
    }
  },
  reload(build) {
    sessionStorage.setItem(KEY, build);
    location.reload();
  },
};

function ownScript(): string {
  const script =
    typeof document === "undefined" ? null : document.querySelector<HTMLScriptElement>("script[src]");
  return script === null ? "" : new URL(script.src).pathname;
}

/** Like React's `lazy`, of a page. */
export function lazyPage(
  load: () => Promise<{ default: ComponentType }>,
): LazyExoticComponent<ComponentType> {
  return lazy(() => loadPart(load, here));
}
