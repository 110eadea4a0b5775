// When a shop's key stops to count: what a gateway remembers of keys must not outlive their revocation.
import { generateKeyPairSync } from "node:crypto";
import { SHOPPER_KEYS_REREAD_MS, SHOPPER_KEYS_STALE_MS } from "@dropgate/contracts/limits";
import { deriveKey, Sealer } from "@dropgate/inventory/sealing";
import { Truth } from "@dropgate/sql";
import { insertShopperKey, revokeShopperKey } from "@dropgate/sql/keys/shopper-keys";
import { type TestDatabase, testDatabase } from "@dropgate/sql/template-database";
import { afterAll, afterEach, beforeAll, beforeEach, expect, inject, test, vi } from "vitest";
import { ShopperKeys } from "./shopper-keys.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase(inject("databaseUrl"));
});
afterAll(() => database.drop());
beforeEach(() => {
  vi.useFakeTimers({ toFake: ["performance"] });
});
afterEach(() => {
  vi.useRealTimers();
});

const sealer = new Sealer(deriveKey("a secret of the tests, of 32 or more characters", "seal"));
const errors: unknown[] = [];
const keysOf = (truth: Truth): ShopperKeys => new ShopperKeys(truth, sealer, (error) => errors.push(error));

async function register(kid: string): Promise<void> {
  const { publicKey } = generateKeyPairSync("ed25519");
  await insertShopperKey(database.truth, {
    kid,
    alg: "EdDSA",
    sealedSecret: null,
    publicJwk: { ...publicKey.export({ format: "jwk" }) },
    createdBy: "test",
  });
}

test("a key that is known is there at once, also while the keys are read again", async () => {
  await register("steady");
  const keys = keysOf(database.truth);
  expect(await keys.find("steady")).toMatchObject({ alg: "EdDSA" });
  expect(keys.find("steady")).not.toBeInstanceOf(Promise);
  vi.advanceTimersByTime(SHOPPER_KEYS_REREAD_MS + 1);
  expect(keys.find("steady")).not.toBeInstanceOf(Promise);
});

test("a key that was revoked elsewhere opens nothing after a quiet time, not even once", async () => {
  await register("leaked");
  const keys = keysOf(database.truth);
  expect(await keys.find("leaked")).not.toBeNull();
  await revokeShopperKey(database.truth, "leaked", "test");
  vi.advanceTimersByTime(SHOPPER_KEYS_STALE_MS + 1);
  expect(await Promise.all([keys.find("leaked"), keys.find("leaked")])).toEqual([null, null]);
});

test("a key that was revoked here opens nothing from then on, whatever was being read", async () => {
  await register("revoked");
  const keys = keysOf(database.truth);
  expect(await keys.find("revoked")).not.toBeNull();
  vi.advanceTimersByTime(SHOPPER_KEYS_REREAD_MS + 1);
  // Begins to read while the key is still good.
  expect(keys.find("revoked")).toMatchObject({ alg: "EdDSA" });
  await revokeShopperKey(database.truth, "revoked", "test");
  keys.forget();
  expect(await keys.find("revoked")).toBeNull();
});

test("while PostgreSQL is away the keys that are known go on counting, and only who comes first waits for it", async () => {
  await register("known");
  const truth = new Truth({ url: database.url, connectionsMax: 1 });
  const keys = keysOf(truth);
  expect(await keys.find("known")).not.toBeNull();
  await truth.close();
  vi.advanceTimersByTime(SHOPPER_KEYS_STALE_MS + 1);
  errors.length = 0;
  expect(await keys.find("known")).toMatchObject({ alg: "EdDSA" });
  expect(errors).toHaveLength(1);
  expect(keys.find("known")).not.toBeInstanceOf(Promise);
});

test.each<[how: string, toldOf: (keys: ShopperKeys) => void]>([
  ["elsewhere", () => vi.advanceTimersByTime(SHOPPER_KEYS_REREAD_MS + 1)],
  ["here", (keys) => keys.forget()],
])(
  "what PostgreSQL's absence excused is over with it: a key revoked %s opens nothing",
  async (how, toldOf) => {
    const kid = `outlived ${how}`;
    await register(kid);
    let isAway = false;
    const truth = {
      query: (text: string, values: unknown[]) =>
        isAway ? Promise.reject(new Error("away")) : database.truth.query(text, values),
    } as unknown as Truth;
    const keys = keysOf(truth);
    expect(await keys.find(kid)).not.toBeNull();
    vi.advanceTimersByTime(SHOPPER_KEYS_STALE_MS + 1);
    isAway = true;
    expect(await keys.find(kid)).not.toBeNull();
    isAway = false;
    await revokeShopperKey(database.truth, kid, "test");
    toldOf(keys);
    expect(await keys.find(kid)).toBeNull();
  },
);
