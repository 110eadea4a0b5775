// How high a chart's values stand. Even, as a rule; where one burst would press everything else flat on the ground it is
// packed: low values keep their distance and high ones lie closer together. Pure.

export interface ValueScale {
  isPacked: boolean;
  /** What is written beside the lines, from 0 up. */
  marks: number[];
  top: number;
  /** Where a value stands, from 0 to 1. */
  height: (value: number) => number;
}

const INTERVALS = 4;
/** The highest is so many times what is usual: then the usual would lie on the ground to the eye. */
const PACKED_FROM = 12;
/** Once packed it stays so a while: a scale that jumps to and fro cannot be read. */
const PACKED_UNTIL = 7;
/** Below this nothing is a burst. */
const BURST_MIN = 20;
/** Finer marks would all be written alike. */
const WRITTEN_MIN = 0.1;
/** Of the height, between two lines of a packed scale. */
const GAP = 0.19;

/** @param curves each its values; @param wasPacked how it was just before */
export function valueScale(
  curves: readonly (readonly (number | null)[])[],
  wasPacked = false,
  isWhole = false,
): ValueScale {
  const positive = curves.map((values) => values.filter((value) => value !== null && value > 0) as number[]);
  const highest = Math.max(0, ...positive.flat());
  const usual = usualOf(positive);
  const isBurst = highest >= BURST_MIN && highest >= (wasPacked ? PACKED_UNTIL : PACKED_FROM) * usual;
  return isBurst ? packed(highest, usual, isWhole) : evenScale(highest, isWhole);
}

/** The lower of: the middle of all values, and the height of the lowest curve. */
function usualOf(positive: readonly number[][]): number {
  const all = positive.flat().toSorted((one, other) => one - other);
  const middle = all[Math.floor((all.length - 1) / 2)] ?? 0;
  const heights = positive.filter((values) => values.length > 0).map((values) => Math.max(...values));
  return Math.min(middle, ...heights);
}

/** Whatever the values are: for charts that are compared, which are read wrongly where only one of them is packed. */
export function evenScale(highest: number, isWhole = false): ValueScale {
  const step = roundStep(Math.max(highest, isWhole ? 1 : INTERVALS * WRITTEN_MIN) / INTERVALS, isWhole);
  const top = step * Math.max(1, Math.ceil(highest / step - 1e-9));
  const marks = Array.from({ length: Math.round(top / step) + 1 }, (_mark, i) => tidy(i * step));
  return { isPacked: false, marks, top, height: (value) => value / top };
}

/** The next of 1, 2, 5, 10 … that is not below. */
function roundStep(least: number, isWhole: boolean): number {
  const decade = 10 ** Math.floor(Math.log10(least));
  const step = [1, 2, 5, 10].find((each) => each * decade >= least * (1 - 1e-9)) ?? 10;
  return isWhole ? Math.max(1, step * decade) : step * decade;
}

function packed(highest: number, usual: number, isWhole: boolean): ValueScale {
  // What is usual stands well above the ground, however high the burst is.
  const unit = Math.max(usual / 3, highest / 1e6, isWhole ? 0.5 : 0.01);
  const top = roundTop(highest);
  const height = (value: number): number => Math.log1p(Math.max(0, value) / unit) / Math.log1p(top / unit);
  const marks = [top];
  for (const mark of roundBelow(top, isWhole ? 1 : Math.max(unit, WRITTEN_MIN))) {
    if (height(marks.at(-1) ?? top) - height(mark) >= GAP && height(mark) >= GAP) marks.push(mark);
  }
  return { isPacked: true, marks: [0, ...marks.toReversed()], top, height };
}

function roundTop(highest: number): number {
  const decade = 10 ** Math.floor(Math.log10(highest));
  const top = [1, 1.5, 2, 3, 4, 5, 6, 8, 10].find((each) => each * decade >= highest) ?? 10;
  return tidy(top * decade);
}

/** 1, 2, 5 of each decade, from the top down. */
function roundBelow(top: number, least: number): number[] {
  const marks: number[] = [];
  for (let power = Math.floor(Math.log10(top)); 10 ** power >= least / 10; power--) {
    for (const each of [5, 2, 1]) {
      const mark = tidy(each * 10 ** power);
      if (mark < top && mark >= least) marks.push(mark);
    }
  }
  return marks;
}

/** 0.30000000000000004 is 0.3. */
function tidy(value: number): number {
  return Number(value.toPrecision(12));
}
