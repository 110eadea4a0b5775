// One statement at a time, whatever is asked for meanwhile.
import { expect, test } from "vitest";
import { ReadsTogether } from "./reads-together.ts";

function stage(): { reads: ReadsTogether<string>; asked: string[][]; answer: (() => void)[] } {
  const asked: string[][] = [];
  const answer: (() => void)[] = [];
  const reads = new ReadsTogether<string>(
    async (keys) => {
      asked.push([...keys]);
      await new Promise<void>((resolve) => answer.push(resolve));
      if (keys.includes("broken")) throw new Error("away");
      return new Map(keys.filter((key) => key !== "none").map((key) => [key, key.toUpperCase()]));
    },
    { batchMax: 3 },
  );
  return { reads, asked, answer };
}

test("what is asked for in one turn is one statement, each key once, and the next waits for its answer", async () => {
  const { reads, asked, answer } = stage();
  const first = Promise.all([reads.of("a"), reads.of("a"), reads.of("none")]);
  await new Promise(setImmediate);
  const second = Promise.all(["b", "c", "d", "e"].map((key) => reads.of(key)));
  await new Promise(setImmediate);
  expect(asked).toEqual([["a", "none"]]);
  answer[0]?.();
  expect(await first).toEqual(["A", "A", undefined]);
  await new Promise(setImmediate);
  expect(asked).toEqual([
    ["a", "none"],
    ["b", "c", "d"],
  ]);
  answer[1]?.();
  await new Promise(setImmediate);
  answer[2]?.();
  expect(await second).toEqual(["B", "C", "D", "E"]);
});

test("a statement that fails fails for those who waited for it, and for nobody after", async () => {
  const { reads, answer } = stage();
  const broken = [reads.of("broken"), reads.of("a")].map((one) => one.catch(String));
  await new Promise(setImmediate);
  answer[0]?.();
  expect(await Promise.all(broken)).toEqual(["Error: away", "Error: away"]);
  const later = reads.of("a");
  await new Promise(setImmediate);
  answer[1]?.();
  expect(await later).toBe("A");
});
