import type { PassClaims } from "@dropgate/client/server";
import { expect, test } from "vitest";
import { judgePass, type Owner } from "./pass.ts";

const claims: PassClaims = {
  holdId: "h1",
  saleId: "sale",
  subject: "ada",
  sku: "console",
  unit: 37,
  issuedAt: 1_000,
  expiresAt: 2_000,
};
const merchants = { id: "sale", sku: "console", identity: "merchant" } as const;
const anonymous = { ...merchants, identity: "anonymous" } as const;
const isCustomer = (subject: string): boolean => subject === "ada" || subject === "alan";
const ada = { session: "s-ada", customer: "ada" };
const alan = { session: "s-alan", customer: "alan" };
const nobody = { session: "s-1", customer: null };

test("in a sale for customers a pass counts for its own customer, on any device", () => {
  const owner: Owner = { kind: "customer", customer: "ada" };
  expect(judgePass(claims, merchants, ada, null, isCustomer)).toEqual({ ok: true, owner });
  expect(judgePass(claims, merchants, { ...ada, session: "phone" }, owner, isCustomer)).toEqual({
    ok: true,
    owner,
  });
});

test("a stolen pass buys nothing: not for another customer, and not for nobody", () => {
  expect(judgePass(claims, merchants, alan, null, isCustomer)).toEqual({
    ok: false,
    refusal: "PASS_OF_ANOTHER_CUSTOMER",
  });
  expect(judgePass(claims, merchants, nobody, null, isCustomer)).toEqual({
    ok: false,
    refusal: "SIGN_IN_FIRST",
  });
  expect(judgePass(claims, anonymous, alan, null, isCustomer)).toEqual({
    ok: false,
    refusal: "PASS_OF_ANOTHER_CUSTOMER",
  });
  const stranger = { ...claims, subject: "not-a-customer" };
  expect(judgePass(stranger, merchants, ada, null, isCustomer)).toEqual({
    ok: false,
    refusal: "PASS_OF_ANOTHER_CUSTOMER",
  });
});

test("an anonymous place's pass is kept by the first browser that brings it", () => {
  const cookie = { ...claims, subject: "3q2-7wAAAAAAAAAAAAAAAA" };
  const owner: Owner = { kind: "session", session: "s-1" };
  expect(judgePass(cookie, anonymous, nobody, null, isCustomer)).toEqual({ ok: true, owner });
  expect(judgePass(cookie, anonymous, nobody, owner, isCustomer)).toEqual({ ok: true, owner });
  const other = { session: "s-2", customer: null };
  expect(judgePass(cookie, anonymous, other, owner, isCustomer)).toEqual({
    ok: false,
    refusal: "PASS_USED_ELSEWHERE",
  });
});

test("a pass for another sale, or for another thing, is none here", () => {
  for (const sale of [
    { ...merchants, id: "other" },
    { ...merchants, sku: "socks" },
  ]) {
    expect(judgePass(claims, sale, ada, null, isCustomer)).toEqual({
      ok: false,
      refusal: "PASS_OF_ANOTHER_SALE",
    });
  }
});
