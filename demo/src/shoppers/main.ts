// Simulated shoppers for a demo sale: there is something to see, and somebody to stand in line with. They end when the
// sale is over or when they are told to; seeing what must never be seen ends them with 1.

import { randomBytes } from "node:crypto";
import { beginCrowd } from "@dropgate/loadtest/crowd";
import { nodeSurroundings } from "@dropgate/loadtest/node-surroundings";
import type { Ending } from "@dropgate/loadtest/sightings";
import type { TallyView } from "@dropgate/loadtest/tally";
import { mannersOf } from "./manners.ts";
import { beginPeople } from "./people.ts";
import { HELP, readShopperSettings, type ShopperSettings } from "./settings.ts";

const TOLD_MS = 5_000;

const read = readShopperSettings(process.env);
if (process.argv.includes("--help")) process.stdout.write(HELP);
else if (read.ok) process.exitCode = await run(read.settings);
else {
  for (const sentence of read.sentences) process.stderr.write(`shoppers: ${sentence}\n`);
  process.stderr.write("shoppers: --help tells what may be set.\n");
  process.exitCode = 2;
}

async function run(settings: ShopperSettings): Promise<number> {
  const surroundings = nodeSurroundings();
  const people = beginPeople(settings, surroundings, randomBytes(4).toString("hex"));
  const crowd = beginCrowd({
    gatewayUrls: settings.gatewayUrls,
    saleId: settings.saleId,
    surroundings,
    count: settings.count,
    perSecond: settings.perSecond,
    shopper: async (index) => {
      const { plan, purse } = mannersOf(surroundings.random);
      const customer = await people.customer(index);
      return { person: customer.person, plan, checkout: people.checkout(customer, purse) };
    },
  });
  const tell = (level: string, text: string): void => {
    const line = {
      level,
      time: new Date().toISOString(),
      name: process.env.PROCESS_NAME ?? "shoppers",
      msg: text,
    };
    process.stdout.write(process.stdout.isTTY ? `${text}\n` : `${JSON.stringify(line)}\n`);
  };
  let last = "";
  const telling = setInterval(() => {
    const now = describe(crowd.tally.view());
    if (now !== last) tell("info", now);
    last = now;
  }, TOLD_MS);
  process.once("SIGTERM", () => crowd.stop());
  process.once("SIGINT", () => crowd.stop());

  const endings = await crowd.ended;
  clearInterval(telling);
  surroundings.close();
  const view = crowd.tally.view();
  tell("info", `${describe(view)} · ended: ${describeEndings(endings)}`);
  tell("info", describeLatencies(view));
  for (const anomaly of view.anomalies) tell("error", `must never be seen: ${anomaly}`);
  return view.counts.anomaly > 0 ? 1 : 0;
}

function describe({ states, counts, connected, checkouts, refusals }: TallyView): string {
  const shown = Object.entries(states).filter(([, count]) => count > 0);
  const line = [
    shown.map(([state, count]) => `${count} ${state}`).join(", "),
    `${connected} connected`,
    `${counts.offer} offers, ${counts.claimed} claims`,
    ...Object.entries(checkouts).map(([result, count]) => `${count} ${result}`),
    ...Object.entries(refusals).map(([what, count]) => `${count} × ${what}`),
  ];
  return line.join(" · ");
}

function describeEndings(endings: readonly Ending[]): string {
  const counts = new Map<string, number>();
  for (const { result, refusal } of endings) {
    const name = refusal === undefined ? result : `${result} (${refusal})`;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts].map(([name, count]) => `${count} ${name}`).join(", ");
}

function describeLatencies({ latencies }: TallyView): string {
  return Object.entries(latencies)
    .map(
      ([name, { count, p50, p99, max }]) =>
        `${name} ×${count} p50 ${p50.toFixed(0)} p99 ${p99.toFixed(0)} max ${max.toFixed(0)} ms`,
    )
    .join(" · ");
}
