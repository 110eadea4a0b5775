// The shop as a process, with no gateway there: what must hold on every answer, and that it stays up alone.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";

const MAIN = fileURLToPath(new URL("./main.ts", import.meta.url));
const directory = mkdtempSync(join(tmpdir(), "shop-"));
let shop: ChildProcess;
let url: string;

function start(env: Record<string, string>): ChildProcess {
  return spawn(process.execPath, ["--import", "tsx", MAIN], {
    env: { PATH: process.env.PATH, SHOP_DATA: directory, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
}

/** Everything that a process printed until it ended. */
async function printed(child: ChildProcess): Promise<{ code: number | null; error: string }> {
  let error = "";
  child.stderr?.on("data", (bytes) => (error += bytes));
  await once(child, "close");
  return { code: child.exitCode, error };
}

beforeAll(async () => {
  // Port 9 is the discard service's: nobody listens there.
  shop = start({ PORT: "0", API_KEY: "a key of the tests", GATEWAY_URL: "http://127.0.0.1:9" });
  if (shop.stdout === null) throw new Error("its output is piped");
  let text = "";
  for await (const bytes of shop.stdout) {
    text += String(bytes);
    const found = /http:\/\/127\.0\.0\.1:\d+/.exec(text);
    if (found !== null) {
      url = found[0];
      break;
    }
  }
});

afterAll(async () => {
  shop.kill("SIGTERM");
  if (shop.exitCode === null) await once(shop, "exit");
  rmSync(directory, { recursive: true });
});

const post = (
  path: string,
  fields: Record<string, string>,
  headers: Record<string, string> = {},
): Promise<Response> =>
  fetch(`${url}${path}`, { method: "POST", body: new URLSearchParams(fields), headers, redirect: "manual" });

test("every answer forbids inline code, frames and foreign forms", async () => {
  for (const path of [
    "/healthz",
    "/checkout",
    "/shop.js",
    "/product.svg",
    "/nowhere",
    "/orders/HF-1",
    "/checkout/h1",
    "/order.js",
    "/orders.css",
    "/buy/AURORA-PAD",
    "/buy/nothing",
    "/basket/HF-1",
    "/orders/HF-1/progress",
  ]) {
    const answer = await fetch(`${url}${path}`);
    const policy = answer.headers.get("content-security-policy") ?? "";
    expect(policy, path).toContain("default-src 'none'");
    expect(policy, path).not.toContain("unsafe");
    expect(answer.headers.get("x-content-type-options"), path).toBe("nosniff");
    const body = await answer.text();
    expect(body, path).not.toMatch(/<script(?![^>]*src=)|<style|\sstyle="|\son\w+="/);
  }
});

test("what is not there, or not this browser's, is refused in a sentence", async () => {
  expect((await fetch(`${url}/nowhere`)).status).toBe(404);
  const foreign = await fetch(`${url}/orders/HF-22222-22222`, { headers: { accept: "application/json" } });
  expect(foreign.status).toBe(403);
  expect(await foreign.json()).toMatchObject({ code: "NOT_YOURS" });
  expect((await fetch(`${url}/checkout/h1`)).status).toBe(403);
  expect((await fetch(url, { method: "DELETE" })).status).toBe(405);
});

test("a form that another site sent, one that is too long and one that is none do nothing", async () => {
  const evil = await post("/sign-in", { customer: "ada" }, { origin: "https://evil.example" });
  expect(evil.status).toBe(403);
  expect(evil.headers.get("set-cookie") ?? "").not.toContain(".ada.");
  expect((await post("/sign-in", { customer: "ada" }, { origin: "null" })).status).toBe(403);
  expect((await post("/checkout", { pass: "x".repeat(20_000) })).status).toBe(400);
  const json = { method: "POST", body: "{}", headers: { "content-type": "application/json" } };
  expect((await fetch(`${url}/checkout`, json)).status).toBe(400);
  const own = await post("/sign-in", { customer: "ada" }, { origin: url });
  expect(own.status).toBe(303);
  expect(own.headers.get("set-cookie")).toMatch(
    /^shop_session=[^;]*\.ada\.[^;]*; Path=\/; HttpOnly; SameSite=Lax/,
  );
});

test("a pass cannot be judged while the gateway is away, and the shop says so instead of refusing it", async () => {
  const made = ["eyJhbGciOiJFZERTQSIsImtpZCI6ImsifQ", "eyJzdWIiOiJhIn0", "c2lnbmF0dXJl"].join(".");
  const away = await post("/checkout", { pass: made }, { accept: "application/json" });
  expect(away.status).toBe(503);
  expect(await away.json()).toMatchObject({ code: "GATEWAY_AWAY" });
  const nonsense = await post("/checkout", { pass: "nonsense" }, { accept: "application/json" });
  expect(await nonsense.json()).toMatchObject({ code: "PASS_INVALID" });
});

test("while the gateway is away, products are shown without a false word, and nothing is bought or lost", async () => {
  const page = await fetch(`${url}/buy/AURORA-PAD`);
  expect(page.status).toBe(200);
  const text = await page.text();
  expect(text).toContain("Check availability at checkout");
  expect(text).not.toContain("In stock");
  const form = /name="form" value="([^"]+)"/.exec(text)?.[1] ?? "";
  const cookie = page.headers.get("set-cookie")?.split(";")[0] ?? "";
  const wanted = { form, quantity: "1", name: "Ada", postalCode: "10001", country: "US" };
  const wrong = await post("/buy/AURORA-PAD", { ...wanted, quantity: "9" }, { cookie });
  expect(wrong.status).toBe(409);
  const again = await wrong.text();
  expect(again).toContain("one to five pieces");
  // What was typed, and the form's own name, are still there.
  expect(again).toContain('value="Ada"');
  expect(again).toContain(form);
  const refused = await post("/buy/AURORA-PAD", wanted, { cookie, accept: "application/json" });
  expect(await refused.json()).toMatchObject({
    code: "NO_ANSWER",
    detail: expect.stringContaining("not been charged"),
  });
});

test("another site's form cancels no order, and nobody sees or cancels somebody else's", async () => {
  const evil = { origin: "https://evil.example" };
  expect((await post("/orders/HF-1/cancel", {}, evil)).status).toBe(403);
  const json = { accept: "application/json" };
  for (const answer of [
    await post("/orders/HF-1/cancel", {}, json),
    await post("/basket/HF-1/pay", {}, json),
    await post("/basket/HF-1/give-back", {}, json),
    await fetch(`${url}/orders/HF-1/progress`, { headers: json }),
    await fetch(`${url}/basket/HF-1`, { headers: json }),
  ]) {
    expect(answer.status).toBe(403);
    expect(await answer.json()).toMatchObject({ code: "NOT_YOURS" });
  }
});

test("a wrong setting stops the start with its name and what was expected", async () => {
  const { code, error } = await printed(start({ PORT: "many", GATEWAY_URL: "gateway" }));
  expect(code).toBe(1);
  expect(error).toContain('PORT is "many"');
  expect(error).toContain('GATEWAY_URL is "gateway"');
  expect(error).toContain("API_KEY is not set");
});

test("a port that is taken ends the start with a sentence", async () => {
  const port = new URL(url).port;
  const { code, error } = await printed(start({ PORT: port, API_KEY: "k" }));
  expect(code).toBe(1);
  expect(error).toContain(`port ${port} is in use`);
});
