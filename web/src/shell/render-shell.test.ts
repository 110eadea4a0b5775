import { readFileSync } from "node:fs";
import { saleExample } from "@dropgate/client/room/room-examples";
import { RIGHT_TO_LEFT } from "@dropgate/contracts/languages";
import { PHASES, type Phase } from "@dropgate/contracts/states/phase";
import { describe, expect, test } from "vitest";
import { LANGUAGE_NAMES, LANGUAGES, type Language } from "../texts/languages.ts";
import { renderShell } from "./render-shell.ts";

const template = readFileSync(new URL("../../index.html", import.meta.url), "utf8");
const HOSTILE = `</script><script>alert(1)</script><!-- " onload='x' & \u2028 $& $\` <!--dropgate:data-->`;

function island(html: string): unknown {
  const json = /<script type="application\/json" id="sale">(.*?)<\/script>/s.exec(html)?.[1];
  return JSON.parse(json ?? "null");
}

describe("the page as it leaves the server", () => {
  test("says what is sold, for how much and where the sale is", () => {
    const html = renderShell(template, saleExample({ phase: "scheduled" }));
    expect(html).toContain('<h1 class="dg-title">Vessel No. 7</h1>');
    expect(html).toContain("€180.00");
    expect(html).toContain("120 units · one per person");
    expect(html).toContain("The lobby opens on November 24, 2026 at 11:40 UTC.");
    expect(html).toMatch(/<noscript><p class="dg-message">To join/);
    expect(html).not.toContain("dropgate:");
  });

  test("speaks of no line and no draw where there is none", () => {
    const html = renderShell(template, saleExample({ kind: "rush", phase: "lobby" }));
    expect(html).toContain("The sale opens on November 24, 2026");
    expect(html).toContain("There is no line and no draw");
    expect(html).not.toContain('id="draw"');
  });

  test("says on a rehearsal, and there alone, that nothing is sold and nobody should find it", () => {
    const html = renderShell(template, saleExample({ rehearsal: true }));
    expect(html).toMatch(/class="dg-rehearsal" role="note">Rehearsal – nothing is sold/);
    expect(html).toContain('<meta name="robots" content="noindex">');
    expect(renderShell(template, saleExample())).not.toMatch(/rehearsal|noindex/i);
  });

  test("holds the sale for its script, whatever is in it", () => {
    const sale = saleExample({ title: HOSTILE, description: HOSTILE, message: HOSTILE });
    expect(island(renderShell(template, sale))).toEqual(sale);
  });

  test("lets no text of a merchant become markup", () => {
    const sale = saleExample({ title: HOSTILE, sku: HOSTILE, description: HOSTILE, message: HOSTILE });
    const html = renderShell(template, sale);
    expect(html.match(/<script\b/g)).toHaveLength(2); // the page's own and the island
    expect(html.match(/<\/script/g)).toHaveLength(2);
    // The island is JSON: its quotes are its own.
    expect(html.replace(/<script type="application.*?<\/script>/s, "")).not.toContain("onload='");
    expect(html.match(/id="sale"/g)).toHaveLength(1);
  });

  test.each([
    "javascript:alert(1)",
    'https://x.example/"onerror="alert(1)',
    "//evil.example/a.png",
    "data:image/svg+xml,x",
  ])("shows no picture from %s as markup", (imageUrl) => {
    const html = renderShell(template, saleExample({ imageUrl }));
    expect(html).not.toMatch(/src="(javascript|data|\/\/)/);
    expect(html).not.toMatch(/"\s*onerror="/);
  });

  test("has a letter where there is no picture", () => {
    expect(renderShell(template, saleExample())).toContain('<p class="dg-monogram" aria-hidden="true">V</p>');
  });

  test("says so when there is no such sale, and brings no data", () => {
    const html = renderShell(template, null);
    expect(html).toContain("There is no sale at this address");
    expect(island(html)).toBeNull();
  });
});

/** What people read of it: no markup, no data, no names of files. */
function readable(html: string): string {
  return html.replace(/<script type="application.*?<\/script>|<style.*?<\/style>|<[^>]*>/gs, "\n");
}

describe.each(LANGUAGES)("the page in %s", (language: Language) => {
  const shown = (over: Parameters<typeof saleExample>[0]) =>
    renderShell(template, saleExample(over), language);

  test("says which language it is in, and which way it runs", () => {
    for (const html of [shown({}), renderShell(template, null, language)]) {
      const direction = RIGHT_TO_LEFT.has(language) ? "rtl" : "ltr";
      expect(html).toContain(`<html lang="${language}" dir="${direction}">`);
      expect(html).not.toMatch(/dropgate:|undefined|NaN|\{n\}|\[object/);
    }
  });

  test("leads to every language, each by its own name, and marks its own", () => {
    const html = shown({});
    const links = [
      ...html.matchAll(/<a href="\?lang=(\w+)" lang="\1" hreflang="\1"( aria-current="true")?>([^<]+)/g),
    ];
    expect(links.map(([, each, current, name]) => [each, current !== undefined, name])).toEqual(
      LANGUAGES.map((each) => [each, each === language, LANGUAGE_NAMES[each]]),
    );
  });

  test.each(["lottery", "rush"] as const)(
    "has a sentence of its own for each phase of a sale by %s",
    (kind) => {
      const headlineOf = (phase: Phase) => /class="dg-headline">([^<]+)</.exec(shown({ phase, kind }))?.[1];
      const headlines = PHASES.map(headlineOf);
      for (const [i, headline] of headlines.entries()) expect(headline, PHASES[i]).toMatch(/\S/);
      // Before a rush there is one thing to say: when it opens.
      expect(new Set(headlines).size).toBe(kind === "rush" ? PHASES.length - 2 : PHASES.length);
    },
  );

  if (language === "en") return;
  test("leaves no English standing, whatever the sale is", () => {
    const own = new Set([
      "Vessel No. 7",
      "npx pnpm verify-draw draw.json entries.ndjson",
      ...Object.values(LANGUAGE_NAMES),
    ]);
    for (const over of [
      ...PHASES.map((phase) => ({ phase })),
      { kind: "rush", phase: "lobby" } as const,
      { rehearsal: true as const },
    ]) {
      const linesOf = (html: string) =>
        readable(html)
          .split("\n")
          .map((line) => line.trim())
          .filter((line) => /\p{L}{3}/u.test(line) && !own.has(line));
      const english = new Set(linesOf(renderShell(template, saleExample(over), "en")));
      expect(linesOf(shown(over)).filter((line) => english.has(line))).toEqual([]);
    }
  });
});
