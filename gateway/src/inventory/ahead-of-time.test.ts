// What everybody reads: one making at a time, nobody who waits for a renewal, and nothing older than it may be.
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { AheadOfTime } from "./ahead-of-time.ts";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout"] });
});
afterEach(() => {
  vi.useRealTimers();
});

function stage(keptMax = 10) {
  const clock = { ms: 0 };
  const makings: { resolve: (value: string) => void; reject: (error: Error) => void }[] = [];
  const ahead = new AheadOfTime<string>({
    keepMs: 100,
    keptMax,
    nowMs: () => clock.ms,
    // Renewed from 75 on.
    random: () => 0.5,
  });
  const ask = (name = "a"): Promise<string> =>
    ahead.of(name, () => new Promise((resolve, reject) => makings.push({ resolve, reject })));
  /** Renewals have waited for others: a twenty-fifth of 100 ms. */
  const renewed = (): void => {
    vi.advanceTimersByTime(4);
  };
  return { clock, makings, ask, renewed };
}

test("many who ask wait for one making, and later ones have its answer", async () => {
  const { makings, ask, clock } = stage();
  const both = [ask(), ask()];
  makings[0]?.resolve("first");
  expect(await Promise.all(both)).toEqual(["first", "first"]);
  clock.ms = 74;
  expect(await ask()).toBe("first");
  expect(makings).toHaveLength(1);
});

test("late in its time it is made anew, once, and the old one serves meanwhile", async () => {
  const { makings, ask, clock, renewed } = stage();
  const first = ask();
  makings[0]?.resolve("first");
  await first;
  clock.ms = 80;
  expect([await ask(), await ask()]).toEqual(["first", "first"]);
  clock.ms = 84;
  renewed();
  expect(makings).toHaveLength(2);
  makings[1]?.resolve("second");
  await new Promise(setImmediate);
  expect(await ask()).toBe("second");
  // Its time began with its making.
  clock.ms = 158;
  expect(await ask()).toBe("second");
  expect(makings).toHaveLength(2);
});

test("an answer that is over is not given, though the next is still in the making", async () => {
  const { makings, ask, clock, renewed } = stage();
  const first = ask();
  makings[0]?.resolve("first");
  await first;
  clock.ms = 80;
  await ask();
  renewed();
  clock.ms = 100;
  const third = ask();
  makings[2]?.resolve("third");
  expect(await third).toBe("third");
  // What was begun before it does not take its place.
  makings[1]?.resolve("second");
  await new Promise(setImmediate);
  expect(await ask()).toBe("third");
});

test("what comes due within a few moments is made together, and not before", async () => {
  const { makings, ask, clock, renewed } = stage();
  const both = [ask("a"), ask("b")];
  for (const { resolve } of makings) resolve("first");
  await Promise.all(both);
  clock.ms = 76;
  await ask("a");
  vi.advanceTimersByTime(3);
  await ask("b");
  expect(makings).toHaveLength(2);
  vi.advanceTimersByTime(1);
  expect(makings).toHaveLength(4);
  renewed();
  expect(makings).toHaveLength(4);
});

test("a renewal that was waited with until another was made for its sake is not made any more", async () => {
  const { makings, ask, clock, renewed } = stage();
  const first = ask();
  makings[0]?.resolve("first");
  await first;
  clock.ms = 99;
  await ask();
  clock.ms = 100;
  void ask();
  expect(makings).toHaveLength(2);
  renewed();
  expect(makings).toHaveLength(2);
});

test("what could not be made is not kept, and a renewal that fails leaves the old one to its end", async () => {
  const { makings, ask, clock, renewed } = stage();
  const broken = ask();
  makings[0]?.reject(new Error("away"));
  await expect(broken).rejects.toThrow("away");
  const made = ask();
  makings[1]?.resolve("made");
  await made;
  clock.ms = 80;
  await ask();
  renewed();
  makings[2]?.reject(new Error("away"));
  await new Promise(setImmediate);
  expect(await ask()).toBe("made");
  clock.ms = 100;
  const after = ask();
  makings[3]?.reject(new Error("still away"));
  await expect(after).rejects.toThrow("still away");
});

test("with more than it may keep it forgets", async () => {
  const { makings, ask } = stage(1);
  void ask("a");
  void ask("b");
  void ask("a");
  expect(makings).toHaveLength(3);
});
