// How a rehearsal should go and how it went. Second 0 of both is when the shoppers began to come, and both are as long and
// as high: so they can be compared by eye.
import type { CurvePoint, RehearsalView } from "@dropgate/contracts/rehearsal";
import { Chart } from "../../ui/chart.tsx";

type Figures = readonly (readonly [name: string, color: string, key: keyof CurvePoint])[];

const FIGURES: Figures = [
  ["Offered", "--curve-3", "offered"],
  ["Confirmed", "--curve-2", "confirmed"],
  ["Joined", "--curve-1", "joined"],
];

/** In a rush nobody waits: a unit is got, and paid. */
const RUSH_FIGURES: Figures = [
  ["Got a unit", "--curve-3", "offered"],
  ["Confirmed", "--curve-2", "confirmed"],
];

export function RehearsalCurves({
  run,
  kind,
}: {
  run: NonNullable<RehearsalView["run"]>;
  kind: "lottery" | "rush";
}) {
  const figures = kind === "rush" ? RUSH_FIGURES : FIGURES;
  const courses = [run.predicted.points, run.seen.points];
  const end = Math.max(...courses.map((points) => points.at(-1)?.second ?? 0));
  const highest = Math.max(...courses.flat().flatMap((point) => figures.map(([, , key]) => point[key])), 1);
  const chart = (title: string, points: readonly CurvePoint[]) => {
    const isShort = points.length > 0 && (points.at(-1)?.second ?? 0) < end;
    return (
      <Chart
        title={title}
        isCount
        isElapsed
        comparedTo={highest}
        times={[...points.map(({ second }) => second), ...(isShort ? [end] : [])]}
        curves={figures.map(([name, color, key]) => ({
          name,
          color,
          values: [...points.map((point) => Math.round(point[key])), ...(isShort ? [null] : [])],
        }))}
      />
    );
  };
  return (
    <div className="sides">
      {chart("Rehearsal, predicted", run.predicted.points)}
      {chart("Rehearsal, seen", run.seen.points)}
    </div>
  );
}
