import { expect, test } from "vitest";
import { checkoutAddress } from "./checkout-address.ts";

test("the pass travels in the fragment, which no server sees", () => {
  expect(checkoutAddress("https://shop.example/pay?a=1#old", "a.b.c")).toBe(
    "https://shop.example/pay?a=1#pass=a.b.c",
  );
  expect(checkoutAddress("/checkout", "a.b.c")).toBe("/checkout#pass=a.b.c");
});

test.each(["javascript:alert(1)", "//evil.example/", "/\\evil.example", "data:text/html,x", "", undefined])(
  "an address that is none of the web's (%s) is no link",
  (address) => {
    expect(checkoutAddress(address, "a.b.c")).toBeNull();
  },
);

test("without a pass there is no way to the checkout yet", () => {
  expect(checkoutAddress("https://shop.example/pay", null)).toBeNull();
});
