// The theme from outside: what an operator sets is what pages show, at once and on every gateway; what people could not
// read is refused; nothing of it can become markup.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Statements } from "@dropgate/sql";
import { insertThemeChange } from "@dropgate/sql/themes/theme-changes";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { OperatorStage } from "../operators/operator-stage.ts";
import { BOOTSTRAP_KEY, openStage, type Stage, type Told } from "../stage.ts";
import type { Gateway } from "../start-gateway.ts";
import { mergeThemes } from "../themes/shown-themes.ts";

const LIGHT = { background: "#fff4e6", card: "#ffffff", text: "#2b1600", accent: "#b34700" };
const DARK = { background: "#1a1005", card: "#2b1c0d", text: "#ffe9d1", accent: "#ff9a4d" };

let stage: Stage;
let folder: string;
let other: Gateway;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "dropgate-theme-"));
  await writeFile(
    join(folder, "index.html"),
    "<html><head><!--dropgate:head--></head><body><!--dropgate:brand--><!--dropgate:data--></body></html>",
  );
  stage = await openStage({ redisUrl: inject("redisUrl"), databaseUrl: inject("databaseUrl") }, {}, folder);
  other = stage.gateway;
});
afterAll(async () => {
  await stage.stop();
  await rm(folder, { recursive: true, force: true });
});

const put = (theme: unknown, path = "/theme"): Promise<Told> =>
  stage.call("PUT", `/api/v1/admin${path}`, { bearer: BOOTSTRAP_KEY, body: theme });
const get = (path: string): Promise<Told> =>
  stage.call("GET", `/api/v1/admin${path}`, { bearer: BOOTSTRAP_KEY });
const page = async (saleId: string, at = stage.gateway): Promise<string> =>
  (await stage.call("GET", `/s/${saleId}`, { at })).text;
const sheetOf = (html: string): string => /href="(\/theme\/[^"]+\.css)"/.exec(html)?.[1] ?? "none";

describe("the theme for all sales", () => {
  it("is on the next page, with a sheet of its own that browsers may keep, and nothing inline", async () => {
    const { id } = await stage.sale();
    expect(sheetOf(await page(id))).toBe("none");
    const told = await put({
      logoUrl: "https://shop.example/logo.svg",
      colors: { light: LIGHT, dark: DARK },
      texts: { en: { brand: "Vessel & Co", intro: "Made slowly.", thanks: "Enjoy it." } },
    });
    expect([told.status, told.body["changedBy"]]).toEqual([200, expect.stringMatching(/^operator:/)]);
    const { headers, text: html } = await stage.call("GET", `/s/${id}`);
    expect(html).toContain('<img class="dg-logo" src="https://shop.example/logo.svg" alt="">');
    expect(html).toContain("<span>Vessel &amp; Co</span>");
    expect(html).toContain('<p class="dg-intro">Made slowly.</p>');
    expect(html).toContain('<script type="application/json" id="theme">{"thanks":"Enjoy it."}</script>');
    expect(html).toContain('media="(prefers-color-scheme: dark)" content="#1a1005"');
    expect(html).not.toMatch(/style=|<style/);
    expect(headers.get("content-security-policy")).toContain("style-src 'self';");

    const sheet = await stage.call("GET", sheetOf(html));
    expect([sheet.status, sheet.headers.get("content-type")]).toEqual([200, "text/css; charset=utf-8"]);
    expect(sheet.headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
    expect(sheet.text).toContain(
      "@media (prefers-color-scheme:light){:root:root{--paper:#fff4e6;--card:#ffffff",
    );
    expect(sheet.text).toContain("--turn:#ff9a4d;");
  });

  it("is on the pages of every other gateway a moment later, and so is its sheet", async () => {
    const { id } = await stage.sale();
    other = await stage.another();
    await page(id, other);
    await put({ colors: { light: { ...LIGHT, accent: "#7a3100" } } });
    const path = sheetOf(await page(id));
    // The first gateway's page, whose sheet the balancer fetches from the second.
    expect((await stage.call("GET", path, { at: other })).status).toBe(200);
    await stage.until(async () => sheetOf(await page(id, other)) === path || null);
  });

  it("keeps the sheet of a page that was opened before a change", async () => {
    const { id } = await stage.sale();
    await put({ colors: { light: LIGHT } });
    const before = sheetOf(await page(id));
    await put({ colors: { light: { ...LIGHT, accent: "#5c2500" } } });
    expect(sheetOf(await page(id))).not.toBe(before);
    expect((await stage.call("GET", before)).status).toBe(200);
    expect((await stage.call("GET", "/theme/nobodys.css")).status).toBe(404);
  });

  it("lets no text become markup, and no colour or address anything else", async () => {
    const { id } = await stage.sale();
    const hostile = `</script><script>alert(1)</script><img src=x onerror=alert(1)>" onload='x'`;
    await put({
      logoUrl: 'https://shop.example/"onerror="alert(1)',
      texts: { en: { intro: hostile, thanks: hostile } },
    });
    const html = await page(id);
    expect(html).not.toMatch(/<script>|<img src=x|"onerror=/);
    const refused = [
      { logoUrl: "javascript:alert(1)" },
      { pictureUrl: "data:image/svg+xml,<svg/>" },
      { colors: { light: { ...LIGHT, accent: "red;}body{display:none" } } },
      { colors: { light: { background: "#ffffff" } } },
      { texts: { en: { brand: "x".repeat(61) } } },
      { texts: { fr: { brand: "x" } } },
      { css: "body{}" },
    ];
    for (const theme of refused)
      expect([theme, (await put(theme)).body["code"]]).toEqual([theme, "INVALID_REQUEST"]);
  });
});

it("colours that people could not read are refused, each with the contrast that it has, and nothing changes", async () => {
  const before = await get("/theme");
  const told = await put({
    colors: { light: { ...LIGHT, text: "#999999" }, dark: { ...DARK, accent: "#402a14", card: "#1a1005" } },
  });
  expect([told.status, told.body["code"]]).toEqual([400, "CONTRAST_TOO_LOW"]);
  expect(told.body["errors"]).toEqual([
    {
      pointer: "/colors/light/text",
      detail: expect.stringMatching(
        /^On background its contrast is 2\.\d+:1, and 4\.5:1 is needed\. On card its contrast is 2\.84:1, and 4\.5:1/,
      ),
    },
    {
      pointer: "/colors/dark/accent",
      detail: expect.stringMatching(/^On background its contrast is 1\.\d+:1, and 3:1 is needed\./),
    },
  ]);
  expect((await get("/theme")).body).toEqual(before.body);
});

describe("a sale's own theme", () => {
  it("stands over that of all sales, part by part, until it is taken away", async () => {
    const [one, another] = [await stage.sale(), await stage.sale()];
    await put({ colors: { light: LIGHT }, texts: { en: { brand: "All", intro: "For all" } } });
    const path = `/sales/${one.id}/theme`;
    expect((await put({ texts: { en: { brand: "One" } } }, path)).status).toBe(200);
    const html = await page(one.id);
    expect(html).toContain("<span>One</span>");
    expect(html).toContain("For all");
    expect(sheetOf(html)).toBe(sheetOf(await page(another.id)));
    expect(await page(another.id)).toContain("<span>All</span>");
    await stage.call("DELETE", `/api/v1/admin${path}`, { bearer: BOOTSTRAP_KEY });
    expect(await page(one.id)).toContain("<span>All</span>");
    expect((await put({}, "/sales/nobodys/theme")).body["code"]).toBe("SALE_NOT_FOUND");
  });

  it("has each change written down, with who made it", async () => {
    const { id } = await stage.sale();
    const people = new OperatorStage(stage);
    const ann = await people.person("operator");
    const told = await ann.call("PUT", `/sales/${id}/theme`, { body: { texts: { de: { brand: "Gefäß" } } } });
    expect([told.status, told.body["changedBy"]]).toEqual([200, `operator:${ann.id}`]);
    await stage.call("DELETE", `/api/v1/admin/sales/${id}/theme`, { bearer: BOOTSTRAP_KEY });
    const { body } = await get(`/theme/changes?saleId=${id}`);
    expect(body["items"]).toMatchObject([
      { saleId: id, theme: null },
      { saleId: id, theme: { texts: { de: { brand: "Gefäß" } } }, changedBy: `operator:${ann.id}` },
    ]);
    const bob = await people.person("viewer");
    expect((await bob.call("PUT", "/theme", { body: {} })).body["code"]).toBe("FORBIDDEN");
  });
});

it("a change waits for the one before it, so that no gateway sees the later and misses the earlier", async () => {
  const { truth } = stage.database;
  const change = (tx: Statements) => insertThemeChange(tx, { saleId: null, actor: "test", theme: {} });
  let isThere = false;
  let later: Promise<void> = Promise.resolve();
  await truth.transaction(async (tx) => {
    await change(tx);
    later = stage.gateway.services.truth.transaction(change).then(() => {
      isThere = true;
    });
    await stage.until(async () => {
      const { rowCount } = await truth.query(
        `SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted
           AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
      );
      return isThere || rowCount === 1 || null;
    });
    expect(isThere).toBe(false);
  });
  await later;
});

it("what a sale's theme leaves out is as for all, each text by itself and each scheme as a whole", () => {
  const merged = mergeThemes(
    { logoUrl: "/a", colors: { light: LIGHT }, texts: { en: { brand: "A", intro: "B" } } },
    { pictureUrl: "/p", colors: { dark: DARK }, texts: { en: { intro: "C" }, ja: { brand: "D" } } },
  );
  expect(merged).toEqual({
    logoUrl: "/a",
    pictureUrl: "/p",
    colors: { light: LIGHT, dark: DARK },
    texts: { en: { brand: "A", intro: "C" }, ja: { brand: "D" } },
  });
});
