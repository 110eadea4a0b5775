// A thousand checkouts at once for stock that satisfies a third of them, against the real thing: two gateways and two
// workers. What fits is reserved, whole orders only, and the sums are right everywhere; also when a gateway is killed.
// And a thousand where there is plenty, which goes another way, with gateway and PostgreSQL killed under it.
import { afterAll, beforeAll, expect, test } from "vitest";
import { House } from "../house.ts";

const ORDERS = 1_000;
const GROUPS = 4;
/** Of each SKU: a third of the orders that want it. */
const UNITS = 83;
/** Of each SKU at each place: more than is held in the hot store, or judged by itself. */
const PLENTY = 4_000;
const PLACES = ["p1", "p2", "p3", "p4", "p5"];
const AT_ONCE = 100;
const TRIES_MAX = 60;

let house: House;
beforeAll(async () => {
  house = await House.open({ gateways: 2, workers: 2 });
  await openPlaces();
}, 180_000);
afterAll(() => house?.close());

/** Whose stock and orders a test is about: those of another are other SKUs and orders in the same house. */
type Round = "first" | "killed" | "plenty";

interface Answer {
  status: number;
  body: Record<string, unknown>;
}

async function call(method: string, path: string, body?: unknown): Promise<Answer> {
  const answer = await fetch(`${house.url}/api/v1/${path}`, {
    method,
    headers: { authorization: `Bearer ${house.apiKey}`, "content-type": "application/json" },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(20_000),
  });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

const skusOf = (round: Round, group: number): string[] =>
  ["a", "b", "c"].map((letter) => `${letter}{${group}}: ü, ${round}`);
const orderOf = (round: Round, order: number): string => `${round} order ${order}`;

async function openPlaces(): Promise<void> {
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
}

async function stockUp(round: Round, units = UNITS): Promise<void> {
  for (const sku of Array.from({ length: GROUPS }, (_, group) => skusOf(round, group)).flat()) {
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
      const delta = Math.floor(units / PLACES.length) + (i < units % PLACES.length ? 1 : 0);
      const asked = await call("POST", "admin/adjustments", { sku, locationId, delta, reason: "it came" });
      if (asked.status === 202)
        await call("POST", `admin/adjustments/${String(asked.body["id"])}/approve`, {});
    }
  }
}

type Fate = "reserved" | "refused";

/** Asks until there is an answer that stays: a shop does not give up at BUSY, nor when a connection breaks. */
async function reserve(round: Round, order: number): Promise<Fate> {
  const body = {
    orderId: orderOf(round, order),
    items: skusOf(round, order % GROUPS).map((sku) => ({ sku, quantity: 1 })),
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
  throw new Error(`${orderOf(round, order)} has had no answer`);
}

async function reserveAll(
  round: Round,
  from: number,
  count: number,
  onAnswer: (done: number) => void = () => {},
): Promise<Fate[]> {
  const fates: Fate[] = [];
  let next = from;
  const shop = async (): Promise<void> => {
    for (let order = next++; order < from + count; order = next++) {
      fates[order - from] = await reserve(round, order);
      onAnswer(fates.filter((fate) => fate !== undefined).length);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, shop));
  return fates;
}

/** The sums, as PostgreSQL, the hot store and the shop window have them. */
async function expectWhole(round: Round, fates: readonly Fate[]): Promise<void> {
  const reserved = fates.flatMap((fate, order) => (fate === "reserved" ? [orderOf(round, order)] : []));
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
    for (const { orderId, state, lines } of items) {
      if (state === "active" && orderId.startsWith(`${round} `)) held.set(orderId, lines);
    }
    cursor = nextCursor;
  }
  expect([...held.keys()].toSorted()).toEqual(reserved.toSorted());
  for (const lines of held.values()) expect(lines.map(({ quantity }) => quantity)).toEqual([1, 1, 1]);
  for (let group = 0; group < GROUPS; group++) {
    for (const sku of skusOf(round, group)) {
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
  await stockUp("first");
  const fates = await reserveAll("first", 0, ORDERS);
  expect(fates.filter((fate) => fate === "reserved")).toHaveLength(GROUPS * UNITS);
  await expectWhole("first", fates);
  const cart = await call("POST", "inventory/check", {
    items: skusOf("first", 0).map((sku) => ({ sku, quantity: 1 })),
  });
  expect(cart.body).toMatchObject({
    ok: false,
    items: [{ available: "no" }, { available: "no" }, { available: "no" }],
  });
  await expect
    .poll(
      async () => {
        const shown = await call(
          "GET",
          `products/${encodeURIComponent(skusOf("first", 0)[0] ?? "")}/availability`,
        );
        return shown.body["overallStatus"];
      },
      { timeout: 10_000 },
    )
    .toBe("out_of_stock");
});

test("the same with a gateway killed in the middle: each order is reserved once, or not at all", async () => {
  await stockUp("killed");
  let isKilled = false;
  const processes = await house.processes();
  const victim = processes.find(({ name }) => name === "gateway-1");
  const fates = await reserveAll("killed", 0, ORDERS, (done) => {
    if (isKilled || done < 150 || victim === undefined) return;
    isKilled = true;
    process.kill(victim.pid, "SIGKILL");
  });
  expect(isKilled).toBe(true);
  await expectWhole("killed", fates);
  // What the dead gateway was about to take is free again: whoever still wants it gets it, and no more than there is.
  const more = await reserveAll("killed", ORDERS, ORDERS / 2);
  const all = [...fates, ...more];
  expect(all.filter((fate) => fate === "reserved")).toHaveLength(GROUPS * UNITS);
  await expectWhole("killed", all);
});

test("a thousand for what there is plenty of, gateway and PostgreSQL killed on the way: each is reserved once", async () => {
  await stockUp("plenty", PLENTY * PLACES.length);
  const strikes = [
    { at: 150, name: "gateway-2" },
    { at: 500, name: "postgres" },
  ];
  const struck: Promise<void>[] = [];
  const strike = async (name: string): Promise<void> => {
    process.kill((await house.process(name)).pid, "SIGKILL");
  };
  const fates = await reserveAll("plenty", 0, ORDERS, (done) => {
    const [next] = strikes;
    if (next === undefined || done < next.at) return;
    strikes.shift();
    struck.push(strike(next.name));
  });
  await Promise.all(struck);
  expect(struck).toHaveLength(2);
  expect(fates).toEqual(Array.from({ length: ORDERS }, () => "reserved"));
  await expectWhole("plenty", fates);
});
