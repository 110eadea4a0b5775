import { ENDPOINTS } from "@dropgate/contracts/endpoints";
import { REFUSALS } from "@dropgate/contracts/refusals";
import { expect, test } from "vitest";
import { addressOf, type Trouble } from "./call.ts";
import { CALLS, type CallName } from "./calls.ts";
import { faultsOf, sentenceOf } from "./problem.ts";

const problem = (more: Partial<Trouble>): Trouble => ({
  code: "WRONG_STATE",
  status: 409,
  title: "",
  detail: "",
  errors: [],
  retryAfterMs: null,
  ...more,
});

test("every call of the console is one of the contract", () => {
  for (const [name, line] of Object.entries(CALLS)) {
    const { method, path } = ENDPOINTS[name as CallName];
    expect(line).toBe(`${method} ${path}`);
  }
});

test("parameters and query are encoded, and what is empty is left out", () => {
  const query = { limit: 50, cursor: "", state: undefined, q: "a&b" };
  expect(addressOf("/x/{sku}/y", { sku: "a/b c" }, query)).toBe("/x/a%2Fb%20c/y?limit=50&q=a%26b");
});

test("every refusal is told in sentences without a code", () => {
  for (const [code, { status, title, detail }] of Object.entries(REFUSALS)) {
    const said = sentenceOf(problem({ code, status, title, detail }));
    expect(said, code).toMatch(/^[A-Z].*[.!?]$/);
    expect(said, code).not.toContain(code);
  }
});

test("who is slowed is told how long to wait", () => {
  expect(sentenceOf(problem({ code: "RATE_LIMITED", retryAfterMs: 2_100 }))).toBe(
    "Too many tries in a short time. Try again in 3 seconds.",
  );
  expect(sentenceOf(problem({ code: "BUSY", retryAfterMs: 400 }))).toContain("Try again in 1 second.");
});

test("what is wrong is told beside the field that it names", () => {
  const faults = faultsOf(problem({ errors: [{ pointer: "/schedule/opensAt", detail: "must lie ahead" }] }));
  expect(faults.get("/schedule/opensAt")).toBe("Must lie ahead.");
  expect(faultsOf(null).size).toBe(0);
});
