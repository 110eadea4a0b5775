// Products and locations in an operator's hands.
import { createHash } from "node:crypto";
import { locationSchema } from "@dropgate/contracts/location";
import { productSchema } from "@dropgate/contracts/product";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { aLocation, aProduct, pointersOf } from "../inventory/requests.ts";
import { BOOTSTRAP_KEY, openStage, type Stage, type Told } from "../stage.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({ redisUrl: inject("redisUrl"), databaseUrl: inject("databaseUrl") });
});
afterAll(() => stage.stop());

const admin = (
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Told> =>
  stage.call(method, `/api/v1/admin/${path}`, {
    bearer: BOOTSTRAP_KEY,
    headers,
    ...(body !== undefined && { body }),
  });
const gist = ({ status, body }: Told): [number, unknown] => [status, body["code"] ?? body["version"]];

/** Everything that a write could have touched. */
async function stored(): Promise<string> {
  const { rows } = await stage.database.truth.query<{ all: string }>(
    `SELECT concat((SELECT json_agg(p) FROM products p), (SELECT json_agg(l) FROM locations l),
       (SELECT count(*) FROM inventory_transactions)) AS all`,
  );
  return createHash("sha256")
    .update(rows[0]?.all ?? "")
    .digest("hex");
}

describe("products", () => {
  it("are added once, read, changed where something differs, each with its author in the ledger", async () => {
    const added = await admin("POST", "products", aProduct({ sku: "tee" }));
    expect(added.status).toBe(201);
    expect(productSchema.parse(added.body)).toMatchObject({ ...aProduct({ sku: "tee" }), preorder: false });
    expect(gist(await admin("POST", "products", aProduct({ sku: "tee" })))).toEqual([409, "PRODUCT_EXISTS"]);
    const changed = await admin("PATCH", "products/tee", {
      title: "Ünï",
      price: { amount: 5, currency: "USD" },
    });
    expect(changed.body).toMatchObject({
      title: "Ünï",
      price: { amount: 5, currency: "USD" },
      weightGrams: 200,
      version: 2,
    });
    expect((await admin("PATCH", "products/tee", { title: "Ünï" })).body["version"]).toBe(2);
    expect((await admin("GET", "products/tee")).body).toEqual(changed.body);
    const { body } = await admin("GET", "inventory/ledger?sku=tee");
    expect(body["items"]).toMatchObject([
      {
        type: "product.changed",
        sku: "tee",
        locationId: null,
        actor: "operator:bootstrap",
        data: { title: "Ünï", priceAmount: 5, priceCurrency: "USD" },
      },
      { type: "product.created", deltas: { onHand: 0 } },
    ]);
    expect(gist(await admin("GET", "products/none"))).toEqual([404, "PRODUCT_NOT_FOUND"]);
    expect(gist(await admin("PATCH", "products/none", {}))).toEqual([404, "PRODUCT_NOT_FOUND"]);
  });

  const odd = [
    "a:b",
    "{a}",
    "a/b/../c",
    "a b",
    "ä",
    "日本",
    "💡",
    "%41",
    "a?b#c&d=e+f",
    "a'\"\\b",
    "x".repeat(64),
  ];
  it("have any text as SKU, which stays what it is in the path, in queries and in lists", async () => {
    for (const sku of odd) {
      expect((await admin("POST", "products", aProduct({ sku }))).status).toBe(201);
      const path = `products/${encodeURIComponent(sku)}`;
      expect((await admin("GET", path)).body["sku"]).toBe(sku);
      expect((await admin("PATCH", path, { preorder: true })).body).toMatchObject({ sku, preorder: true });
      const ledger = await admin("GET", `inventory/ledger?sku=${encodeURIComponent(sku)}`);
      expect(ledger.body["items"]).toMatchObject([{ sku }, { sku }]);
    }
    const listed: string[] = [];
    let cursor = "";
    do {
      const { body } = await admin("GET", `products?limit=3${cursor}`);
      listed.push(...(body["items"] as { sku: string }[]).map(({ sku }) => sku));
      cursor = body["nextCursor"] === null ? "" : `&cursor=${String(body["nextCursor"])}`;
    } while (cursor !== "");
    const bytes = (sku: string): Buffer => Buffer.from(sku);
    expect(listed).toEqual([...odd, "tee"].toSorted((a, b) => bytes(a).compare(bytes(b))));
    expect(gist(await admin("GET", "products?cursor=x"))).toEqual([400, "INVALID_REQUEST"]);
  });

  const bad: [string, object, string][] = [
    ["an unknown field", { colour: "red" }, "/colour"],
    ["no SKU", { sku: "" }, "/sku"],
    ["a long SKU", { sku: "x".repeat(65) }, "/sku"],
    ["a control character", { sku: "a\nb" }, "/sku"],
    ["a zero byte", { title: "a\0b" }, "/title"],
    ["half a character", { sku: "a\ud800" }, "/sku"],
    ["a negative weight", { weightGrams: -1 }, "/weightGrams"],
    ["half a gram", { weightGrams: 1.5 }, "/weightGrams"],
    ["a weight beyond all", { weightGrams: 1e308 }, "/weightGrams"],
    ["a weight as text", { weightGrams: "1" }, "/weightGrams"],
    ["one side only", { dimensionsMm: { length: 1 } }, "/dimensionsMm/width"],
    ["a price of nothing's", { price: { amount: -1, currency: "EUR" } }, "/price/amount"],
    ["a currency by name", { price: { amount: 1, currency: "euro" } }, "/price/currency"],
    ["hazmat as a number", { hazmat: 1 }, "/hazmat"],
  ];
  for (const [name, over, pointer] of bad) {
    it(`${name} is refused by its name, and nothing changes`, async () => {
      const before = await stored();
      const told = await admin("POST", "products", { ...aProduct({ sku: "new" }), ...over });
      expect(gist(told)).toEqual([400, "INVALID_REQUEST"]);
      expect(pointersOf(told)).toContain(pointer);
      if (!("sku" in over)) {
        const patched = await admin("PATCH", "products/tee", over);
        expect([patched.status, pointersOf(patched).includes(pointer)]).toEqual([400, true]);
      }
      expect(await stored()).toBe(before);
    });
  }
});

describe("locations", () => {
  it("are added once, read, changed and listed", async () => {
    for (const id of ["berlin", "austin", "ledger"]) {
      const added = await admin("POST", "locations", aLocation({ id }));
      expect(added.status).toBe(201);
      expect(locationSchema.parse(added.body)).toMatchObject({ ...aLocation({ id }), currentUtilization: 0 });
    }
    const again = await admin("POST", "locations", aLocation({ id: "berlin" }));
    expect(gist(again)).toEqual([409, "LOCATION_EXISTS"]);
    const wmsUrl = "https://wms.example/events";
    const address = { postalCode: "1", country: "FR" };
    const changed = await admin("PATCH", "locations/berlin", { wmsUrl, address, operatingDays: [7, 1] });
    expect(changed.body).toMatchObject({ wmsUrl, operatingDays: [7, 1], version: 2, name: "A place" });
    expect(changed.body["address"]).toEqual(address);
    const without = await admin("PATCH", "locations/berlin", { wmsUrl: null });
    expect(without.body).not.toHaveProperty("wmsUrl");
    expect((await admin("GET", "locations/berlin")).body).toEqual(without.body);
    const first = await admin("GET", "locations?limit=2");
    const second = await admin("GET", `locations?limit=2&cursor=${String(first.body["nextCursor"])}`);
    expect(
      [first, second].flatMap(({ body }) => (body["items"] as { id: string }[]).map(({ id }) => id)),
    ).toEqual(["austin", "berlin", "ledger"]);
    expect(second.body["nextCursor"]).toBeNull();
    expect(gist(await admin("GET", "locations/none"))).toEqual([404, "LOCATION_NOT_FOUND"]);
    expect(gist(await admin("GET", "locations/no%20id"))).toEqual([404, "LOCATION_NOT_FOUND"]);
    const { body } = await admin("GET", "inventory/ledger?locationId=berlin");
    expect(body["items"]).toMatchObject([
      { type: "location.changed", data: { wmsUrl: null } },
      { type: "location.changed", data: { wmsUrl, country: "FR", operatingDays: [7, 1] } },
      { type: "location.created", locationId: "berlin", sku: null },
    ]);
  });

  const method = (over: object): object => ({
    shippingMethods: [{ method: "standard", cutoff: "17:00", ...over }],
  });
  const bad: [string, object, string][] = [
    ["an unknown field", { colour: "red" }, "/colour"],
    ["an id with a space", { id: "a b" }, "/id"],
    ["an unknown type", { type: "shed" }, "/type"],
    ["a place beyond the pole", { coordinates: { lat: 90.1, lon: 0 } }, "/coordinates/lat"],
    ["a place beyond all", { coordinates: { lat: 0, lon: 1e308 } }, "/coordinates/lon"],
    ["an unknown time zone", { timeZone: "Mars/Olympus" }, "/timeZone"],
    ["an offset", { timeZone: "+02:00" }, "/timeZone"],
    ["a cut-off after the day's end", method({ cutoff: "24:00" }), "/shippingMethods/0/cutoff"],
    ["a cut-off with one digit", method({ cutoff: "9:00" }), "/shippingMethods/0/cutoff"],
    ["an eighth day", { operatingDays: [1, 8] }, "/operatingDays/1"],
    ["a day twice", { operatingDays: [1, 1] }, "/operatingDays"],
    ["a region in small letters", { serviceRegions: ["us"] }, "/serviceRegions/0"],
    ["a region with both", { serviceRegions: ["US-WA:98"] }, "/serviceRegions/0"],
    ["an empty prefix", { serviceRegions: ["US:"] }, "/serviceRegions/0"],
    ["no capacity at all", { capacityPerDay: -1 }, "/capacityPerDay"],
    ["more used than there is", { currentUtilization: 1.1 }, "/currentUtilization"],
    ["an address that is no URL", { wmsUrl: "ftp://wms" }, "/wmsUrl"],
    ["a country by name", { address: { postalCode: "1", country: "Germany" } }, "/address/country"],
    ["half a character", { name: "\udc00" }, "/name"],
  ];
  for (const [name, over, pointer] of bad) {
    it(`${name} is refused by its name, and nothing changes`, async () => {
      const before = await stored();
      const told = await admin("POST", "locations", { ...aLocation({ id: "new" }), ...over });
      expect(gist(told)).toEqual([400, "INVALID_REQUEST"]);
      expect(pointersOf(told)).toContain(pointer);
      if (!("id" in over)) expect((await admin("PATCH", "locations/berlin", over)).status).toBe(400);
      expect(await stored()).toBe(before);
    });
  }

  it("a method twice is refused", async () => {
    const shippingMethods = ["08:00", "09:00"].map((cutoff) => ({ method: "standard", cutoff }));
    const told = await admin("POST", "locations", aLocation({ id: "new", shippingMethods }));
    expect(pointersOf(told)).toEqual(["/shippingMethods"]);
  });
});

describe("whoever adds", () => {
  it("may send it again under its key, and gets the same answer", async () => {
    const send = (title: string): Promise<Told> =>
      admin("POST", "products", aProduct({ sku: "once", title }), { "idempotency-key": "one" });
    const first = await send("A");
    expect(first.status).toBe(201);
    expect((await send("A")).text).toBe(first.text);
    expect(gist(await send("B"))).toEqual([409, "IDEMPOTENCY_MISMATCH"]);
    const { body } = await admin("GET", "inventory/ledger?sku=once");
    expect(body["items"]).toHaveLength(1);
  });

  it("must be an operator", async () => {
    const made = await admin("POST", "api-keys", { name: "shop", scopes: ["merchant"] });
    const bearer = String(made.body["key"]);
    const body = aProduct({ sku: "foreign" });
    expect(gist(await stage.call("POST", "/api/v1/admin/products", { bearer, body }))).toEqual([
      403,
      "FORBIDDEN",
    ]);
    expect(gist(await stage.call("POST", "/api/v1/admin/products", { body }))).toEqual([
      401,
      "UNAUTHENTICATED",
    ]);
    const operator = await admin("POST", "api-keys", { name: "op", scopes: ["operator"] });
    const added = await stage.call("POST", "/api/v1/admin/products", {
      bearer: String(operator.body["key"]),
      body,
    });
    expect(added.status).toBe(201);
    const ledger = await admin("GET", "inventory/ledger?sku=foreign");
    expect(ledger.body["items"]).toMatchObject([{ actor: `operator:${String(operator.body["id"])}` }]);
  });
});
