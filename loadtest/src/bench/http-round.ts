// One round of an HTTP row: the load runs, its processes' CPU is read before and after, and an answer that nobody
// expected breaks the row, for a server that refuses is a fast one.
import type { HttpLoad, HttpLoadOptions } from "./load/http-load.ts";
import { measure } from "./process-cost.ts";
import type { Sample } from "./row.ts";

export interface HttpRound extends Pick<HttpLoadOptions, "next" | "secondsMax" | "onAnswer" | "perSecond"> {
  processes: Readonly<Record<string, number>>;
  /** The status of every answer. */
  expected: number;
}

/** @throws Error when another status came, with one such answer */
export async function cpuOfRound(load: HttpLoad | undefined, options: HttpRound): Promise<Sample> {
  if (load === undefined) throw new Error("there is no load for this variant");
  const { processes, expected, next, secondsMax, onAnswer, perSecond } = options;
  const odd: string[] = [];
  await load.renew();
  const sample = await measure(processes, () =>
    load.run({
      next,
      secondsMax,
      ...(perSecond !== undefined && { perSecond }),
      onAnswer: (status, answer) => {
        if (status !== expected && odd.length === 0) odd.push(answer);
        onAnswer?.(status, answer);
      },
    }),
  );
  if (odd.length > 0) {
    const statuses = [...sample.statuses].map(([status, count]) => `${count} × ${status}`).join(", ");
    throw new Error(`not every answer was ${expected} (${statuses}): ${odd[0]}`);
  }
  const { units, seconds, cpu, latenciesMs } = sample;
  return { units, seconds, cpu, latenciesMs, figures: { loadBusy: (cpu.load ?? 0) / seconds } };
}
