import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { openScreen, type ReadyFacts, readyBox, readyLine, troubleIn } from "./screen.ts";

const facts: ReadyFacts = {
  url: "http://127.0.0.1:8080",
  shopUrl: "http://127.0.0.1:8081",
  saleId: "s1",
  apiKeyFile: "/data/api-key",
  firstAdmin: {
    email: "admin@dropgate.internal",
    password: "abcde-fghjk",
    until: "2026-03-04T12:00:00.000Z",
  },
  dataDir: "/data",
  shoppers: 2_000,
  processes: [{ name: "gateway-1", pid: 7 }],
};

test("a program gets one JSON line and nothing else on standard output", () => {
  const out = new PassThrough();
  const err = new PassThrough();
  const screen = openScreen(out, err);
  screen.step("Redis …");
  screen.note("something");
  screen.trouble("gateway-1: warning: x");
  screen.ready(facts);
  expect(JSON.parse(String(out.read()))).toMatchObject({
    ready: true,
    url: facts.url,
    sale: { id: "s1", url: "http://127.0.0.1:8080/s/s1" },
    console: "http://127.0.0.1:8080/console",
    firstAdmin: { email: "admin@dropgate.internal", password: "abcde-fghjk" },
    firstAdminUntil: "2026-03-04T12:00:00.000Z",
  });
  expect(String(err.read())).toBe("  Redis …\nsomething\n");
});

test("a person gets a box that closes on all sides and names every address", () => {
  const box = readyBox(facts);
  expect(new Set(box.split("\n").map((line) => line.length)).size).toBe(1);
  for (const text of [
    "8081/",
    "/s/s1",
    "/console",
    "/docs",
    "/metrics",
    "/data/api-key",
    "admin@dropgate.internal",
    "abcde-fghjk",
    "Wed, 04 Mar 2026 12:00:00 GMT",
    "gateway-1",
    "2000",
    "Ctrl-C",
  ]) {
    expect(box).toContain(text);
  }
  const bare = readyBox({
    ...facts,
    shopUrl: null,
    saleId: null,
    shoppers: 0,
    apiKeyFile: null,
    firstAdmin: null,
  });
  expect(bare).not.toContain("Waiting room");
  expect(bare).not.toContain("simulated");
  expect(bare).not.toContain("sign in");
  const until = "2026-03-04T12:00:00.000Z";
  const late = readyBox({
    ...facts,
    firstAdmin: { email: "admin@dropgate.internal", password: null, until },
  });
  expect(late).toContain("npx pnpm operator reset-password --email admin@dropgate.internal");
  const lapsed = readyLine({
    ...facts,
    firstAdmin: { email: "admin@dropgate.internal", password: null, until },
  });
  expect(JSON.parse(lapsed)).toMatchObject({ firstAdmin: null, firstAdminUntil: until });
  expect(JSON.parse(readyLine({ ...facts, saleId: null }))).toMatchObject({ sale: null });
});

test("warnings and errors in the logs are told in words, the rest is left there", () => {
  expect(troubleIn("worker-1", '{"level":30,"msg":"fine"}')).toBeUndefined();
  expect(troubleIn("worker-1", '{"level":40,"msg":"late"}')).toBe("worker-1: warning: late");
  expect(troubleIn("worker-1", '{"level":50,"msg":"lost"}')).toBe("worker-1: error: lost");
  expect(troubleIn("shop", '{"level":"info","msg":"fine"}')).toBeUndefined();
  expect(troubleIn("shop", '{"level":"error","msg":"lost"}')).toBe("shop: error: lost");
  expect(troubleIn("worker-1", "TypeError: x")).toBe("worker-1: TypeError: x");
  expect(troubleIn("worker-1", "")).toBeUndefined();
});
