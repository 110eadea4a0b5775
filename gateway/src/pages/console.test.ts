import { expect, test } from "vitest";
import { CONSOLE_SECURITY_POLICY, consolePage } from "./console.ts";
import { servedFile } from "./files.ts";

const page = "<!doctype html><title>Console</title>";
const built = () => new Map([["/console/console.html", servedFile("console.html", Buffer.from(page))]]);

test("every address below /console is the one page, under a policy that takes nothing inline", () => {
  const show = consolePage(built());
  for (const path of ["/console", "/console/", "/console/sales/x/proof", "/console/console.html"]) {
    const reply = show(path);
    expect(reply, path).toMatchObject({ ok: true, status: 200, body: page });
    if (!reply.ok) continue;
    // no-store, as no other was said.
    expect(reply.cacheControl).toBeUndefined();
    expect(reply.headers).toContainEqual(["content-security-policy", CONSOLE_SECURITY_POLICY]);
  }
  expect(CONSOLE_SECURITY_POLICY).not.toContain("unsafe");
});

test("a file of another build is not there, instead of being the page under its name", () => {
  expect(consolePage(built())("/console/assets/console-old.js")).toMatchObject({ refusal: "NOT_FOUND" });
});

test("where it was not built, it is said how to", () => {
  expect(consolePage(new Map())("/console")).toMatchObject({
    refusal: "NOT_FOUND",
    detail: "The console was not built: run `npx pnpm build`.",
  });
});
