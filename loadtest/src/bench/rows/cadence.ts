// `cadence`: how many writes a second a line costs, by its length: simulated over the gateway's own bands, since a
// million sockets need more than one machine.
import type { Row, Variant } from "../row.ts";
import { figure, ratio } from "../targets.ts";

const RATE = 100;
/** As long as the slowest band's interval, so that each part is told as often as it is. */
const SECONDS = 60;
const LINES: readonly [name: string, waiting: number][] = [
  ["10k", 10_000],
  ["100k", 100_000],
  ["1M", 1_000_000],
];

const variants: Variant[] = LINES.flatMap(([name]): Variant[] => [
  { key: name, role: "ours", label: `${name} waiting` },
  { key: `plain-${name}`, role: "plain", label: `${name}, 4 a second to all` },
]);

export const row: Row = {
  name: "cadence",
  measures: `Socket writes a second while ${RATE} a second are admitted, over a minute of the line's own time; simulated over the gateway's own band code.`,
  unit: "write",
  variants,
  rounds: { full: 1, quick: 1 },
  shown: ["writesPerSecond"],
  units: { writesPerSecond: "/s" },
  targets: [
    figure("writesPerSecond", "1M", { atMost: 150_000 }, "/s"),
    ratio("writesPerSecond", "1M", "100k", { atMost: 3 }),
  ],

  async open(bench) {
    const child = await bench.start({
      script: "loadtest/src/bench/servers/line-simulation.ts",
      nodeArgs: ["--max-old-space-size=4096"],
    });
    return {
      async round(variant, { warmUp }) {
        if (warmUp) return { units: 1, seconds: 1 };
        const waiting = LINES.find(([name]) => variant.endsWith(name))?.[1] ?? 0;
        if (variant.startsWith("plain")) {
          const writes = waiting * 4;
          return { units: writes * SECONDS, seconds: SECONDS, figures: { writesPerSecond: writes } };
        }
        const played = await child.ask("play", { waiting, ratePerSecond: RATE, seconds: SECONDS });
        const { writes, cpuSeconds } = played as { writes: number; cpuSeconds: number };
        return {
          units: writes,
          seconds: SECONDS,
          figures: { writesPerSecond: writes / SECONDS, cpuMsPerSecond: (cpuSeconds / SECONDS) * 1_000 },
        };
      },
      close: async () => {},
    };
  },
};
