import { saleCreateSchema, salePatchSchema } from "@dropgate/contracts/sale";
import { expect, test } from "vitest";
import { bodyOf, type Draft, faultsOfChange, faultsOfDraft, fieldOf, newDraft, patchOf } from "./draft.ts";

const NOW = Date.parse("2026-03-01T12:10:00Z");
const draft = (more: Partial<Draft> = {}): Draft => ({
  ...newDraft(NOW),
  title: "Vase",
  sku: "VASE-1",
  ...more,
});

test("with a title and a SKU the defaults are a sale that the contract takes", () => {
  expect(faultsOfDraft(draft(), NOW)).toEqual({});
  const sale = saleCreateSchema.parse(bodyOf(draft()));
  expect(sale).toMatchObject({ title: "Vase", quantity: 100, admission: { ratePerSecond: 5, burst: 5 } });
  expect(sale.schedule.opensAt).toBe("2026-03-01T13:00:00.000Z");
});

test.each([
  [{ quantity: "0" }, "quantity", "A whole number from 1 to 1,000,000."],
  [{ quantity: "1.5" }, "quantity", "A whole number from 1 to 1,000,000."],
  [{ ratePerSecond: "-1" }, "ratePerSecond", "A number above 0, at most 1,000,000."],
  [{ ratePerSecond: "" }, "ratePerSecond", "A number above 0, at most 1,000,000."],
  [{ price: "49.999" }, "price", "A price like 49.90."],
  [{ price: "1.5", currency: "JPY" }, "price", "A price like 50."],
  [
    { checkoutUrl: "javascript:alert(1)" },
    "checkoutUrl",
    "An address like https://shop.example/item, or a path.",
  ],
  [{ drawAt: "2020-01-01T00:00" }, "drawAt", "The draw cannot be before the lobby opens."],
  [{ closesAt: "2020-01-01T00:00" }, "closesAt", "It has to close after it opens."],
  [{ opensAt: "" }, "opensAt", "A day and a time."],
] as const)("%o is told while typing", (more, field, fault) => {
  expect(faultsOfDraft(draft(more), NOW)[field]).toBe(fault);
});

test("a price is sent in minor units of its currency", () => {
  expect(bodyOf(draft({ price: "49.9" })).price).toEqual({ amount: 4_990, currency: "EUR" });
  expect(bodyOf(draft({ price: "49,90" })).price).toEqual({ amount: 4_990, currency: "EUR" });
  expect(bodyOf(draft({ price: "500", currency: "JPY" })).price).toEqual({ amount: 500, currency: "JPY" });
});

test("only what was changed is sent, so that a colleague's change to the rest stays", () => {
  const before = draft({ description: "Old", price: "5" });
  expect(patchOf(before, before)).toEqual({});
  const patch = patchOf(before, { ...before, title: "Bowl", description: "", closesAt: "2026-03-02T00:00" });
  expect(Object.keys(salePatchSchema.parse(patch)).toSorted()).toEqual(["description", "schedule", "title"]);
  expect(patch.description).toBeNull();
  expect(Object.keys(patch.schedule ?? {})).toEqual(["closesAt"]);
  expect(patchOf(before, { ...before, price: "" }).price).toBeNull();
});

test.each(["lobbyAt", "drawAt", "opensAt", "closesAt"] as const)(
  "a sale's %s that is emptied is not sent, and is told",
  (field) => {
    const before = draft();
    const emptied = draft({ [field]: "" });
    expect(patchOf(before, emptied)).toEqual({});
    expect(faultsOfChange(before, emptied, faultsOfDraft(emptied, NOW))[field]).toBe("A day and a time.");
    expect(patchOf(before, { ...emptied, title: "Bowl" })).toEqual({ title: "Bowl" });
  },
);

test("of a change only what was touched can be wrong", () => {
  const before = draft({ closesAt: "2020-01-01T00:00" });
  expect(faultsOfDraft(before, NOW)).toHaveProperty("closesAt");
  const changed = { ...before, title: "Bowl", price: "a lot" };
  expect(Object.keys(faultsOfChange(before, changed, faultsOfDraft(changed, NOW)))).toEqual(["price"]);
});

test("a rush has no draw to send", () => {
  const body = bodyOf(draft({ kind: "rush", drawAt: "" }));
  expect(body.schedule).not.toHaveProperty("drawAt");
  expect(faultsOfDraft(draft({ kind: "rush", drawAt: "" }), NOW)).toEqual({});
});

test("the server's faults stand beside the fields that they name", () => {
  expect(fieldOf("/schedule/opensAt")).toBe("opensAt");
  expect(fieldOf("/admission/ratePerSecond")).toBe("ratePerSecond");
  expect(fieldOf("/price/amount")).toBe("price");
  expect(fieldOf("/poolCount")).toBeNull();
});
