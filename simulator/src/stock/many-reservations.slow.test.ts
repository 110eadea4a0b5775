// A thousand checkouts at once for stock that satisfies a third of them, against the real thing: two gateways and two
// workers. What fits is reserved, whole orders only, and the sums are right everywhere; also when a gateway is killed.
import { afterEach, expect, test } from "vitest";
import { House } from "../house.ts";

const ORDERS = 1_000;
const GROUPS = 4;
/** Of each SKU: a third of the orders that want it. */
const UNITS = 83;
const PLACES = ["p1", "p2", "p3", "p4", "p5"];
const AT_ONCE = 100;
const TRIES_MAX = 60;

let house: House | undefined;
afterEach(async () => {
  await house?.close();
  house = undefined;
});

interface Answer {
  status: number;
  body: Record<string, unknown>;
}

async function call(method: string, path: string, body?: unknown, key?: string): Promise<Answer> {
  if (!house) throw new Error("the house is closed");
  const answer = await fetch(`${house.url}/api/v1/${path}`, {
    method,
    headers: { authorization: `Bearer ${key ?? house.apiKey}`, "content-type": "application/json" },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(20_000),
  });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

const skusOf = (group: number): string[] => ["a", "b", "c"].map((letter) => `${letter}{${group}}: ü`);

async function stockUp(): Promise<void> {
  // Nobody approves a correction that they asked for themselves.
  const other = await call("POST", "admin/api-keys", { name: "approves", scopes: ["operator"] });
  for (const [i, id] of PLACES.entries()) {
    await call("POST", "admin/locations", {
      id,
      name: id,
      type: "warehouse",
      address: { postalCode: "10001", country: "US" },
      coordinates: { lat: 30 + 3 * i, lon: -80 - 8 * i },
      timeZone: "America/New_York",
      shippingMethods: [{ method: "standard", cutoff: "23:00" }],
      handles: { hazmat: true, oversized: true, refrigerated: true },
      serviceRegions: ["US"],
      operatingDays: [1, 2, 3, 4, 5, 6, 7],
      capacityPerDay: 1_000_000,
    });
  }
  for (const sku of Array.from({ length: GROUPS }, (_, group) => skusOf(group)).flat()) {
    await call("POST", "admin/products", {
      sku,
      title: sku,
      price: { amount: 1_000, currency: "USD" },
      weightGrams: 100,
      dimensionsMm: { length: 10, width: 10, height: 10 },
      hazmat: false,
      oversized: false,
      refrigerated: false,
    });
    for (const [i, locationId] of PLACES.entries()) {
      const delta = Math.floor(UNITS / PLACES.length) + (i < UNITS % PLACES.length ? 1 : 0);
      const asked = await call("POST", "admin/adjustments", { sku, locationId, delta, reason: "it came" });
      if (asked.status === 202)
        await call(
          "POST",
          `admin/adjustments/${String(asked.body["id"])}/approve`,
          {},
          String(other.body["key"]),
        );
    }
  }
}

type Fate = "reserved" | "refused";

/** Asks until there is an answer that stays: a shop does not give up at BUSY, nor when a connection breaks. */
async function reserve(order: number): Promise<Fate> {
  const body = {
    orderId: `order ${order}`,
    items: skusOf(order % GROUPS).map((sku) => ({ sku, quantity: 1 })),
    shipTo: { country: "US", postalCode: "98101" },
  };
  for (let tries = 0; tries < TRIES_MAX; tries++) {
    let answer: Answer | null = null;
    try {
      answer = await call("POST", "reservations", body);
    } catch {
      // The gateway died: whether it was reserved is not known, and the same order is asked for again.
    }
    if (answer?.status === 201 || answer?.status === 200) return "reserved";
    if (answer?.status === 409 && answer.body["code"] === "INSUFFICIENT_STOCK") return "refused";
    if (answer !== null && answer.status !== 503) throw new Error(JSON.stringify(answer));
    await new Promise((again) => setTimeout(again, 200 + Math.random() * 500));
  }
  throw new Error(`order ${order} has had no answer`);
}

async function reserveAll(
  from: number,
  count: number,
  onAnswer: (done: number) => void = () => {},
): Promise<Fate[]> {
  const fates: Fate[] = [];
  let next = from;
  const shop = async (): Promise<void> => {
    for (let order = next++; order < from + count; order = next++) {
      fates[order - from] = await reserve(order);
      onAnswer(fates.filter((fate) => fate !== undefined).length);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, shop));
  return fates;
}

/** The sums, as PostgreSQL, the hot store and the shop window have them. */
async function expectWhole(fates: readonly Fate[]): Promise<void> {
  const reserved = fates.flatMap((fate, order) => (fate === "reserved" ? [`order ${order}`] : []));
  const held = new Map<string, { sku: string; quantity: number }[]>();
  for (let cursor: string | null = ""; cursor !== null; ) {
    const { body } = await call(
      "GET",
      `admin/reservations?limit=200${cursor === "" ? "" : `&cursor=${cursor}`}`,
    );
    const { items, nextCursor } = body as unknown as {
      items: { orderId: string; state: string; lines: { sku: string; quantity: number }[] }[];
      nextCursor: string | null;
    };
    for (const { orderId, state, lines } of items) if (state === "active") held.set(orderId, lines);
    cursor = nextCursor;
  }
  expect([...held.keys()].toSorted()).toEqual(reserved.toSorted());
  for (const lines of held.values()) expect(lines.map(({ quantity }) => quantity)).toEqual([1, 1, 1]);
  for (let group = 0; group < GROUPS; group++) {
    for (const sku of skusOf(group)) {
      const { body } = await call("GET", `admin/inventory?sku=${encodeURIComponent(sku)}`);
      const levels = body["items"] as { reserved: number; available: number; onHand: number }[];
      const sum = (of: (level: (typeof levels)[number]) => number): number =>
        levels.reduce((all, each) => all + of(each), 0);
      const wanted = fates.filter((fate, order) => fate === "reserved" && order % GROUPS === group).length;
      expect([sku, sum(({ reserved }) => reserved)]).toEqual([sku, wanted]);
      for (const { available } of levels) expect(available).toBeGreaterThanOrEqual(0);
    }
  }
  expect((await call("GET", "admin/inventory/report")).body).toMatchObject({ ok: true });
  const { body } = await call("POST", "admin/reconciliations", {});
  await expect
    .poll(async () => (await call("GET", `admin/reconciliations/${String(body["id"])}`)).body, {
      timeout: 20_000,
    })
    .toMatchObject({ state: "done", differences: { proposed: 0 } });
}

test("a thousand at once: exactly what fits is reserved, whole orders only, and nobody waits in a circle", async () => {
  house = await House.open({ gateways: 2, workers: 2 });
  await stockUp();
  const fates = await reserveAll(0, ORDERS);
  expect(fates.filter((fate) => fate === "reserved")).toHaveLength(GROUPS * UNITS);
  await expectWhole(fates);
  const cart = await call("POST", "inventory/check", {
    items: skusOf(0).map((sku) => ({ sku, quantity: 1 })),
  });
  expect(cart.body).toMatchObject({
    ok: false,
    items: [{ available: "no" }, { available: "no" }, { available: "no" }],
  });
  await expect
    .poll(
      async () => {
        const shown = await call("GET", `products/${encodeURIComponent(skusOf(0)[0] ?? "")}/availability`);
        return shown.body["overallStatus"];
      },
      { timeout: 10_000 },
    )
    .toBe("out_of_stock");
});

test("the same with a gateway killed in the middle: each order is reserved once, or not at all", async () => {
  house = await House.open({ gateways: 2, workers: 2 });
  await stockUp();
  let isKilled = false;
  const processes = await house.processes();
  const victim = processes.find(({ name }) => name === "gateway-1");
  const fates = await reserveAll(0, ORDERS, (done) => {
    if (isKilled || done < 150 || victim === undefined) return;
    isKilled = true;
    process.kill(victim.pid, "SIGKILL");
  });
  expect(isKilled).toBe(true);
  await expectWhole(fates);
  // What the dead gateway was about to take is free again: whoever still wants it gets it, and no more than there is.
  const more = await reserveAll(ORDERS, ORDERS / 2);
  const all = [...fates, ...more];
  expect(all.filter((fate) => fate === "reserved")).toHaveLength(GROUPS * UNITS);
  await expectWhole(all);
});
