// What whoever runs, integrates or visits a gateway finds there.

import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { GATEWAY_METRICS } from "@dropgate/contracts/metrics";
import { REFUSALS } from "@dropgate/contracts/refusals";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { openStage, type Stage, type Told } from "../stage.ts";

let stage: Stage;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "page-"));
  await mkdir(join(folder, "assets"));
  await writeFile(
    join(folder, "index.html"),
    '<html lang="en" dir="ltr"><head><!--dropgate:head--></head><main><!--dropgate:sale--><!--dropgate:facts--></main><!--dropgate:data-->',
  );
  await writeFile(join(folder, "assets/app-1a2b.js"), `console.log("${"x".repeat(2_000)}");`);
  stage = await openStage({ redisUrl: inject("redisUrl"), databaseUrl: inject("databaseUrl") }, {}, folder);
});
afterAll(async () => {
  await stage.stop();
  await rm(folder, { recursive: true });
});

describe("operations", () => {
  it("is not ready without a worker, and says so", async () => {
    const told = await stage.call("GET", "/readyz");
    expect([told.status, told.body]).toEqual([
      503,
      { ok: false, reasons: ["No worker has given a sign of life in the last seconds."] },
    ]);
    await stage.worker();
    expect((await stage.call("GET", "/readyz")).body).toEqual({ ok: true, reasons: [] });
  }, 60_000);

  it("the metrics are those of the contract", async () => {
    const { text } = await stage.call("GET", "/metrics");
    const names = [...text.matchAll(/^# TYPE (dropgate_\S+)/gm)].map(([, name]) => name);
    expect(new Set(names)).toEqual(new Set(Object.keys(GATEWAY_METRICS)));
  });

  it("the contract and its reference are there, from nowhere else", async () => {
    expect((await stage.call("GET", "/openapi.json")).body).toMatchObject({ openapi: "3.1.0" });
    const docs = await stage.call("GET", "/docs");
    expect(docs.text).not.toContain("//");
    for (const [, address = ""] of docs.text.matchAll(/(?:src|href)="([^"]+)"/g)) {
      expect([address, (await stage.call("GET", address)).status]).toEqual([address, 200]);
    }
    const problems = await stage.call("GET", "/docs/problems");
    for (const code of Object.keys(REFUSALS)) expect(problems.text).toContain(`id="${code}"`);
  });
});

describe("pages", () => {
  it("a sale's page is readable without a script, sets the cookie, and lets nothing foreign in", async () => {
    const { id } = await stage.sale({ title: "<Sneakers & more>" });
    const page = await stage.call("GET", `/s/${id}`);
    expect(page.status).toBe(200);
    expect(page.text).toContain("&lt;Sneakers &amp; more&gt;");
    expect(page.headers.get("set-cookie")).toContain("dropgate_shopper=");
    expect(page.headers.get("content-security-policy")).toContain("default-src 'none'");
    expect((await stage.call("GET", "/s/none")).status).toBe(404);
    expect((await stage.call("GET", "/s/%00")).status).toBe(404);
  });

  it("files are compressed, kept for ever, and not sent twice", async () => {
    const file = await stage.call("GET", "/assets/app-1a2b.js", { headers: { "accept-encoding": "gzip" } });
    expect(file.headers.get("content-encoding")).toBe("gzip");
    expect(file.headers.get("cache-control")).toContain("immutable");
    expect(file.text).toContain("console.log");
    const again = await stage.call("GET", "/assets/app-1a2b.js", {
      headers: { "if-none-match": file.headers.get("etag") ?? "" },
    });
    expect([again.status, again.text]).toEqual([304, ""]);
    for (const path of ["/assets/none.js", "/assets/%2e%2e/index.html", "/index.html", "/assets"]) {
      expect((await stage.call("GET", path)).status).toBe(404);
    }
  });

  it("the front page lists what is open", async () => {
    const { id } = await stage.sale();
    expect((await stage.call("GET", "/")).text).toContain(`/s/${id}`);
  });
});

describe("the page's language", () => {
  const spoken = (told: Told) => ({
    header: told.headers.get("content-language"),
    html: /<html lang="(\w+)" dir="(\w+)">/.exec(told.text)?.slice(1),
    kept: /dropgate_lang=(\w+)/.exec(told.headers.get("set-cookie") ?? "")?.[1],
  });
  let id = "";
  beforeAll(async () => {
    ({ id } = await stage.sale());
  });

  it.each([
    ["the browser's", "", {}, "es-MX, en;q=0.4", "es", undefined],
    [
      "the dearest that we have, wherever it stands",
      "",
      {},
      "fr, de;q=0.2, ja;q=0.9, en;q=0.1",
      "ja",
      undefined,
    ],
    ["none that the browser refuses", "", {}, "de;q=0, ar;q=0.001", "ar", undefined],
    [
      "the one that was kept, before the browser's",
      "",
      { cookie: "a=b; dropgate_lang=de" },
      "ja",
      "de",
      undefined,
    ],
    [
      "the address's before both, kept from then on",
      "?lang=ar",
      { cookie: "dropgate_lang=de" },
      "ja",
      "ar",
      "ar",
    ],
    [
      "the kept one where the address asks for one that we lack",
      "?lang=tlh",
      { cookie: "dropgate_lang=de" },
      "",
      "de",
      undefined,
    ],
    [
      "the browser's where a kept one is none of ours",
      "",
      { cookie: "dropgate_lang=xx" },
      "ja",
      "ja",
      undefined,
    ],
    ["English where nobody says anything", "", {}, "", "en", undefined],
    ["English for whoever takes anything", "", {}, "*", "en", undefined],
  ] as const)("is %s", async (_why, query, more, accepted, language, kept) => {
    const told = await stage.call("GET", `/s/${id}${query}`, {
      headers: { "accept-language": accepted },
      ...more,
    });
    expect(told.status).toBe(200);
    expect(spoken(told)).toEqual({
      header: language,
      html: [language, language === "ar" ? "rtl" : "ltr"],
      kept,
    });
    // A cache in between must not show one reader's language to another.
    expect(told.headers.get("vary")).toBe("accept-language, cookie");
  });

  it.each([
    ["a header of thousands of parts", { "accept-language": "de;q=0.1,".repeat(400) }, "", "de"],
    ["weights that are no numbers", { "accept-language": "de;q=1.2.3, ja;q=, es;q=-1, ar;q=0.5" }, "", "ar"],
    ["markup in a header", { "accept-language": '"><script>, ja;q=0.5' }, "", "ja"],
    ["markup in the address", {}, "?lang=%22%3E%3Cscript%3E", "en"],
    ["a line break in the address", {}, "?lang=de%0D%0AX-Evil:%201", "en"],
    ["an object's own name in the address", {}, "?lang=__proto__&lang=constructor", "en"],
    ["markup in the cookie", { cookie: 'dropgate_lang="><script>' }, "", "en"],
  ] as const)("survives %s", async (_what, headers, query, language) => {
    const told = await stage.call("GET", `/s/${id}${query}`, { headers });
    expect(told.status).toBe(200);
    expect(spoken(told)).toMatchObject({ header: language, kept: undefined });
    expect(told.headers.get("x-evil")).toBeNull();
    expect(told.text).not.toContain("<script>");
  });

  it("is the reader's where there is no sale, too", async () => {
    const told = await stage.call("GET", "/s/none", { headers: { "accept-language": "ar" } });
    expect(told.status).toBe(404);
    expect(spoken(told)).toMatchObject({ header: "ar", html: ["ar", "rtl"] });
  });
});
