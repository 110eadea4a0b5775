import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  BAND_WITHOUT_POSITION,
  BEAT_MS,
  bandAt,
  bandEnd,
  bandOf,
  CADENCE_BANDS,
  isDue,
  partOf,
} from "./cadence.ts";

const position = fc.integer({ min: 0, max: 3_000_000 });
const rate = fc.oneof(
  fc.double({ min: 0.0001, max: 1_000_000, noNaN: true }),
  fc.integer({ min: 1, max: 1_000 }),
);
const band = fc.integer({ min: 0, max: CADENCE_BANDS.length - 1 });

describe("the cadence bands", () => {
  it("tell those under a minute 4 a second, under ten 1 a second, further every 5 s, later still at the back", () => {
    const everyMs = (wait: number) => bandAt(bandOf(wait * 10, 10)).everyBeats * BEAT_MS;
    expect([0, 59, 60, 599, 600, 1_199, 1_200, 7_199, 7_200, 1e6].map(everyMs)).toEqual([
      250, 250, 1_000, 1_000, 5_000, 5_000, 15_000, 15_000, 60_000, 60_000,
    ]);
    expect(bandAt(BAND_WITHOUT_POSITION).everyBeats * BEAT_MS).toBe(5_000);
  });

  it("put everybody somewhere, nearer never into a slower band, faster admission never either", () => {
    fc.assert(
      fc.property(position, position, rate, rate, (one, other, slow, fast) => {
        const [near, far] = one < other ? [one, other] : [other, one];
        expect(bandOf(near, slow)).toBeGreaterThanOrEqual(0);
        expect(bandOf(near, slow)).toBeLessThanOrEqual(bandOf(far, slow));
        expect(bandOf(far, Math.max(slow, fast))).toBeLessThanOrEqual(bandOf(far, Math.min(slow, fast)));
      }),
    );
  });

  it("have the head of the line in the nearest, however slow the admission", () => {
    fc.assert(
      fc.property(rate, (perSecond) => {
        expect(bandOf(0, perSecond)).toBe(0);
      }),
    );
  });

  it("end exactly where bandOf cuts", () => {
    fc.assert(
      fc.property(position, position, rate, band, (serving, ahead, perSecond, number) => {
        const ticket = serving + ahead;
        expect(ticket < bandEnd(number, serving, perSecond)).toBe(bandOf(ahead, perSecond) <= number);
      }),
    );
  });
});

describe("a part of a band", () => {
  /** The beats at which a part is told, of a line that moves at every beat. */
  function toldAt(number: number, slot: number, crowd: number, beats: number): number[] {
    const told: number[] = [];
    for (let beat = 1; beat <= beats; beat++) {
      const last = told.at(-1) ?? Number.NEGATIVE_INFINITY;
      if (isDue(number, partOf(number, slot), beat, last, crowd)) told.push(beat);
    }
    return told;
  }

  it("is told at most once in its interval, and once in each while the line moves", () => {
    fc.assert(
      fc.property(band, fc.nat(10_000), fc.constantFrom(1, 2_000, 2_001, 1e6), (number, slot, crowd) => {
        const { everyBeats } = bandAt(number);
        const told = toldAt(number, slot, crowd, everyBeats * 5);
        const gaps = told.slice(1).map((beat, i) => beat - (told[i] ?? 0));
        expect(new Set(gaps)).toEqual(new Set([everyBeats]));
        expect(told[0]).toBeLessThanOrEqual(everyBeats);
      }),
    );
  });

  it("is told at once in a small crowd that heard nothing for long, and in turn in a large one", () => {
    expect(isDue(3, 7, 1_001, Number.NEGATIVE_INFINITY, 10)).toBe(true);
    const beats = new Set(Array.from({ length: 60 }, (_, slot) => toldAt(3, slot, 100_000, 60)[0]));
    expect(beats.size).toBe(60);
  });
});
