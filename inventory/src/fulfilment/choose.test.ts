import { orderSchema, planSchema } from "@dropgate/contracts/fulfilment";
import { describe, expect, test } from "vitest";
import { choosePlan } from "./choose.ts";
import {
  choose,
  DENVER,
  EAST,
  location,
  NOW,
  order,
  PRODUCTS,
  postalTable,
  product,
  rates,
  reasons,
  told,
  WEST,
} from "./choose-stage.ts";
import type { Stock } from "./model.ts";

describe("what is chosen", () => {
  test("the near location, in one shipment, with what it costs and when it comes", () => {
    const choice = choose(order({ shirt: 2, hat: 1 }), [EAST, WEST], {
      west: { shirt: 5, hat: 5 },
      east: { shirt: 5, hat: 5 },
    });
    expect(told(choice)).toEqual(["west: hat×1 shirt×2"]);
    if (!choice.ok) return;
    expect(planSchema.parse(choice.plan)).toEqual(choice.plan);
    expect(choice.plan.shipments[0]).toMatchObject({
      method: "standard",
      cost: { amount: 495 + 3 * 15, currency: "USD" },
      estimatedDelivery: "2026-01-14T20:00:00.000Z",
    });
    expect(choice.plan.alternatives[0]).toMatchObject({
      shipments: [{ locationId: "east" }],
      reason: "dearer_and_slower",
    });
  });

  test("one parcel from afar, where a second would cost more than it saves", () => {
    const shelves = { west: { shirt: 5 }, east: { shirt: 5, hat: 5 } };
    expect(told(choose(order({ shirt: 1, hat: 1 }, { costWeight: 1 }), [EAST, WEST], shelves))).toEqual([
      "east: hat×1 shirt×1",
    ]);
  });

  test("at weight 0 speed alone counts, at weight 1 cost alone", () => {
    const monday = location("monday", { operatingDays: [1] });
    const shelves = { monday: { shirt: 5 }, denver: { shirt: 5 } };
    const weights = (costWeight: number) =>
      told(choose(order({ shirt: 1 }, { costWeight }), [location("denver", DENVER), monday], shelves));
    expect(weights(1)).toEqual(["monday: shirt×1"]);
    expect(weights(0)).toEqual(["denver: shirt×1"]);
  });

  test("at weight 0 of two equally fast ones the cheaper, at weight 1 of two equally dear ones the faster", () => {
    const far = location("a-far", { coordinates: { lat: 47.66, lon: -117.43 } });
    const near = location("b-near", { coordinates: { lat: 45.52, lon: -122.68 } });
    const shelves = { "a-far": { shirt: 5 }, "b-near": { shirt: 5 } };
    expect(told(choose(order({ shirt: 1 }, { costWeight: 0 }), [far, near], shelves))).toEqual([
      "b-near: shirt×1",
    ]);
    const closed = location("a-closed", { operatingDays: [4] });
    const both = { "a-closed": { shirt: 5 }, west: { shirt: 5 } };
    expect(told(choose(order({ shirt: 1 }, { costWeight: 1 }), [closed, WEST], both))).toEqual([
      "west: shirt×1",
    ]);
  });

  test("of two equal plans the one with the lower id, bytewise, and the other is a tie", () => {
    const locations = ["b", "Z", "a"].map((id) => location(id));
    const choice = choose(order({ shirt: 1 }), locations, {
      a: { shirt: 5 },
      b: { shirt: 5 },
      Z: { shirt: 5 },
    });
    expect(told(choice)).toEqual(["Z: shirt×1"]);
    expect(choice.ok && choice.plan.alternatives.map(({ reason }) => reason)).toEqual(["tie", "tie"]);
  });
});

describe("one shipment, when asked for", () => {
  const shelves = { west: { shirt: 5 }, denver: { hat: 5 }, east: { shirt: 5, hat: 5 } };
  const locations = [WEST, EAST, location("denver", DENVER)];
  const asked = { shirt: 1, hat: 1 };

  test("is preferred though a split is better", () => {
    expect(told(choose(order(asked, { costWeight: 0 }), locations, shelves))).toHaveLength(2);
    const choice = choose(order(asked, { costWeight: 0, preferSingleShipment: true }), locations, shelves);
    expect(told(choice)).toEqual(["east: hat×1 shirt×1"]);
    expect(choice.ok && choice.plan.alternatives[0]?.reason).toBe("more_shipments");
  });

  test("is not kept when it misses the wanted date and a split does not", () => {
    const wanted = order(asked, { preferSingleShipment: true, requestedDeliveryDate: "2026-01-19" });
    expect(told(choose(wanted, locations, shelves))).toEqual(["denver: hat×1", "west: shirt×1"]);
  });

  test("is given up where nobody has all", () => {
    const parts = { west: { shirt: 5 }, east: { hat: 5 } };
    expect(told(choose(order(asked, { preferSingleShipment: true }), locations, parts))).toEqual([
      "east: hat×1",
      "west: shirt×1",
    ]);
  });
});

describe("stock", () => {
  test("a line is split only when no location has all of it", () => {
    const shelves = { west: { shirt: 3 }, east: { shirt: 5 } };
    expect(told(choose(order({ shirt: 5 }), [WEST, EAST], shelves))).toEqual(["east: shirt×5"]);
    expect(told(choose(order({ shirt: 7 }), [WEST, EAST], shelves))).toEqual([
      "east: shirt×4",
      "west: shirt×3",
    ]);
  });

  test("two lines of one SKU share a shelf", () => {
    const twice = {
      ...order({}),
      items: [
        { sku: "shirt", quantity: 3 },
        { sku: "shirt", quantity: 3 },
      ],
    };
    expect(told(choose(twice, [WEST, EAST], { west: { shirt: 5 }, east: { shirt: 9 } }))).toEqual([
      "east: shirt×6",
    ]);
    expect(told(choose(twice, [WEST], { west: { shirt: 5 } }))).toEqual(["INSUFFICIENT_STOCK"]);
  });

  test("what no shelf has is refused with what is missing, or waits when it may", () => {
    const shelves = { west: { shirt: 3, hat: 5 }, east: { shirt: 1 } };
    expect(choose(order({ shirt: 6, hat: 1 }), [WEST, EAST], shelves)).toMatchObject({
      ok: false,
      refusal: "INSUFFICIENT_STOCK",
      short: [{ sku: "shirt", requested: 6, available: 4 }],
    });
    const choice = choose(order({ shirt: 6, hat: 1 }, { allowBackorder: true }), [WEST, EAST], shelves);
    expect(told(choice)).toEqual(["east: shirt×1", "west: hat×1 shirt×3"]);
    expect(choice.ok && choice.plan.backorders).toEqual([{ sku: "shirt", quantity: 2 }]);
  });

  test("an order of nothing but back-orders has no shipment", () => {
    const choice = choose(order({ shirt: 2 }, { allowBackorder: true }), [WEST], {});
    expect(choice.ok && planSchema.parse(choice.plan)).toMatchObject({
      shipments: [],
      totalCost: { amount: 0 },
      backorders: [{ sku: "shirt", quantity: 2 }],
    });
  });

  test("what is not sellable, or was promised beyond what a count found, is no stock", () => {
    const facts = { products: PRODUCTS, locations: [WEST, EAST] };
    const shelf = { sku: "shirt", available: 9, sellable: false };
    const levels: Stock[] = [
      { ...shelf, locationId: "west" },
      { ...shelf, locationId: "east", available: -2, sellable: true },
    ];
    const choice = choosePlan(
      order({ shirt: 1 }),
      { ...facts, stock: levels },
      { now: NOW, postalTable, rates },
    );
    expect(choice).toMatchObject({ refusal: "INSUFFICIENT_STOCK", short: [{ available: 0 }] });
    expect(reasons(choice, "west", "shirt")).toEqual(["not_sellable"]);
    expect(reasons(choice, "east", "shirt")).toEqual(["out_of_stock"]);
  });
});

test("an unknown product is named", () => {
  expect(choose(order({ shirt: 1, boat: 1 }), [WEST], {})).toMatchObject({
    refusal: "UNKNOWN_PRODUCT",
    skus: ["boat"],
  });
});

test("SKUs are any text, and a prototype's names are no products", () => {
  const skus = ["a:b{c} d", "constructor", "__proto__", "日本", "😀"];
  const levels = skus.map((sku) => ({ sku, locationId: "west", available: 1, sellable: true }));
  const choice = choosePlan(
    { ...order({}), items: skus.map((sku) => ({ sku, quantity: 1 })) },
    { products: skus.map((sku) => product(sku)), locations: [WEST], stock: levels },
    { now: NOW, postalTable, rates },
  );
  expect(told(choice)).toEqual([
    `west: ${["__proto__", "a:b{c} d", "constructor", "日本", "😀"].map((sku) => `${sku}×1`).join(" ")}`,
  ]);
});

test("an order needs no more than its id, its items and where to", () => {
  const parsed = orderSchema.parse({
    orderId: "o",
    items: [{ sku: "shirt", quantity: 1 }],
    shipTo: { country: "US" },
  });
  expect(parsed).toMatchObject({ shippingSpeed: "standard", preferSingleShipment: false, costWeight: 0.5 });
  expect(orderSchema.safeParse({ ...parsed, shippingMethod: "x" }).success).toBe(false);
  expect(orderSchema.safeParse({ ...parsed, items: [] }).success).toBe(false);
});
