import { createHash, randomBytes } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { DrawList, drawOrder, placesOf } from "./draw-list.ts";
import { seedOf } from "./draw-seed.ts";

const noPause = (): Promise<void> => Promise.resolve();

function listOf(ids: readonly string[], pageSize = ids.length): DrawList {
  const list = new DrawList(0);
  for (let from = 0; from < ids.length; from += pageSize) {
    list.addLines(
      ids
        .slice(from, from + pageSize)
        .map((id) => `${id}\n`)
        .join(""),
    );
  }
  return list;
}

async function orderOf(ids: readonly string[], seed: Buffer): Promise<string[]> {
  const list = listOf(ids);
  return Array.from(await drawOrder(list, seed, noPause), (index) => list.idAt(index));
}

/** The format's own sentence: ascending by key, bytewise, then by id. */
function orderByTheFormat(ids: readonly string[], seed: Buffer): string[] {
  return ids
    .map((id) => ({ id, key: createHash("sha256").update(seed).update(id).digest() }))
    .toSorted((a, b) => Buffer.compare(a.key, b.key) || Buffer.compare(Buffer.from(a.id), Buffer.from(b.id)))
    .map(({ id }) => id);
}

const anId = fc.string({ minLength: 1, maxLength: 12 }).filter((id) => !id.includes("\n"));

test("the digest covers every id and its place, page by page or at once", () => {
  fc.assert(
    fc.property(fc.array(anId), fc.integer({ min: 1, max: 10 }), (ids, pageSize) => {
      const list = listOf(ids, pageSize);
      const text = ids.map((id) => `${id}\n`).join("");
      expect(list.digest()).toEqual(createHash("sha256").update(text).digest());
      expect(Array.from(ids, (_, i) => list.idAt(i))).toEqual(ids);
      expect(list.count).toBe(ids.length);
    }),
  );
});

test("the seed is bound to sale, bucket, list and beacon", () => {
  const secret = randomBytes(32);
  const digest = randomBytes(32);
  const seeds = [
    seedOf(secret, "s", 0, digest, null),
    seedOf(secret, "t", 0, digest, null),
    seedOf(secret, "s", 1, digest, null),
    seedOf(secret, "s", 0, randomBytes(32), null),
    seedOf(secret, "s", 0, digest, "b"),
    seedOf(randomBytes(32), "s", 0, digest, null),
  ].map((seed) => seed.toString("hex"));
  expect(new Set(seeds).size).toBe(seeds.length);
});

test("the order is the format's, the same whatever order the list came in, and holds each id once", async () => {
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(anId, { maxLength: 40 }), async (ids) => {
      const seed = Buffer.alloc(32, 7);
      const order = await orderOf(ids, seed);
      expect(order).toEqual(orderByTheFormat(ids, seed));
      expect(await orderOf(ids.toReversed(), seed)).toEqual(order);
    }),
  );
});

test("where the leading bits of keys are the same, the whole keys decide", async () => {
  const ids = Array.from({ length: 2_000 }, (_, i) => `entry-${i}`);
  const seed = createHash("sha256").update("a seed").digest();
  const list = listOf(ids);
  for (const leadingMax of [8, 13, 20]) {
    const order = await drawOrder(list, seed, noPause, leadingMax);
    expect(Array.from(order, (index) => list.idAt(index))).toEqual(orderByTheFormat(ids, seed));
  }
});

test("the same entry's whole key is compared when every leading bit is equal, and then its id", async () => {
  const seed = Buffer.alloc(32, 3);
  // The same id twice has the same key: the sort must end, and keep both.
  expect(await orderOf(["twin", "other", "twin"], seed)).toEqual(
    orderByTheFormat(["twin", "other", "twin"], seed),
  );
});

test("everything else runs in between", async () => {
  const list = listOf(Array.from({ length: 20_000 }, (_, i) => `entry-${i}`));
  let pauses = 0;
  await drawOrder(list, Buffer.alloc(32), () => {
    pauses++;
    return Promise.resolve();
  });
  expect(pauses).toBeGreaterThan(20);
});

test("each entry's place is where the order has it", async () => {
  const order = await drawOrder(
    listOf(Array.from({ length: 1_000 }, (_, i) => `e${i}`)),
    Buffer.alloc(32, 1),
    noPause,
  );
  const places = placesOf(order);
  expect(order.every((index, place) => places[index] === place)).toBe(true);
});

test("each place is equally likely to be first", async () => {
  const ids = ["a", "b", "c", "d"];
  const first = new Map<string, number>();
  for (let i = 0; i < 4000; i++) {
    const seed = createHash("sha256").update(String(i)).digest();
    const winner = (await orderOf(ids, seed))[0] as string;
    first.set(winner, (first.get(winner) ?? 0) + 1);
  }
  // Fixed seeds, so this is the same on every run: 1,000 each, within five standard deviations.
  for (const id of ids) expect(Math.abs((first.get(id) ?? 0) - 1000)).toBeLessThan(140);
});
