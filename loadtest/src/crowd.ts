// Many shoppers in one process: they come gently, walk their journeys, and are counted.

import { beginJourney, type Journey, type JourneyOptions } from "./journey.ts";
import type { Ending, JourneyEvent } from "./sightings.ts";
import { pause } from "./surroundings.ts";
import { beginTally, type Tally } from "./tally.ts";

/** What differs from shopper to shopper. */
export type Shopper = Pick<JourneyOptions, "person" | "plan" | "checkout">;

export interface CrowdOptions extends Omit<JourneyOptions, "person" | "plan" | "checkout" | "onEvent"> {
  count: number;
  /** How many come in a second once the first few seconds are over. */
  perSecond: number;
  /** Over how long that rate is reached, in ms. */
  rampMs?: number;
  /** How each walks: `beginJourney` unless said otherwise (a rush is another way). */
  walk?: (options: JourneyOptions) => Journey;
  /** Who comes as number `index` (from 0). Rejects: nobody comes under that number. */
  shopper: (index: number) => Promise<Shopper>;
  onEvent?: (index: number, event: JourneyEvent) => void;
}

export interface Crowd {
  readonly tally: Tally;
  /** The last has set out (or nobody more comes); a driver without CPU left is later than its rate says. */
  readonly came: Promise<void>;
  /** By number; never rejects. Whoever never came has ended as `refused`. */
  readonly ended: Promise<Ending[]>;
  stop(): void;
}

const STEP_MS = 20;
/** Who is late comes in turns of so many, so that the answers of those before are heard meanwhile. */
const AT_ONCE_MAX = 50;
const RAMP_MS = 3_000;

/** How many should have come after `ms`: the rate grows evenly over the ramp, then stays. */
export function dueAfter(ms: number, perSecond: number, rampMs: number): number {
  const whole = ms < rampMs ? (ms * ms) / (2 * rampMs) : ms - rampMs / 2;
  return (whole / 1_000) * perSecond;
}

export function beginCrowd(options: CrowdOptions): Crowd {
  const {
    count,
    perSecond,
    rampMs = RAMP_MS,
    shopper,
    onEvent,
    walk: begin = beginJourney,
    ...shared
  } = options;
  const { surroundings } = options;
  const tally = beginTally(count);
  const journeys = new Set<Journey>();
  let isStopped = false;

  async function walk(index: number): Promise<Ending> {
    const nobody: Ending = { result: "refused", state: null, entryId: null, ticket: null };
    let who: Shopper;
    try {
      who = await shopper(index);
    } catch (error) {
      return { ...nobody, refusal: error instanceof Error ? error.message : String(error) };
    }
    if (isStopped) return { ...nobody, result: "stopped" };
    const journey = begin({
      ...shared,
      ...who,
      onEvent: (event) => {
        tally.take(index, event);
        onEvent?.(index, event);
      },
    });
    journeys.add(journey);
    const ending = await journey.ended;
    journeys.delete(journey);
    return ending;
  }

  let haveCome: () => void = () => {};
  const came = new Promise<void>((resolve) => {
    haveCome = resolve;
  });

  async function come(): Promise<Ending[]> {
    const begunAt = surroundings.now();
    const walking: Promise<Ending>[] = [];
    while (walking.length < count) {
      if (isStopped) break;
      const due = Math.min(count, Math.ceil(dueAfter(surroundings.now() - begunAt, perSecond, rampMs)));
      const now = Math.min(due, walking.length + AT_ONCE_MAX);
      while (walking.length < now) walking.push(walk(walking.length));
      if (walking.length < count) await pause(surroundings, now < due ? 0 : STEP_MS);
    }
    haveCome();
    return Promise.all(walking);
  }

  return {
    tally,
    came,
    ended: come(),
    stop() {
      isStopped = true;
      for (const journey of journeys) journey.stop();
    },
  };
}
