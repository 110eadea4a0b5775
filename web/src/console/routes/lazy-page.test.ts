import { expect, test } from "vitest";
import { loadPart, PartAway, type Surroundings } from "./lazy-page.ts";

const OLD = "/console/assets/console-old.js";
const page = (build: string) => `<script type="module" crossorigin src="${build}"></script>`;
const gone = () => Promise.reject(new TypeError("Failed to fetch dynamically imported module"));

function around(now: string | null, tried: string | null = null) {
  const reloads: string[] = [];
  const place: Surroundings = {
    build: OLD,
    pageNow: async () => now,
    triedFor: () => tried,
    reload(build) {
      reloads.push(build);
    },
  };
  return { place, reloads };
}

const nothingYet = <Value>(promise: Promise<Value>): Promise<Value | "nothing"> =>
  Promise.race([promise, new Promise<"nothing">((resolve) => setImmediate(() => resolve("nothing")))]);

test("a part that comes is the part, and nothing else is asked", async () => {
  const { place } = around(null);
  place.pageNow = () => Promise.reject(new Error("asked"));
  expect(await loadPart(async () => "part", place)).toBe("part");
});

test("after a deploy the console is loaded again, once", async () => {
  const first = around(page("/console/assets/console-new.js"));
  expect(await nothingYet(loadPart(gone, first.place))).toBe("nothing");
  expect(first.reloads).toEqual([OLD]);
  const again = around(page("/console/assets/console-new.js"), OLD);
  await expect(loadPart(gone, again.place)).rejects.toThrow(PartAway);
  expect(again.reloads).toEqual([]);
  // The next deploy is another one.
  const later = around(page("/console/assets/console-new.js"), "/console/assets/console-older.js");
  expect(await nothingYet(loadPart(gone, later.place))).toBe("nothing");
  expect(later.reloads).toEqual([OLD]);
});

test.each([
  ["the server has this very build", page(OLD)],
  ["there is no answer", null],
])("where %s, nothing is loaded again: it is said", async (_why, now) => {
  const { place, reloads } = around(now);
  await expect(loadPart(gone, place)).rejects.toThrow(PartAway);
  expect(reloads).toEqual([]);
});
