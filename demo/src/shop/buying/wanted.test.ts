import { expect, test } from "vitest";
import { isSame, readWanted } from "./wanted.ts";

const GOOD = { quantity: "2", name: " Ada Lovelace ", postalCode: "10001", country: "US" };
const read = (over: Record<string, string>) =>
  readWanted("AURORA-PAD", new URLSearchParams({ ...GOOD, ...over }));

test("a whole form is read, without the spaces around", () => {
  expect(read({})).toEqual({
    ok: true,
    wanted: { sku: "AURORA-PAD", quantity: 2, name: "Ada Lovelace", postalCode: "10001", country: "US" },
  });
  expect(read({ postalCode: "10001-1234" })).toMatchObject({ ok: true });
  expect(read({ country: "CA", postalCode: "K1A 0B1" })).toMatchObject({ ok: true });
});

test("one to five pieces, in digits", () => {
  for (const quantity of ["0", "6", "-1", "1.5", "1e0", "0x2", "", "many", "05"])
    expect(read({ quantity }), quantity).toEqual({ ok: false, code: "QUANTITY_WRONG" });
});

test("a name, a country of the list, and one of its postal codes", () => {
  for (const name of ["", "   ", "x".repeat(101), "a\u0007b"])
    expect(read({ name }), name).toEqual({ ok: false, code: "NAME_MISSING" });
  for (const postalCode of ["", "1000", "100011", "ABCDE", "10001 OR 1"])
    expect(read({ postalCode }), postalCode).toEqual({ ok: false, code: "POSTAL_CODE_WRONG" });
  expect(read({ country: "XX" })).toEqual({ ok: false, code: "COUNTRY_UNKNOWN" });
});

test("two orders are the same when every word is", () => {
  const wanted = { sku: "a", quantity: 1, name: "A", postalCode: "10001", country: "US" };
  expect(isSame(wanted, { ...wanted })).toBe(true);
  for (const over of [{ sku: "b" }, { quantity: 2 }, { name: "B" }, { postalCode: "1" }, { country: "DE" }])
    expect(isSame(wanted, { ...wanted, ...over })).toBe(false);
});
