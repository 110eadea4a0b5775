// Plays a dry run: a crowd of shoppers by the shape that the prediction goes by, over the same calls and sockets as real
// ones, and a shop that confirms what they pay.
import type { Hold } from "@dropgate/contracts/hold";
import {
  BEHAVIOURS,
  type Course,
  courseFrom,
  REHEARSAL_HEADER,
} from "@dropgate/contracts/rehearsal-behaviour";
import { type Delays, delaysOf } from "@dropgate/contracts/rehearsal-curve";
import { beginCrowd, type Shopper } from "../crowd.ts";
import type { Journey, JourneyOptions } from "../journey.ts";
import { nodeSurroundings } from "../node-surroundings.ts";
import { EAGER, type Plan } from "../plan.ts";
import { beginRush } from "../rush.ts";
import type { CheckoutResult, Ending } from "../sightings.ts";
import { pause, type Surroundings } from "../surroundings.ts";
import type { Run, RunOutcome } from "./run.ts";

const CONFIRM_TRIES_MAX = 6;
/** Of a rush, until it is sold out or over: units that were kept unpaid come back as late as their window. */
const RUSH_TRIES_MAX = 1_000;

/** @param onBegin called when the first sets out */
export function rehearse(run: Run, onBegin: () => void): { ended: Promise<RunOutcome>; stop: () => void } {
  const { gatewayUrl, saleId, pass, shape } = run;
  const surroundings = nodeSurroundings({ headers: { [REHEARSAL_HEADER]: pass } });
  const isRush = shape.kind === "rush";
  const behaviour = BEHAVIOURS[shape.behaviour];
  const delays = delaysOf(shape);
  const checkout = (hold: Hold): Promise<CheckoutResult> => confirm(run, surroundings, hold.holdId);
  onBegin();
  const crowd = beginCrowd({
    gatewayUrls: [gatewayUrl],
    saleId,
    surroundings,
    ...(isRush && { walk: walkRush }),
    count: shape.shoppers,
    perSecond: shape.perSecond,
    shopper: (): Promise<Shopper> =>
      Promise.resolve({
        person: { kind: "cookie" },
        plan: planOf(courseFrom(behaviour, surroundings.random()), delays, surroundings.random),
        checkout,
      }),
  });
  const ended = crowd.ended.then((endings) => {
    surroundings.close();
    const { counts, refusals, anomalies, latencies } = crowd.tally.view();
    return {
      joined: isRush ? counts.attempted : counts.joined,
      purchased: endings.filter(({ orderId }) => orderId !== undefined).length,
      endings: countedBy(endings, ({ result, state }) => state ?? result),
      refusals,
      anomalies,
      latencies: Object.fromEntries(
        Object.entries(latencies).map(([name, { count, p50, p99 }]) => [name, { count, p50, p99 }]),
      ),
    };
  });
  return { ended, stop: () => crowd.stop() };
}

function walkRush(options: JourneyOptions): Journey {
  return beginRush({ ...options, triesMax: RUSH_TRIES_MAX });
}

/** What a course means for the journey. Pure. @param random from 0 up to 1 */
export function planOf(course: Course, delays: Delays, random: () => number): Plan {
  const within = ({ least, most }: { least: number; most: number }): number =>
    1_000 * (least + (most - least) * random());
  const plan: Plan = {
    ...EAGER,
    decideAfterMs: within(delays.decide),
    payAfterMs: within(delays.pay),
  };
  switch (course) {
    case "buys":
      return plan;
    case "givesBack":
      return { ...plan, atHold: "release" };
    case "forgets":
      return { ...plan, atHold: "lapse" };
    case "missesOnce":
      return { ...plan, atOffer: "lapse", comesBack: true };
    case "misses":
      return { ...plan, atOffer: "lapse", comesBack: false };
    case "leaves":
      return { ...plan, leaveAfterMs: within(delays.leave) };
  }
}

/** The shop's part, as a merchant's server does it: asked again while the answer is "later" or does not come. */
async function confirm(
  { gatewayUrl, apiKey }: Run,
  surroundings: Surroundings,
  holdId: string,
): Promise<CheckoutResult> {
  const orderId = `rehearsal-${holdId}`;
  let code = "NO_ANSWER";
  for (let tries = 0; tries < CONFIRM_TRIES_MAX; tries++) {
    try {
      const answer = await surroundings.fetch(`${gatewayUrl}/api/v1/holds/${holdId}/confirm`, {
        method: "POST",
        headers: { authorization: `Bearer ${apiKey}`, "content-type": "application/json" },
        body: JSON.stringify({ orderId }),
      });
      const text = await answer.text();
      if (answer.status === 200) return { result: "paid", orderId };
      code = codeOf(text) ?? `HTTP_${answer.status}`;
      if (answer.status !== 429 && answer.status !== 503) break;
    } catch {
      code = "NO_ANSWER";
    }
    await pause(surroundings, 250 * 2 ** tries * (0.5 + surroundings.random()));
  }
  return { result: "failed", code };
}

function codeOf(text: string): string | null {
  try {
    const { code } = JSON.parse(text) as { code?: unknown };
    return typeof code === "string" ? code : null;
  } catch {
    return null;
  }
}

function countedBy(endings: readonly Ending[], nameOf: (ending: Ending) => string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const ending of endings) counts[nameOf(ending)] = (counts[nameOf(ending)] ?? 0) + 1;
  return counts;
}
