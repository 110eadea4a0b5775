// Curves over time by uPlot, drawn on a canvas so that four frames a second cost little; nothing moves but the data, so
// reduced motion needs no other drawing. Readers, and whoever wants figures, get the same as a table.
import { useEffect, useId, useRef, useState } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import styles from "./chart.module.css";
import { evenScale, type ValueScale, valueScale } from "./chart-scale.ts";
import { elapsedText, timeLabels, timeMarks, timeRange } from "./chart-time.ts";
import { formats } from "./formats.ts";
import { Scroller } from "./scroller.tsx";

export interface Curve {
  name: string;
  /** A custom property of console.css: `--curve-1` … `--curve-6`. */
  color: string;
  values: readonly (number | null)[];
  isDashed?: boolean;
}

interface ChartProps {
  title: string;
  /** Seconds since 1970, one for each value; with `isElapsed` seconds since the beginning. */
  times: readonly number[];
  curves: readonly Curve[];
  /** "a second" */
  unit?: string;
  /** Its values are whole numbers. */
  isCount?: boolean;
  isElapsed?: boolean;
  /** Its height goes evenly up to here, the highest value of all charts that it is compared with. */
  comparedTo?: number;
}

const HEIGHT = 180;
/** Of the table: more would be read by nobody. */
const TABLE_ROWS_MAX = 30;
/** Pixels that the time at a mark takes, with room around it. */
const LABEL_WIDTH = 84;

export function Chart({
  title,
  times,
  curves,
  unit,
  isCount = false,
  isElapsed = false,
  comparedTo,
}: ChartProps) {
  const id = useId();
  const scheme = useScheme();
  const write = isCount ? formats.number : formats.rate;
  const [wasPacked, setWasPacked] = useState(false);
  const scale =
    comparedTo === undefined
      ? valueScale(
          curves.map(({ values }) => values),
          wasPacked,
          isCount,
        )
      : evenScale(comparedTo, isCount);
  if (scale.isPacked !== wasPacked) setWasPacked(scale.isPacked);
  const writeTime = isElapsed ? elapsedText : (seconds: number) => formats.clock(seconds * 1_000);
  const shape = curves.map(({ name, color, isDashed }) => `${name}|${color}|${isDashed === true}`).join("\n");
  return (
    <figure className={styles["chart"]} aria-labelledby={id}>
      <figcaption className={styles["head"]}>
        <span id={id} className={styles["title"]}>
          {title}
          {unit !== undefined && <span className={styles["unit"]}> {unit}</span>}
        </span>
        <ul className={styles["legend"]}>
          {curves.map(({ name, color, values, isDashed }) => (
            <li key={name}>
              <Swatch color={color} isDashed={isDashed === true} />
              {name}{" "}
              <strong>
                {writeOne(
                  values.findLast((value) => value !== null),
                  write,
                )}
              </strong>
            </li>
          ))}
        </ul>
      </figcaption>
      {times.length === 0 ? (
        <p className={styles["none"]}>Nothing was measured yet.</p>
      ) : (
        // A canvas is drawn anew where its colours or its curves are others.
        <Plot key={`${scheme}|${shape}`} {...{ times, curves, scale, write, isElapsed }} />
      )}
      {scale.isPacked && (
        <p className={styles["note"]}>
          Packed upwards, so that the peak of {write(highestOf(curves))} and the rest can both be seen.
        </p>
      )}
      <ChartTable {...{ title, times, curves, write, writeTime, isElapsed }} />
    </figure>
  );
}

interface PlotProps {
  times: readonly number[];
  curves: readonly Curve[];
  scale: ValueScale;
  write: (value: number) => string;
  isElapsed: boolean;
}

function Plot(given: PlotProps) {
  const holder = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const [first] = useState(given);
  const newest = useRef(given);

  useEffect(() => {
    const element = holder.current;
    if (element === null) return;
    const size = () => ({ width: element.clientWidth, height: HEIGHT });
    const lineAxis = axisOf(element);
    const marks = (drawn: uPlot, from: number, to: number) => {
      const most = Math.floor(drawn.bbox.width / devicePixelRatio / LABEL_WIDTH);
      const offset = first.isElapsed ? 0 : -60 * new Date(to * 1_000).getTimezoneOffset();
      return timeMarks(from, to, most, offset);
    };
    const drawn = new uPlot(
      {
        ...size(),
        legend: { show: false },
        cursor: { drag: { x: false, y: false }, points: { show: false } },
        scales: {
          x: { range: () => timeRange(newest.current.times) },
          // Values are drawn where the scale has them, from 0 to 1.
          y: { range: () => [0, 1] },
        },
        axes: [
          {
            ...lineAxis,
            size: 30,
            splits: (at, _axis, from, to) => marks(at, from, to).at,
            values: (at) => {
              const { min = 0, max = 0 } = at.scales["x"] ?? {};
              const shown = marks(at, min ?? 0, max ?? 0);
              return first.isElapsed ? shown.at.map(elapsedText) : timeLabels(shown, TIME_WORDS);
            },
          },
          {
            ...lineAxis,
            size: 56,
            splits: () => newest.current.scale.marks.map(newest.current.scale.height),
            values: () => newest.current.scale.marks.map(first.write),
          },
        ],
        series: [
          {},
          ...first.curves.map(({ name, color, isDashed }) => ({
            label: name,
            stroke: colorOf(element, color),
            width: 1.75,
            points: { show: false },
            ...(isDashed === true && { dash: [6, 4] }),
          })),
        ],
      },
      [[], ...first.curves.map(() => [])],
      element,
    );
    plot.current = drawn;
    const observer = new ResizeObserver(() => drawn.setSize(size()));
    observer.observe(element);
    return () => {
      observer.disconnect();
      drawn.destroy();
      plot.current = null;
    };
  }, [first]);

  const { times, curves, scale } = given;
  useEffect(() => {
    newest.current = given;
    const stand = (value: number | null) => (value === null ? null : scale.height(value));
    plot.current?.setData([[...times], ...curves.map(({ values }) => values.map(stand))]);
  }, [given, times, curves, scale]);

  return <div ref={holder} className={styles["plot"]} aria-hidden="true" />;
}

const TIME_WORDS = {
  second: (seconds: number) => formats.clock(seconds * 1_000),
  minute: (seconds: number) => formats.minute(seconds * 1_000),
  day: (seconds: number) => formats.day(seconds * 1_000),
};

function highestOf(curves: readonly Curve[]): number {
  return Math.max(0, ...curves.flatMap(({ values }) => values.map((value) => value ?? 0)));
}

function writeOne(value: number | null | undefined, write: (value: number) => string): string {
  return value === null || value === undefined ? "–" : write(value);
}

function Swatch({ color, isDashed }: { color: string; isDashed: boolean }) {
  return (
    <svg width="14" height="4" aria-hidden="true" className={styles["swatch"]}>
      <line
        x1="0"
        y1="2"
        x2="14"
        y2="2"
        stroke={`var(${color})`}
        strokeWidth="3"
        strokeDasharray={isDashed ? "4 3" : undefined}
      />
    </svg>
  );
}

/** Made only while it is open. */
function ChartTable({
  title,
  times,
  curves,
  write,
  writeTime,
  isElapsed,
}: Pick<ChartProps, "title" | "times" | "curves"> & {
  write: (value: number) => string;
  writeTime: (seconds: number) => string;
  isElapsed: boolean;
}) {
  const [isOpen, setOpen] = useState(false);
  const step = Math.max(1, Math.ceil(times.length / TABLE_ROWS_MAX));
  return (
    <details className={styles["table"]} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>As a table</summary>
      {isOpen && (
        <Scroller className={styles["scroll"]} label={`${title}, table`}>
          <table>
            <caption className="only-read">{title}</caption>
            <thead>
              <tr>
                <th scope="col">{isElapsed ? "After" : "Time"}</th>
                {curves.map(({ name }) => (
                  <th scope="col" key={name}>
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {times.map((at, i) =>
                (times.length - 1 - i) % step === 0 ? (
                  <tr key={at}>
                    <th scope="row">{writeTime(at)}</th>
                    {curves.map(({ name, values }) => (
                      <td key={name}>{writeOne(values[i], write)}</td>
                    ))}
                  </tr>
                ) : null,
              )}
            </tbody>
          </table>
        </Scroller>
      )}
    </details>
  );
}

function axisOf(element: HTMLElement): uPlot.Axis {
  const stroke = colorOf(element, "--chart-line");
  return {
    stroke: colorOf(element, "--chart-text"),
    grid: { stroke, width: 1 },
    ticks: { stroke, width: 1 },
    font: "12px system-ui, sans-serif",
  };
}

/** A canvas knows no custom property and no `light-dark()`: what the browser makes of it, as a plain colour. */
function colorOf(element: HTMLElement, property: string): string {
  const probe = document.createElement("span");
  probe.style.color = `var(${property})`;
  element.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

function schemeNow(): string {
  return `${document.documentElement.dataset["theme"] ?? ""}|${matchMedia("(prefers-color-scheme: dark)").matches}`;
}

/** Changes when light becomes dark, by the switch or by the system. */
function useScheme(): string {
  const [scheme, setScheme] = useState(schemeNow);
  useEffect(() => {
    const look = (): void => setScheme(schemeNow());
    const media = matchMedia("(prefers-color-scheme: dark)");
    media.addEventListener("change", look);
    const observer = new MutationObserver(look);
    observer.observe(document.documentElement, { attributeFilter: ["data-theme"] });
    return () => {
      media.removeEventListener("change", look);
      observer.disconnect();
    };
  }, []);
  return scheme;
}
