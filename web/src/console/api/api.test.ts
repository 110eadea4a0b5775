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

test("what is refused field by field is said in the sentence, whether or not the page has such a field", () => {
  const said = (errors: Trouble["errors"]) => sentenceOf(problem({ code: "INVALID_REQUEST", errors }));
  expect(said([{ pointer: "/shipTo/country", detail: "must be two letters" }])).toBe(
    "Some of it cannot be accepted. Ship to, country: must be two letters.",
  );
  expect(said([{ pointer: "/items/0/sku", detail: "is empty." }])).toContain("Items, no. 1, sku: is empty.");
  expect(said([{ pointer: "", detail: "no body" }])).toBe("Some of it cannot be accepted. No body.");
  const many = Array.from({ length: 5 }, (_none, i) => ({ pointer: `/f${i}`, detail: "is wrong" }));
  expect(said(many)).toMatch(/F2: is wrong\. And 2 more\.$/);
  expect(said([])).not.toContain("below");
});
