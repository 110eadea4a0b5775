import { createHash, randomBytes } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { ListDigest, orderOf, seedOf } from "./draw-order.ts";

test("the digest covers every id and its place, page by page or at once", () => {
  const digest = new ListDigest();
  for (const id of ["a", "b"]) digest.add(id);
  expect(digest.finish().toString("hex")).toBe(createHash("sha256").update("a\nb\n").digest("hex"));
  expect(digest.count).toBe(2);
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

test("the order is the same whatever order the list came in, and holds each id once", () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.string({ minLength: 1 }), { maxLength: 40 }), (ids) => {
      const seed = Buffer.alloc(32, 7);
      const order = orderOf(seed, ids);
      expect(order.toSorted()).toEqual(ids.toSorted());
      expect(orderOf(seed, ids.toReversed())).toEqual(order);
    }),
  );
});

test("each place is equally likely to be first", () => {
  const ids = ["a", "b", "c", "d"];
  const first = new Map<string, number>();
  for (let i = 0; i < 4000; i++) {
    const seed = createHash("sha256").update(String(i)).digest();
    const winner = orderOf(seed, ids)[0] as string;
    first.set(winner, (first.get(winner) ?? 0) + 1);
  }
  // Fixed seeds, so this is the same on every run: 1,000 each, within five standard deviations.
  for (const id of ids) expect(Math.abs((first.get(id) ?? 0) - 1000)).toBeLessThan(140);
});
