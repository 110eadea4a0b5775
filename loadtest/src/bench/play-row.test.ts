import { describe, expect, test } from "vitest";
import { readFlags } from "./flags.ts";
import { inTurn, playRow } from "./play-row.ts";
import { plotOf } from "./plot.ts";
import type { Row } from "./row.ts";
import { figure, isMet, ratio, ratioOf } from "./targets.ts";

/** Ours is twice as fast as plain in each round, whatever the round. */
function aRow(played: string[]): Row {
  return {
    name: "toy",
    measures: "Nothing.",
    unit: "thing",
    variants: [
      { key: "ours", role: "ours", label: "ours" },
      { key: "plain", role: "plain", label: "plain" },
    ],
    rounds: { full: 3, quick: 1 },
    shown: ["rate", "cpu.server", "p99"],
    targets: [ratio("rate", "ours", "plain", { atLeast: 2 }), figure("p99", "ours", { atMost: 5 }, "ms")],
    open: async (bench) => {
      bench.atEnd(async () => void played.push("ended"));
      return {
        round: async (variant, { warmUp, round }) => {
          played.push(`${variant} ${warmUp ? "warm" : round}`);
          const units = (variant === "ours" ? 2_000 : 1_000) * (round + 1);
          return { units, seconds: 1, cpu: { server: 0.02 }, latenciesMs: [1, 2, 9] };
        },
        close: async () => void played.push("closed"),
      };
    },
  };
}

describe("a row", () => {
  test("is warmed up, and its variants take turns", async () => {
    const played: string[] = [];
    await playRow(aRow(played), { quick: false, say: () => {} });
    expect(played).toEqual([
      "ours warm",
      "plain warm",
      "ours 0",
      "plain 0",
      "plain 1",
      "ours 1",
      "ours 2",
      "plain 2",
      "closed",
      "ended",
    ]);
    expect(inTurn(["a", "b", "c"], 4)).toEqual(["b", "c", "a"]);
  });

  test("tells medians and extremes, CPU a unit, and which target it misses", async () => {
    const result = await playRow(aRow([]), { quick: false, say: () => {} });
    const [ours] = result.variants;
    expect(ours?.figures.rate).toEqual({ median: 4_000, min: 2_000, max: 6_000 });
    expect(ours?.figures["cpu.server"]).toEqual({ median: 5, min: 0.02e6 / 6_000, max: 10 });
    expect(ours?.figures.p99?.median).toBe(9);
    expect(result.targets.map(({ value, met }) => [value, met])).toEqual([
      [2, true],
      [9, false],
    ]);
    expect(plotOf(result)).toContain("4000/s");
  });

  test("clears its stage when a round breaks", async () => {
    const played: string[] = [];
    const row = aRow(played);
    const broken: Row = {
      ...row,
      open: async (bench) => ({
        ...(await row.open(bench)),
        round: () => Promise.reject(new Error("no luck")),
      }),
    };
    await expect(playRow(broken, { quick: true, say: () => {} })).rejects.toThrow("no luck");
    expect(played).toEqual(["closed", "ended"]);
  });

  test("compares round with round, not median with median", () => {
    const rounds = new Map([
      ["ours", [{ rate: 10 }, { rate: 100 }, { rate: 30 }]],
      ["plain", [{ rate: 5 }, { rate: 50 }, { rate: 60 }]],
    ]);
    expect(ratioOf(rounds, "rate", "ours", "plain")).toBe(2);
    expect(isMet(figure("rate", "ours", { atLeast: 1 }), null)).toBe(false);
  });
});

test("the command's arguments name known rows, in the table's order", () => {
  expect(readFlags(["b", "a", "--quick"], ["a", "b", "c"])).toMatchObject({
    ok: true,
    flags: { names: ["a", "b"], quick: true, check: false },
  });
  expect(readFlags([], ["a", "b"])).toMatchObject({ ok: true, flags: { names: ["a", "b"] } });
  expect(readFlags(["d"], ["a"])).toMatchObject({ ok: false });
  expect(readFlags(["--fast"], ["a"])).toMatchObject({ ok: false });
});
