import { jwtVerify } from "jose";
import { expect, test } from "vitest";
import { signJwt } from "./people.ts";
import { readShopperSettings } from "./settings.ts";

test("the crowd's own word for a shopper is a JWT that any library verifies", async () => {
  const jwt = signJwt(
    { sub: "visitor-1", sale: "aurora" },
    { kid: "k1", secret: "a secret as it was given" },
    Date.now(),
  );
  const { payload, protectedHeader } = await jwtVerify(
    jwt,
    new TextEncoder().encode("a secret as it was given"),
  );
  expect(protectedHeader).toEqual({ alg: "HS256", kid: "k1" });
  expect(payload).toMatchObject({ sub: "visitor-1", sale: "aurora" });
});

test("settings that are wrong are named, with what was expected", () => {
  const read = readShopperSettings({ COUNT: "-1", SHOP_URL: "shop", SALE_ID: "" });
  expect(read).toEqual({
    ok: false,
    sentences: [
      "SALE_ID is not set: which sale do they come for?",
      'COUNT is "-1": a whole number from 1 to 1,000,000 was expected.',
      'SHOP_URL is "shop": an http(s) address was expected.',
    ],
  });
});
