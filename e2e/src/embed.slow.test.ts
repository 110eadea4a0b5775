// The line in a merchant's page and in a merchant's code: the element in a real browser, on another site than the
// gateway's, and the library in Node, both against everything that `start` starts.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { AxeBuilder } from "@axe-core/playwright";
import { openMemoryKeeper, openQueue, type Queue } from "@dropgate/client";
import { type Merchant, openMerchant, signShopperToken } from "@dropgate/client/server";
import type { Browser, Page } from "@playwright/test";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { type RunningDropgate, runDropgate } from "./running-dropgate.ts";
import { openBrowser, openOwnBrowser } from "./stage/browser.ts";
import { type MerchantPage, openMerchantPage } from "./stage/merchant-page.ts";
import { type PackedClient, packClient } from "./stage/packed-client.ts";
import { see } from "./stage/see.ts";
import { PAGE_PROGRAM, SERVER_PROGRAM } from "./stage/shop-program.ts";

/** A loaded machine: how soon things are told is measured elsewhere. */
const SOON = { timeout: 60_000 };

let dropgate: RunningDropgate;
let browser: Browser;
let merchantPage: MerchantPage;
let merchant: Merchant;
let packed: PackedClient;
beforeAll(async () => {
  merchantPage = await openMerchantPage();
  [dropgate, browser, packed] = await Promise.all([
    runDropgate({ ALLOWED_ORIGINS: merchantPage.url }),
    openBrowser(),
    packClient(),
  ]);
  merchant = openMerchant({ url: dropgate.url, apiKey: dropgate.apiKey });
});
afterAll(async () => {
  await Promise.all([browser?.close(), dropgate?.close(), merchantPage?.close(), packed?.close()]);
});

const createSale = () =>
  dropgate.createSale({ title: "Aurora Console", quantity: 5, claimWindowSeconds: 120 });

async function drawAndOpen(saleId: string): Promise<void> {
  await dropgate.act(saleId, "draw");
  await dropgate.act(saleId, "open");
}

async function newPage(
  more: { javaScriptEnabled?: boolean } = {},
): Promise<{ page: Page; complaints: string[] }> {
  if (more.javaScriptEnabled === false) {
    const context = await browser.newContext(more);
    onTestFinished(() => context.close());
    return { page: await context.newPage(), complaints: [] };
  }
  const { context, complaints } = await openOwnBrowser(browser, SOON.timeout);
  onTestFinished(() => context.close());
  return { page: await context.newPage(), complaints };
}

/** Notes what the page hears, and what moved in it without anybody's doing. */
async function listen(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const heard: { type: string; detail: unknown }[] = [];
    let shifted = 0;
    Object.assign(globalThis, { heard, shifted: () => shifted });
    for (const name of ["state", "offer", "held", "outcome", "error"])
      addEventListener(`dropgate:${name}`, (event) =>
        heard.push({ type: name, detail: (event as CustomEvent).detail }),
      );
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) shifted += (entry as unknown as { value: number }).value;
    }).observe({ type: "layout-shift", buffered: true });
  });
}

interface Heard {
  heard: { type: string; detail: Record<string, unknown> }[];
  shifted(): number;
}
const heard = (page: Page) => page.evaluate(() => (globalThis as unknown as Heard).heard);
const last = async (page: Page, type: string) =>
  (await heard(page)).findLast((each) => each.type === type)?.detail;

async function isFitForAll(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" ")}`)).toEqual([]);
}

test("in the shop's own page the line is joined, offered, claimed by keyboard and paid for", async () => {
  const { page, complaints } = await newPage();
  await listen(page);
  const saleId = await createSale();
  await page.goto(`${dropgate.shop}/embedded/${saleId}`);
  const card = page.frameLocator("dropgate-queue iframe");
  await see(card.getByRole("button", { name: "Join the lobby" })).toBeVisible(SOON);
  await see(page.locator("dropgate-queue iframe")).toHaveAttribute("title", "Waiting room: Aurora Console");
  await isFitForAll(page);
  await card.getByRole("button", { name: "Join the lobby" }).press("Enter");
  await see(card.getByRole("heading", { level: 2, name: "You're in." })).toBeVisible(SOON);
  expect(await last(page, "state")).toMatchObject({ state: "lobby", ticket: null });

  // The keyboard is at work in the merchant's page: it stays there.
  await page.getByLabel("Sign in as").focus();
  await drawAndOpen(saleId);
  await see(card.getByRole("heading", { level: 2, name: "It's your turn." })).toBeVisible(SOON);
  await see(page.getByText("The shop heard: it is your turn")).toBeVisible();
  await see(page.getByLabel("Sign in as")).toBeFocused();
  await isFitForAll(page);
  await card.getByRole("button", { name: "Claim my unit" }).press("Enter");
  await see(page.getByRole("link", { name: "Pay for it here" })).toBeVisible(SOON);
  const held = await last(page, "held");
  expect(held?.["checkoutUrl"]).toBe(`${dropgate.shop}/checkout#pass=${String(held?.["pass"])}`);
  expect(await merchant.verifyPass(String(held?.["pass"]))).toMatchObject({ ok: true, claims: { saleId } });
  await isFitForAll(page);
  expect(await page.evaluate(() => (globalThis as unknown as Heard).shifted())).toBeLessThan(0.01);
  await card.getByRole("link", { name: "Go to checkout" }).click();
  await see(page.getByRole("heading", { level: 1, name: "Checkout" })).toBeVisible(SOON);
  expect(complaints).toEqual([]);
});

test("on another site the merchant says who comes; several elements stand in one page, each on its own", async () => {
  const { page, complaints } = await newPage();
  await listen(page);
  const [saleId, other] = [await createSale(), await createSale()];
  const key = await merchant.createShopperKey();
  if (!key.ok) throw new Error(key.code);
  const token = await signShopperToken(key.value, "ada", { saleId });
  merchantPage.show(
    `<dropgate-queue sale="${saleId}" shopper-token="${token}" theme="dark"></dropgate-queue>` +
      `<dropgate-queue sale="${other}" theme="light"></dropgate-queue>` +
      `<dropgate-queue sale="no-such-sale"></dropgate-queue><script src="${dropgate.url}/embed.js"></script>`,
  );
  await page.goto(merchantPage.url);
  const cards = [0, 1, 2].map((nth) => page.locator("dropgate-queue").nth(nth).frameLocator("iframe"));
  const [dark, light, unknown] = cards as [(typeof cards)[0], (typeof cards)[0], (typeof cards)[0]];
  await dark.getByRole("button", { name: "Join the lobby" }).click();
  await see(dark.getByRole("heading", { level: 2, name: "You're in." })).toBeVisible(SOON);
  await see(light.getByRole("button", { name: "Join the lobby" })).toBeVisible(SOON);
  await see(unknown.getByRole("heading", { level: 1 })).toBeVisible(SOON);
  await see.poll(() => last(page, "error"), SOON).toEqual({ reason: "unknown" });
  expect(complaints.join("\n")).toContain("knows no sale of this name");
  const background = (card: (typeof cards)[0]) =>
    card.locator(".dg-card").evaluate((element) => getComputedStyle(element).backgroundColor);
  expect(await background(dark)).toBe("rgb(31, 29, 27)");
  expect(await background(light)).toBe("rgb(255, 255, 255)");

  // Nobody writes in this page: the offer is brought into view and takes the keyboard.
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  await drawAndOpen(saleId);
  await see(dark.getByRole("heading", { level: 2, name: "It's your turn." })).toBeFocused(SOON);
  await dark.getByRole("button", { name: "Claim my unit" }).click();
  await see.poll(() => last(page, "held"), SOON).toBeDefined();
  const held = await last(page, "held");
  expect(await merchant.verifyPass(String(held?.["pass"]))).toMatchObject({ claims: { subject: "ada" } });
});

test("a page that is not on the list shows the way to the waiting room, and tells its maker what to do", async () => {
  const { page, complaints } = await newPage();
  await listen(page);
  const saleId = await createSale();
  merchantPage.show(
    `<dropgate-queue sale="${saleId}"></dropgate-queue><script src="${dropgate.url}/embed.js"></script>`,
  );
  await page.goto(merchantPage.foreignUrl);
  const link = page.getByRole("link", { name: "Open the waiting room" });
  await see(link).toHaveAttribute("href", `${dropgate.url}/s/${saleId}`, SOON);
  await see(page.getByRole("status")).toContainText("can't be shown on this page");
  await see(page.locator("iframe")).toBeHidden();
  expect(await last(page, "error")).toEqual({ reason: "origin" });
  expect(complaints.join("\n")).toContain(`Add ${merchantPage.foreignUrl} to ALLOWED_ORIGINS`);
  await isFitForAll(page);
});

test("a gateway that hangs is told as away, and a card that comes after all is shown", async () => {
  const { page } = await newPage();
  await listen(page);
  const saleId = await createSale();
  merchantPage.show(`<script src="${dropgate.url}/embed.js"></script>`);
  await page.clock.install();
  await page.goto(merchantPage.url);
  const goOn = await dropgate.freeze("gateway-1");
  onTestFinished(goOn);
  await page.evaluate((sale) => {
    const element = document.createElement("dropgate-queue");
    element.setAttribute("sale", sale);
    document.querySelector("main")?.append(element);
  }, saleId);
  await see(page.getByRole("status")).toHaveText("Opening the waiting room…");
  await page.clock.fastForward(15_000);
  await see.poll(() => last(page, "error"), SOON).toEqual({ reason: "away" });
  await see(page.getByRole("link", { name: "Open the waiting room" })).toBeVisible();
  goOn();
  const card = page.frameLocator("dropgate-queue iframe");
  await see(card.getByRole("button", { name: "Join the lobby" })).toBeVisible(SOON);
  await see(page.getByRole("status")).toBeHidden();
});

test("who greets the frame a second time is told nothing", async () => {
  const { page } = await newPage();
  const saleId = await createSale();
  merchantPage.show("");
  await page.goto(merchantPage.url);
  await page.evaluate((address) => {
    const frame = document.createElement("iframe");
    const told: string[][] = [[], []];
    Object.assign(globalThis, { told });
    addEventListener("message", ({ source, data }) => {
      if (source !== frame.contentWindow || data?.type !== "dropgate:ready") return;
      for (const each of told) {
        const { port1, port2 } = new MessageChannel();
        port1.addEventListener("message", (said) => each.push(said.data.type));
        port1.start();
        frame.contentWindow?.postMessage({ type: "dropgate:hello", shopperToken: {} }, "*", [port2]);
      }
    });
    frame.src = address;
    document.body.append(frame);
  }, `${dropgate.url}/s/${saleId}?embed`);
  const told = () => page.evaluate(() => (globalThis as unknown as { told: string[][] }).told);
  const states = async () => (await told())[0]?.filter((type) => type === "told").length ?? 0;
  await see.poll(states, SOON).toBeGreaterThan(0);
  const before = await states();
  await drawAndOpen(saleId);
  await see.poll(states, SOON).toBeGreaterThan(before);
  expect((await told())[1]).toEqual([]);
});

test("where the script is blocked, what the merchant wrote inside the element is shown", async () => {
  const { page } = await newPage({ javaScriptEnabled: false });
  await page.goto(`${dropgate.shop}/embedded/${await createSale()}`);
  await see(page.getByRole("link", { name: "Go to the waiting room" })).toBeVisible();
});

test("whoever frames the whole page, or is not on the list, is refused by the header", async () => {
  const saleId = await createSale();
  const policy = async (query: string): Promise<string> =>
    (await fetch(`${dropgate.url}/s/${saleId}${query}`)).headers.get("content-security-policy") ?? "";
  expect(await policy("")).toMatch(/frame-ancestors 'self'$/);
  const framed = await policy("?embed");
  expect(framed).toContain(`frame-ancestors 'self' ${merchantPage.url} ${dropgate.shop}`);
  expect(framed).not.toContain(merchantPage.foreignUrl);
  const script = await fetch(`${dropgate.url}/embed.js`);
  expect(script.headers.get("content-type")).toMatch(/^text\/javascript/);
  expect(script.headers.get("cache-control")).toBe("public, max-age=300");
});

function open(saleId: string, more: Partial<Parameters<typeof openQueue>[0]> = {}): Queue {
  const queue = openQueue({ url: dropgate.url, saleId, ...more });
  onTestFinished(() => queue.close());
  return queue;
}

test("in Node a shopper joins, is offered a unit, claims it, and the merchant's server sells it", async () => {
  const saleId = await createSale();
  const keeper = openMemoryKeeper();
  const queue = open(saleId, { keeper });
  const told: string[] = [];
  for (const name of ["offer", "held", "outcome"] as const) queue.on(name, () => told.push(name));
  await queue.until("lobby");
  expect(await queue.join()).toEqual({ ok: true });
  // A second process with the same token is in the same place.
  const again = open(saleId, { keeper: openMemoryKeeper(keeper.read()) });
  await drawAndOpen(saleId);
  await Promise.all([queue.until("offered"), again.until("offered")]);
  expect(again.read().room.entry?.ticket).toBe(1);
  // Listened for before it can come: the pass may be told in the same moment as that the unit is held.
  const pass = new Promise<string>((resolve) => again.on("held", (held) => resolve(held.pass)));
  expect(await queue.claim()).toEqual({ ok: true });
  await again.until("held");
  const verified = await merchant.verifyPass(await pass);
  if (!verified.ok) throw new Error(verified.code);
  const { holdId } = verified.claims;
  expect(await merchant.holds.startPayment(holdId)).toMatchObject({ ok: true, value: { state: "pending" } });
  const order = { orderId: `order-${saleId}` };
  const sold = await merchant.holds.confirm(holdId, order);
  expect(sold).toMatchObject({ ok: true, value: { hold: { state: "confirmed" }, allocation: null } });
  expect(await merchant.holds.confirm(holdId, order)).toEqual(sold);
  expect(await merchant.holds.release(holdId)).toMatchObject({
    ok: false,
    code: "WRONG_STATE",
    isForLater: false,
    problem: { status: 409, code: "WRONG_STATE" },
  });
  await queue.until("purchased");
  expect(told).toEqual(["offer", "held", "outcome"]);
  expect(await queue.claim()).toMatchObject({ ok: false });
});

test("in Node, too, it polls where sockets are blocked, and gives the place up when told", async () => {
  const saleId = await createSale();
  // What a strict proxy leaves over: plain requests.
  const proxy = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    const passOn = async (): Promise<void> => {
      const { host: _host, connection: _connection, ...headers } = request.headers;
      const answer = await fetch(`${dropgate.url}${request.url}`, {
        method: request.method ?? "GET",
        headers: headers as Record<string, string>,
        ...(chunks.length > 0 && { body: Buffer.concat(chunks) }),
      });
      const cookies = answer.headers.getSetCookie();
      response.writeHead(answer.status, {
        "content-type": "application/json",
        ...(cookies.length > 0 && { "set-cookie": cookies }),
      });
      response.end(await answer.text());
    };
    request.on("end", () => void passOn());
  });
  proxy.on("upgrade", (_request, socket) => socket.destroy());
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", () => resolve()));
  onTestFinished(() => {
    proxy.closeAllConnections();
    proxy.close();
  });
  const queue = open(saleId, { url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}` });
  const polls = new Promise((resolve) => queue.on("link", (link) => link === "polling" && resolve(link)));
  expect(await queue.join()).toEqual({ ok: true });
  await queue.until("lobby");
  await polls;
  expect(await queue.leave()).toEqual({ ok: true });
  expect((await queue.until("left")).room.entry?.state).toBe("left");
});

test("the package has what a developer installs, and nothing of this repository", () => {
  expect(packed.files).toEqual(
    expect.arrayContaining([
      "README.md",
      "LICENSE",
      "package.json",
      "queue.js",
      "queue.browser.js",
      "server.js",
      "types/queue.d.ts",
      "types/server.d.ts",
      "types/element.d.ts",
    ]),
  );
  expect(packed.files.filter((path) => !/(\.d\.ts|\.js|\.md|\.json|LICENSE)$/.test(path))).toEqual([]);
  expect(JSON.stringify(packed.manifest)).not.toMatch(/workspace:|catalog:|@dropgate\/(?!client)/);
  expect(packed.manifest).toMatchObject({ license: "Apache-2.0", sideEffects: false, type: "module" });
  expect(Object.keys(packed.manifest["dependencies"] as object)).toEqual(["jose", "ws"]);
});

test.each([
  ["bundler", PAGE_PROGRAM],
  ["nodenext", SERVER_PROGRAM],
] as const)("its types tell right from wrong (%s)", async (how, program) => {
  const wrong = program.split("\n").flatMap((line, i) => (line.endsWith("// wrong") ? [i + 1] : []));
  const errors = await packed.typeErrors(program, how);
  const lines = errors.map((error) => Number(/^shop\.ts\((\d+),/.exec(error)?.[1]));
  expect(
    lines.toSorted((a, b) => a - b),
    errors.join("\n"),
  ).toEqual(wrong);
});

test("its example, from joining to a sold unit, runs in Node as the guide says", async () => {
  const saleId = await createSale();
  const { ended, child } = await packed.start("buy.mjs", {
    DROPGATE_URL: dropgate.url,
    API_KEY: dropgate.apiKey,
    SALE_ID: saleId,
  });
  await Promise.race([
    ended,
    new Promise<void>((resolve) => {
      child.stdout?.on("data", (said: Buffer) => String(said).includes("joined") && resolve());
    }),
  ]);
  await drawAndOpen(saleId);
  expect((await ended).stdout.trim()).toMatch(/AURORA-FE, unit \d+, is sold$/);
});

test("bundled, it is one script without anything of Node, and joins from a page of the shop's", async () => {
  const saleId = await createSale();
  const key = await merchant.createShopperKey();
  if (!key.ok) throw new Error(key.code);
  const token = await signShopperToken(key.value, "grace", { saleId });
  const script = await packed.bundle(`
    import { openQueue } from "@dropgate/client";
    const queue = openQueue({ url: "${dropgate.url}", saleId: "${saleId}", shopperToken: "${token}" });
    const status = document.querySelector("output");
    // A join that is quicker than the first connection gives it up for one of its own, and the console says so.
    await new Promise((resolve) => queue.on("link", (link) => {
      status.dataset.link = link;
      if (link === "live") resolve(queue.until("lobby"));
    }));
    const joined = await queue.join();
    status.textContent = joined.ok ? "You're in." : joined.code;
  `);
  expect(script).not.toMatch(/node:|require\(|process\./);
  const { page, complaints } = await newPage();
  merchantPage.show(`<output></output><script type="module">${script}</script>`);
  await page.goto(merchantPage.url);
  await see(page.getByRole("status")).toHaveText("You're in.", SOON);
  await see(page.getByRole("status")).toHaveAttribute("data-link", "live", SOON);
  expect(complaints).toEqual([]);
});
