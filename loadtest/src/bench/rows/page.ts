// `page`: the shopper's first load, as bytes on the wire and as seconds to something worth looking at on a slow phone.

import { buildWeb } from "@dropgate/ops/web-build";
import { type Browser, type CDPSession, chromium } from "@playwright/test";
import { ROOT } from "../child.ts";
import { House } from "../house.ts";
import type { Row } from "../row.ts";
import { figure } from "../targets.ts";

/** How much slower than this machine the phone is. */
const SLOWER = 4;
/** Nothing more is painted that is larger after so long. */
const WATCHED_MS = 2_500;

export const row: Row = {
  name: "page",
  measures: `The shopper's page, first load: bytes on the wire (gzip), the largest contentful paint with a processor ${SLOWER} times slower, and whether the sale can be read before any script has run.`,
  unit: "load",
  variants: [{ key: "ours", role: "ours", label: "the page" }],
  rounds: { full: 5, quick: 2 },
  shown: ["kilobytesOfScript", "kilobytesWithoutPicture", "lcpSeconds", "readableWithoutScript"],
  units: {
    kilobytesOfScript: "kB",
    kilobytesWithoutPicture: "kB",
    lcpSeconds: "s",
    readableWithoutScript: "",
  },
  targets: [
    figure("kilobytesOfScript", "ours", { atMost: 90 }, "kB"),
    figure("kilobytesWithoutPicture", "ours", { atMost: 130 }, "kB"),
    figure("readableWithoutScript", "ours", { atLeast: 1 }),
    figure("lcpSeconds", "ours", { atMost: 1.5 }, "s"),
  ],

  async open(bench) {
    await buildWeb(ROOT, bench.say);
    const house = await House.open(bench);
    const title = "A pair of shoes worth waiting for";
    const { id } = await house.sale({ title, description: "Size 42, in blue." });
    const browser = await chromium.launch({
      executablePath: process.env.CHROMIUM_PATH ?? "/usr/bin/chromium",
      args: ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"],
    });
    bench.atEnd(() => browser.close());
    const url = `${house.url}/s/${id}`;
    return {
      async round() {
        const [loaded, readable] = [await load(browser, url), await isReadable(browser, url, title)];
        return {
          units: 1,
          seconds: loaded.lcpSeconds,
          figures: { ...loaded, readableWithoutScript: readable ? 1 : 0 },
        };
      },
      close: async () => {},
    };
  },
};

interface Loaded {
  kilobytesOfScript: number;
  kilobytesWithoutPicture: number;
  lcpSeconds: number;
}

async function load(browser: Browser, url: string): Promise<Loaded> {
  const context = await browser.newContext({ viewport: { width: 390, height: 844 } });
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
    return {
      kilobytesOfScript: bytes("Script") / 1_000,
      kilobytesWithoutPicture:
        (bytes("Script") + bytes("Document") + bytes("Stylesheet") + bytes("Font")) / 1_000,
      lcpSeconds: lcpMs / 1_000,
    };
  } finally {
    await context.close();
  }
}

/** @returns bytes of bodies that came over the wire so far, as compressed, by kind of resource */
async function countBytes(session: CDPSession): Promise<(kind: string) => number> {
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
