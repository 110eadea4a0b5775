import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { saleExample } from "../room/room-examples.ts";
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
