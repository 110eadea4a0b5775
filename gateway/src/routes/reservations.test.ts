// Ordinary checkouts from outside: reserve, pay, confirm, give back, cancel, on real stores with a real worker.
import type { Location } from "@dropgate/contracts/location";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { BOOTSTRAP_KEY, openStage, type Stage, type Told } from "../stage.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await openStage(
    { redisUrl: inject("redisUrl"), databaseUrl: inject("databaseUrl") },
    { RESERVATION_WINDOW_SECONDS: "600", RESERVATION_DEMAND_WINDOW_SECONDS: "300" },
  );
  await stage.worker();
  await addLocation("seattle", { lat: 47.61, lon: -122.33 });
  await addLocation("newark", { lat: 40.73, lon: -74.17 });
});
afterAll(() => stage.stop());

const call = (
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Told> =>
  stage.call(method, `/api/v1/${path}`, {
    bearer: BOOTSTRAP_KEY,
    headers,
    ...(body === undefined ? {} : { body }),
  });

async function addLocation(id: string, coordinates: { lat: number; lon: number }): Promise<void> {
  const location: Partial<Location> = {
    id,
    name: id,
    type: "warehouse",
    address: { postalCode: "98101", country: "US" },
    coordinates,
    timeZone: "America/Los_Angeles",
    shippingMethods: [{ method: "standard", cutoff: "17:00" }],
    handles: { hazmat: true, oversized: true, refrigerated: true },
    serviceRegions: ["US"],
    operatingDays: [1, 2, 3, 4, 5, 6, 7],
    capacityPerDay: 1_000,
  };
  expect((await call("POST", "admin/locations", location)).status).toBe(201);
}

async function stock(sku: string, shelves: Record<string, number>, currency = "USD"): Promise<void> {
  const product = {
    sku,
    title: sku,
    price: { amount: 1_000, currency },
    weightGrams: 100,
    dimensionsMm: { length: 100, width: 100, height: 100 },
    hazmat: false,
    oversized: false,
    refrigerated: false,
  };
  expect((await call("POST", "admin/products", product)).status).toBe(201);
  for (const [locationId, delta] of Object.entries(shelves)) {
    const asked = await call("POST", "admin/adjustments", { sku, locationId, delta, reason: "it came" });
    if (asked.status === 202) await stage.approve(String(asked.body["id"]));
  }
}

let orders = 0;
const order = (
  items: Record<string, number>,
  over: Record<string, unknown> = {},
): Record<string, unknown> => ({
  orderId: `order ${++orders}/ü`,
  items: Object.entries(items).map(([sku, quantity]) => ({ sku, quantity })),
  shipTo: { country: "US", postalCode: "98101" },
  ...over,
});
type View = {
  id: string;
  state: string;
  expiresAt: string;
  lines: { locationId: string; quantity: number }[];
};
const reservationOf = (told: Told): View => told.body["reservation"] as View;

async function level(sku: string, locationId: string): Promise<Record<string, unknown>> {
  const told = await call("GET", `admin/inventory?sku=${encodeURIComponent(sku)}&locationId=${locationId}`);
  return (told.body["items"] as Record<string, unknown>[])[0] ?? {};
}

describe("an order", () => {
  it("is held at the best location, paid, confirmed, and the warehouse is asked to pick it", async () => {
    const sku = "tee: {1}/ü";
    await stock(sku, { seattle: 10, newark: 10 });
    const asked = order({ [sku]: 3 });
    // The first of all: while the gateway still warms up it may be BUSY, and is asked again.
    const made = await stage.until(async () => {
      const told = await call("POST", "reservations", asked);
      return told.status === 503 ? null : told;
    });
    expect([200, 201]).toContain(made.status);
    const { id, expiresAt } = reservationOf(made);
    expect(made.body).toMatchObject({
      reservation: {
        orderId: asked["orderId"],
        state: "active",
        lines: [{ sku, quantity: 3, locationId: "seattle", picked: 0 }],
        backorders: [],
      },
      plan: { shipments: [{ locationId: "seattle", lines: [{ sku, quantity: 3 }], method: "standard" }] },
    });
    expect(await level(sku, "seattle")).toMatchObject({
      onHand: 10,
      reserved: 3,
      allocated: 0,
      available: 7,
    });

    const again = await call("POST", "reservations", asked);
    expect([again.status, reservationOf(again).id]).toEqual([200, id]);

    const paid = await call("POST", `reservations/${id}/payment`, {});
    expect(reservationOf(paid).state).toBe("pending");
    expect(Date.parse(reservationOf(paid).expiresAt) - Date.parse(expiresAt)).toBe(300_000);
    expect(reservationOf(await call("POST", `reservations/${id}/payment`, {})).expiresAt).toBe(
      reservationOf(paid).expiresAt,
    );

    const confirmed = await call("POST", `reservations/${id}/confirm`, {});
    expect(reservationOf(confirmed).state).toBe("allocated");
    expect(reservationOf(await call("POST", `reservations/${id}/confirm`, {})).state).toBe("allocated");
    expect(await level(sku, "seattle")).toMatchObject({
      onHand: 10,
      reserved: 0,
      allocated: 3,
      available: 7,
    });
    const outbox = await call("GET", "admin/wms/outbox");
    expect(JSON.stringify(outbox.body)).toContain(String(asked["orderId"]));
    const story = await call("GET", `admin/reservations/${id}`);
    expect((story.body["story"] as { type: string }[]).map(({ type }) => type)).toEqual([
      "reservation.reserved",
      "reservation.payment",
      "reservation.allocated",
      "warehouse.asked",
    ]);
  });

  it("of several lines is held whole or not at all", async () => {
    await stock("whole a", { seattle: 5 });
    await stock("whole b", { newark: 1 });
    const refused = await call("POST", "reservations", order({ "whole a": 2, "whole b": 2 }));
    expect([refused.status, refused.body["code"]]).toEqual([409, "INSUFFICIENT_STOCK"]);
    expect(refused.body["errors"]).toMatchObject([{ pointer: "/items/1/sku" }]);
    expect(await level("whole a", "seattle")).toMatchObject({ reserved: 0 });
    const held = await call("POST", "reservations", order({ "whole a": 2, "whole b": 1 }));
    expect(
      reservationOf(held)
        .lines.map(({ locationId }) => locationId)
        .toSorted(),
    ).toEqual(["newark", "seattle"]);
  });

  it("names a SKU in two lines as one, and asks for what there is of it", async () => {
    await stock("twice", { seattle: 3 });
    const asked = order({ twice: 2 });
    const items = [
      { sku: "twice", quantity: 2 },
      { sku: "twice", quantity: 1 },
    ];
    const held = await call("POST", "reservations", { ...asked, items });
    expect(reservationOf(held).lines).toMatchObject([{ quantity: 3 }]);
    const more = await call("POST", "reservations", order({ twice: 1 }));
    expect(more.body["code"]).toBe("INSUFFICIENT_STOCK");
  });

  it("that is asked for in other words is ORDER_EXISTS, also when nothing is left", async () => {
    await stock("words", { seattle: 2 });
    const asked = order({ words: 2 });
    const made = await call("POST", "reservations", asked);
    expect(made.status).toBe(201);
    const other = await call("POST", "reservations", { ...asked, items: [{ sku: "words", quantity: 1 }] });
    expect([other.status, other.body["code"]]).toEqual([409, "ORDER_EXISTS"]);
    // Nothing is left of it, and the same words have the same answer.
    const again = await call("POST", "reservations", asked);
    expect([again.status, reservationOf(again).id]).toEqual([200, reservationOf(made).id]);
  });

  it("that was given back is never answered as if it were held", async () => {
    await stock("back", { seattle: 2 });
    const asked = order({ back: 2 });
    const first = reservationOf(await call("POST", "reservations", asked));
    const released = await call("POST", `reservations/${first.id}/release`, { reason: "left" });
    expect(reservationOf(released).state).toBe("released");
    expect(reservationOf(await call("POST", `reservations/${first.id}/release`, {})).state).toBe("released");
    expect((await call("POST", `reservations/${first.id}/confirm`, {})).body["code"]).toBe("WRONG_STATE");
    const second = await call("POST", "reservations", asked);
    expect(second.status).toBe(201);
    expect(reservationOf(second).id).not.toBe(first.id);
    const third = await call("POST", "reservations", order({ back: 1 }));
    expect(third.body["code"]).toBe("INSUFFICIENT_STOCK");
  });

  it("is cancelled until any of it is picked", async () => {
    await stock("cancelled", { seattle: 4 });
    const confirm = async (): Promise<string> => {
      const { id } = reservationOf(await call("POST", "reservations", order({ cancelled: 2 })));
      await call("POST", `reservations/${id}/confirm`, {});
      return id;
    };
    const one = await confirm();
    const cancelled = await call("POST", `reservations/${one}/cancel`, { reason: "changed their mind" });
    expect(cancelled.body).toMatchObject({
      reservation: { state: "cancelled", reason: "changed their mind" },
    });
    expect(await level("cancelled", "seattle")).toMatchObject({ allocated: 0, available: 4 });
    const two = await confirm();
    await stage.database.truth.query("UPDATE reservation_lines SET picked = 1 WHERE reservation_id = $1", [
      two,
    ]);
    const refused = await call("POST", `reservations/${two}/cancel`, {});
    expect([refused.status, refused.body["code"]]).toEqual([409, "WRONG_STATE"]);
    await stage.database.truth.query("UPDATE reservation_lines SET picked = 0 WHERE reservation_id = $1", [
      two,
    ]);
  });

  it("waits for what no shelf has, if it may", async () => {
    await stock("awaited", { seattle: 1 });
    const held = await call("POST", "reservations", order({ awaited: 3 }, { allowBackorder: true }));
    expect(held.body).toMatchObject({
      reservation: {
        lines: [{ quantity: 1 }],
        backorders: [{ sku: "awaited", quantity: 2, filled: 0, state: "open" }],
      },
    });
    const { id } = reservationOf(held);
    const released = await call("POST", `reservations/${id}/release`, {});
    expect(released.body).toMatchObject({ reservation: { backorders: [{ state: "cancelled" }] } });
  });

  it("sent again under its key happens once, and a refusal is kept too", async () => {
    await stock("keyed", { seattle: 2 });
    const headers = { "idempotency-key": "reserve once" };
    const asked = order({ keyed: 1 });
    const [first, second] = [
      await call("POST", "reservations", asked, headers),
      await call("POST", "reservations", asked, headers),
    ];
    expect([first.status, second.status, second.text]).toEqual([201, 201, first.text]);
    const none = order({ keyed: 5 });
    const key = { "idempotency-key": "refuse once" };
    const refused = await call("POST", "reservations", none, key);
    expect(refused.status).toBe(409);
    await stock("keyed more", { seattle: 9 });
    expect((await call("POST", "reservations", none, key)).text).toBe(refused.text);
  });
});

describe("a window", () => {
  it("is shorter where more than half of a level is in checkouts", async () => {
    await stock("wanted", { seattle: 10 });
    const windowOf = async (quantity: number): Promise<number> => {
      const told = await call("POST", "reservations", order({ wanted: quantity }));
      const { createdAt, expiresAt } = told.body["reservation"] as { createdAt: string; expiresAt: string };
      return Math.round((Date.parse(expiresAt) - Date.parse(createdAt)) / 1_000);
    };
    expect(await windowOf(5)).toBe(600);
    expect(await windowOf(1)).toBe(300);
  });

  it("that is over ends it, gives its stock back, and a late confirm takes it once more if it is there", async () => {
    await stock("late", { seattle: 1, newark: 1 });
    const asked = order({ late: 1 });
    const { id, lines } = reservationOf(await call("POST", "reservations", asked));
    expect(lines).toMatchObject([{ locationId: "seattle" }]);
    const { truth } = stage.database;
    const expire = (): Promise<unknown> =>
      truth.query("UPDATE reservations SET expires_at = clock_timestamp() WHERE id = $1", [id]);
    await expire();
    await stage.until(async () =>
      reservationOf(await call("GET", `reservations/${id}`)).state === "expired" ? true : null,
    );
    expect(await level("late", "seattle")).toMatchObject({ reserved: 0 });
    // Somebody else has one of them by now.
    const other = reservationOf(await call("POST", "reservations", order({ late: 1 })));
    const left = other.lines[0]?.locationId === "seattle" ? "newark" : "seattle";
    const confirmed = await call("POST", `reservations/${id}/confirm`, {});
    expect(confirmed.body).toMatchObject({
      reservation: {
        state: "allocated",
        replaces: id,
        orderId: asked["orderId"],
        lines: [{ locationId: left }],
      },
    });
    const again = await call("POST", `reservations/${id}/confirm`, {});
    expect(reservationOf(again).id).toBe(reservationOf(confirmed).id);

    const { id: unlucky } = await (async () => {
      await stock("too late", { seattle: 1 });
      return reservationOf(await call("POST", "reservations", order({ "too late": 1 })));
    })();
    await truth.query("UPDATE reservations SET expires_at = clock_timestamp() WHERE id = $1", [unlucky]);
    await stage.until(async () =>
      (await call("POST", "reservations", order({ "too late": 1 }))).status === 201 ? true : null,
    );
    const refused = await call("POST", `reservations/${unlucky}/confirm`, {});
    expect([refused.status, refused.body["code"]]).toEqual([409, "HOLD_EXPIRED"]);
  });
});

describe("bad orders", () => {
  it.each([
    ["no items", { items: [] }, "INVALID_REQUEST"],
    ["a quantity of 0", { items: [{ sku: "good", quantity: 0 }] }, "INVALID_REQUEST"],
    ["a negative quantity", { items: [{ sku: "good", quantity: -1 }] }, "INVALID_REQUEST"],
    ["half a piece", { items: [{ sku: "good", quantity: 0.5 }] }, "INVALID_REQUEST"],
    ["more than there can be", { items: [{ sku: "good", quantity: 1e9 + 1 }] }, "INVALID_REQUEST"],
    ["an empty SKU", { items: [{ sku: "", quantity: 1 }] }, "INVALID_REQUEST"],
    ["a SKU that is too long", { items: [{ sku: "x".repeat(65), quantity: 1 }] }, "INVALID_REQUEST"],
    ["a control character", { items: [{ sku: "a\u0007", quantity: 1 }] }, "INVALID_REQUEST"],
    ["a field that nobody knows", { gratis: true }, "INVALID_REQUEST"],
    ["an unknown SKU", { items: [{ sku: "unheard of", quantity: 1 }] }, "PRODUCT_NOT_FOUND"],
    ["a wanted date that is past", { requestedDeliveryDate: "2020-01-01" }, "WANTED_DATE_PAST"],
    ["an address that nobody serves", { shipTo: { country: "DE", postalCode: "10115" } }, "NO_ROUTE"],
    ["a speed that nobody offers", { shippingSpeed: "same_day" }, "NO_ROUTE"],
    [
      "two currencies",
      {
        items: [
          { sku: "good", quantity: 1 },
          { sku: "euro", quantity: 1 },
        ],
      },
      "MIXED_CURRENCIES",
    ],
  ])("%s: refused, with nothing held", async (_name, over, code) => {
    if ((await call("GET", "admin/products/good")).status === 404) {
      await stock("good", { seattle: 5 });
      await stock("euro", { seattle: 5 }, "EUR");
    }
    for (const path of ["reservations", "fulfilment/plans"]) {
      const refused = await call("POST", path, order({ good: 1 }, over));
      expect([path, refused.body["code"]]).toEqual([path, code]);
      expect(refused.status).toBeLessThan(500);
    }
    expect(await level("good", "seattle")).toMatchObject({ reserved: 0 });
  });

  it("a reservation that is not there, and a caller without a key", async () => {
    for (const act of ["payment", "confirm", "release", "cancel"]) {
      expect((await call("POST", `reservations/none/${act}`, {})).body["code"]).toBe("RESERVATION_NOT_FOUND");
    }
    expect((await call("GET", "reservations/none")).status).toBe(404);
    expect((await stage.call("POST", "/api/v1/reservations", { body: order({ good: 1 }) })).status).toBe(401);
  });
});

it("a plan is shown without holding anything, with runners-up and why they lost", async () => {
  await stock("planned", { seattle: 2, newark: 2 });
  const told = await call("POST", "fulfilment/plans", order({ planned: 1 }));
  expect(told.body).toMatchObject({
    plan: {
      shipments: [{ locationId: "seattle" }],
      alternatives: [{ shipments: [{ locationId: "newark" }], reason: expect.any(String) }],
    },
  });
  expect(await level("planned", "seattle")).toMatchObject({ reserved: 0 });
});

it("levels are the sum of their ledger after all of it, and promises are the orders'", async () => {
  expect((await call("GET", "admin/inventory/report")).body).toMatchObject({ ok: true });
  const asked = await call("POST", "admin/reconciliations", {});
  const done = await stage.until(async () => {
    const { body } = await call("GET", `admin/reconciliations/${String(asked.body["id"])}`);
    return body["state"] === "done" ? body : null;
  });
  expect(done["differences"]).toMatchObject({ proposed: 0 });
});
