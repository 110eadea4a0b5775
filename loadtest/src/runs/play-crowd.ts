// One driver's share of a crowd, from the first who comes to the last who has ended: what all load tests have in common.

import { beginCrowd } from "../crowd.ts";
import type { JourneyOptions } from "../journey.ts";
import { EAGER, type Plan } from "../plan.ts";
import type { Ending } from "../sightings.ts";
import { pause } from "../surroundings.ts";
import { type Moment, type Stage, shareOf } from "./load-test.ts";
import { beginRecorder } from "./metrics.ts";
import { openOffice } from "./office.ts";

export interface Scene extends Pick<JourneyOptions, "staysForOutcome" | "joinTriesMax"> {
  /** In all, over all drivers. */
  shoppers: number;
  perSecond: number;
  plan?: (random: number) => Plan;
  walk?: Parameters<typeof beginCrowd>[0]["walk"];
  /** They leave the page so many seconds after the last of this driver has come. Absent: each stays until its journey ends. */
  staySeconds?: number;
  /** Seconds after the last has come; each is told once. */
  moments?: readonly { moment: Moment; afterSeconds: number; says: string }[];
  /** Runs beside the crowd in the first driver: what somebody has to do for the sale to go on. */
  beside?: () => Promise<void>;
}

/** The rate is reached at once: a sale's opening does not ramp up. */
const RAMP_MS = 1;
const TOLD_MS = 5_000;

export async function playCrowd(stage: Stage, scene: Scene): Promise<Ending[]> {
  const { surroundings, share, meter } = stage;
  const count = shareOf(scene.shoppers, share);
  const office = openOffice(stage.place, surroundings);
  const recorder = beginRecorder(count, meter);
  const crowd = beginCrowd({
    gatewayUrls: stage.place.gatewayUrls,
    saleId: stage.target.saleId,
    surroundings,
    count,
    perSecond: (scene.perSecond * count) / scene.shoppers,
    rampMs: RAMP_MS,
    ...(scene.staysForOutcome !== undefined && { staysForOutcome: scene.staysForOutcome }),
    ...(scene.joinTriesMax !== undefined && { joinTriesMax: scene.joinTriesMax }),
    ...(scene.walk !== undefined && { walk: scene.walk }),
    shopper: (index) =>
      Promise.resolve({
        person: stage.person(share.driver + index * share.of),
        plan: scene.plan?.(surroundings.random()) ?? EAGER,
        checkout: (hold) => office.pay(hold),
      }),
    onEvent: (index, event) => recorder.take(index, event),
  });

  const cancels: (() => void)[] = [];
  const after = (seconds: number, act: () => void): void =>
    void cancels.push(surroundings.after(seconds * 1_000, act));
  const isFirst = share.driver === 0;
  const onceAllCame = async (): Promise<void> => {
    await crowd.came;
    if (scene.staySeconds !== undefined) after(scene.staySeconds, () => crowd.stop());
    for (const { moment, afterSeconds, says } of isFirst ? (scene.moments ?? []) : []) {
      after(afterSeconds, () => {
        stage.say(says);
        stage.onMoment(moment);
      });
    }
  };
  void onceAllCame();
  let said = "";
  const tell = (): void => {
    const { states, connected } = crowd.tally.standing();
    const shown = Object.entries(states).filter(([, shoppers]) => shoppers > 0);
    const now = `${shown.map(([state, shoppers]) => `${shoppers} ${state}`).join(", ")} · ${connected} connected`;
    if (now !== said) stage.say(share.of === 1 ? now : `driver 1 of ${share.of}: ${now}`);
    said = now;
    after(TOLD_MS / 1_000, tell);
  };
  if (isFirst) after(TOLD_MS / 1_000, tell);
  const beside = isFirst ? scene.beside?.() : undefined;
  const endings = await crowd.ended;
  for (const cancel of cancels) cancel();
  await beside;
  const { anomalies, refusals } = crowd.tally.standing();
  for (const anomaly of anomalies) stage.say(`must never be seen: ${anomaly}`);
  const refused = Object.entries(refusals).map(([what, times]) => `${times} × ${what}`);
  if (refused.length > 0) stage.say(`driver ${share.driver + 1} was refused ${refused.join(", ")}`);
  recorder.close();
  return endings;
}

/** Looks until the sale is sold out, or `seconds` are over, then closes it: so everybody hears the outcome. */
export async function closeWhenSoldOut(stage: Stage, seconds: number): Promise<void> {
  const { surroundings, target } = stage;
  const office = openOffice(stage.place, surroundings);
  const end = surroundings.now() + seconds * 1_000;
  for (;;) {
    const { phase, units, quantity } = await office.sale(target.saleId);
    if (phase === "closed") return;
    if (phase === "sold_out" || surroundings.now() > end) {
      stage.say(`${phase}: ${units.sold} of ${quantity} sold`);
      if (target.isOwn) await office.close(target.saleId);
      return;
    }
    await pause(surroundings, 500);
  }
}
