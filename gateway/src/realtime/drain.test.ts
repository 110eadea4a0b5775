import { afterEach, describe, expect, it, vi } from "vitest";
import { Drain } from "./drain.ts";

afterEach(() => {
  vi.useRealTimers();
});

/** A drain whose batches end when the test says so. */
function heldDrain(batchMax = 3) {
  const batches: number[][] = [];
  const ends: { resolve: () => void; reject: (error: Error) => void }[] = [];
  const errors: unknown[] = [];
  const drain = new Drain<number>({
    batchMax,
    run: (batch) => {
      batches.push(batch);
      return new Promise((resolve, reject) => ends.push({ resolve, reject }));
    },
    retryMs: () => 1,
    onError: (error) => errors.push(error),
  });
  const begun = (count: number) => vi.waitFor(() => expect(batches).toHaveLength(count), { timeout: 20_000 });
  return { drain, batches, ends, errors, begun };
}

describe("a drain", () => {
  it("takes what one turn names as one batch, each thing once", async () => {
    const { drain, batches, begun } = heldDrain();
    for (const item of [1, 2, 1, 2, 1]) drain.add(item);
    await begun(1);
    expect(batches).toEqual([[1, 2]]);
  });

  it("runs one batch at a time, and what is named meanwhile is in the next, even if it is under way", async () => {
    const { drain, batches, ends, begun } = heldDrain();
    drain.add(1);
    await begun(1);
    drain.add(1);
    drain.addAll([2, 3, 4]);
    await new Promise((resolve) => setImmediate(resolve));
    expect(batches).toHaveLength(1);
    ends[0]?.resolve();
    await begun(2);
    expect(batches[1]).toEqual([1, 2, 3]);
    ends[1]?.resolve();
    await begun(3);
    expect(batches[2]).toEqual([4]);
  });

  it("tries a broken batch again, whole", async () => {
    const { drain, batches, ends, errors, begun } = heldDrain();
    drain.addAll([1, 2]);
    await begun(1);
    ends[0]?.reject(new Error("away"));
    await begun(2);
    expect(batches[1]).toEqual([1, 2]);
    expect(errors).toHaveLength(1);
  });

  it("forgets what is removed, and everything when it stops", async () => {
    const { drain, batches, ends, begun } = heldDrain();
    drain.add(1);
    await begun(1);
    drain.addAll([2, 3]);
    drain.remove(2);
    ends[0]?.resolve();
    await begun(2);
    expect(batches[1]).toEqual([3]);
    drain.add(4);
    drain.stop();
    ends[1]?.resolve();
    await new Promise((resolve) => setImmediate(resolve));
    expect([batches.length, drain.size]).toEqual([2, 0]);
  });

  it("spreads a crowd's batches over the time it is given", async () => {
    vi.useFakeTimers();
    let batches = 0;
    const drain = new Drain<number>({
      batchMax: 10,
      run: async () => void batches++,
      retryMs: () => 1,
      onError: () => {},
    });
    drain.addAll(
      Array.from({ length: 100 }, (_, i) => i),
      1_000,
    );
    await vi.advanceTimersByTimeAsync(450);
    expect(batches).toBe(5);
    await vi.advanceTimersByTimeAsync(1_000);
    expect([batches, drain.size]).toEqual([10, 0]);
  });
});
