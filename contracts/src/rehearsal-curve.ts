// How a rehearsal should go, computed beforehand from its configuration alone: a pure function, so that what is seen can
// be held against it. docs/concepts/rehearsals.md tells the formula in words. No schemas here, so that pages may have it.
import { BEHAVIOURS, type Behaviour, type SaleBehaviour } from "./rehearsal-behaviour.ts";
import { Later, STEP_SECONDS } from "./rehearsal-later.ts";

/** Seconds over which a crowd's rate of coming grows evenly, before it stays. */
export const CROWD_RAMP_SECONDS = 3;
/** Who dawdles uses up to so much of a window: what is later than that counts as missing it, which other kinds do. */
const WINDOW_SHARE = 0.8;

/** What a rehearsal's course follows from. */
export interface RehearsalShape {
  /** Absent: a lottery. */
  kind?: "lottery" | "rush";
  shoppers: number;
  /** How many come in a second. */
  perSecond: number;
  /** After so many seconds units are offered. In a lottery everybody has come by then. */
  opensSecond: number;
  quantity: number;
  ratePerSecond: number;
  burst: number;
  claimWindowSeconds: number;
  purchaseWindowSeconds: number;
  behaviour: SaleBehaviour;
  speed: number;
}

/** What has happened after so many seconds. */
export interface ExpectedPoint {
  second: number;
  joined: number;
  offered: number;
  claimed: number;
  confirmed: number;
  sold: number;
}

export interface Delays {
  decide: { least: number; most: number };
  pay: { least: number; most: number };
  leave: { least: number; most: number };
}

/** How long shoppers take in a rehearsal, in seconds: at its speed, and within its windows. */
export function delaysOf(
  shape: Pick<RehearsalShape, "behaviour" | "speed" | "claimWindowSeconds" | "purchaseWindowSeconds">,
): Delays {
  const { decideMs, payMs, leaveMs } = BEHAVIOURS[shape.behaviour];
  const within = (ms: { least: number; most: number }, mostSeconds: number) => ({
    least: Math.min(ms.least / 1_000 / shape.speed, mostSeconds),
    most: Math.min(ms.most / 1_000 / shape.speed, mostSeconds),
  });
  return {
    decide: within(decideMs, WINDOW_SHARE * shape.claimWindowSeconds),
    pay: within(payMs, WINDOW_SHARE * shape.purchaseWindowSeconds),
    leave: within(leaveMs, Number.POSITIVE_INFINITY),
  };
}

/** How many of a crowd have come after so many seconds. */
export function comeAfter(
  seconds: number,
  { shoppers, perSecond }: Pick<RehearsalShape, "shoppers" | "perSecond">,
): number {
  const ramp = CROWD_RAMP_SECONDS;
  const whole = seconds < ramp ? (seconds * seconds) / (2 * ramp) : seconds - ramp / 2;
  return Math.min(shoppers, whole * perSecond);
}

/** After so many seconds all of them have come. */
export function allHaveCome({ shoppers, perSecond }: Pick<RehearsalShape, "shoppers" | "perSecond">): number {
  const ramp = CROWD_RAMP_SECONDS;
  const inRamp = (ramp * perSecond) / 2;
  return shoppers <= inRamp ? Math.sqrt((2 * ramp * shoppers) / perSecond) : shoppers / perSecond + ramp / 2;
}

const at = (seconds: number) => ({ least: seconds, most: seconds });
const NOTHING_MOVES = 1e-6;
/** Of units that are kept again and again: a rest of a rest is no unit, and would make the curve long for nothing. */
const KEPT_MIN = 0.02;

/**
 * The expected course: amounts are means, so they have fractions. Each step of a tenth of a second takes in turn what is
 * due: who comes, who leaves, what is given back, and then as many offers as the rate, the line and the free units allow.
 * @param secondsMax it is not looked further than this
 * @param pointsMax of the curve; the last is where nothing moves any more
 */
export function predictCurve(
  shape: RehearsalShape,
  secondsMax: number,
  pointsMax: number,
): { stepSeconds: number; points: ExpectedPoint[] } {
  const points: ExpectedPoint[] = [{ second: 0, joined: 0, offered: 0, claimed: 0, confirmed: 0, sold: 0 }];
  const course = shape.kind === "rush" ? new RushCourse(shape) : new Course(shape);
  const stepsASecond = Math.round(1 / STEP_SECONDS);
  for (let step = 1; step <= secondsMax * stepsASecond; step++) {
    course.step(step);
    if (step % stepsASecond !== 0) continue;
    points.push(course.point(step / stepsASecond));
    if (course.isOver(step * STEP_SECONDS)) break;
  }
  const stepSeconds = Math.max(1, Math.ceil(points.length / pointsMax));
  const shown = points.filter(({ second }, i) => second % stepSeconds === 0 || i === points.length - 1);
  return { stepSeconds, points: shown };
}

type ShareOf = (course: Behaviour["kinds"][number]["course"]) => number;

function sharesOf(behaviour: SaleBehaviour): ShareOf {
  const { kinds } = BEHAVIOURS[behaviour];
  const all = kinds.reduce((sum, { share }) => sum + share, 0);
  return (course) => (kinds.find((kind) => kind.course === course)?.share ?? 0) / all;
}

class Course {
  readonly #shape: RehearsalShape;
  readonly #delays: Delays;
  readonly #share: ShareOf;
  #joined = 0;
  #offered = 0;
  #claimed = 0;
  #confirmed = 0;
  #free: number;
  #tokens = 0;
  /** In line for the first time; and before them who comes back after a missed offer. */
  #waiting = 0;
  #back = 0;
  readonly #leaving = new Later();
  readonly #claims = { buys: new Later(), givesBack: new Later(), forgets: new Later() };
  readonly #orders = new Later();
  readonly #returns = new Later();
  readonly #comingBack = new Later();

  constructor(shape: RehearsalShape) {
    this.#shape = shape;
    this.#delays = delaysOf(shape);
    this.#free = shape.quantity;
    this.#share = sharesOf(shape.behaviour);
  }

  step(step: number): void {
    const seconds = step * STEP_SECONDS;
    const { decide, pay, leave } = this.#delays;
    const come = comeAfter(seconds, this.#shape) - this.#joined;
    this.#joined += come;
    this.#waiting += come;
    this.#leaving.put(step, come * this.#share("leaves"), leave);
    // Who has been offered a unit meanwhile claims it instead.
    this.#waiting = Math.max(0, this.#waiting - this.#leaving.take(step));
    this.#back += this.#comingBack.take(step);
    this.#free += this.#returns.take(step);
    const buys = this.#claims.buys.take(step);
    const givesBack = this.#claims.givesBack.take(step);
    const forgets = this.#claims.forgets.take(step);
    this.#claimed += buys + givesBack + forgets;
    this.#orders.put(step, buys, pay);
    this.#returns.put(step, givesBack, pay);
    this.#returns.put(step, forgets, at(this.#shape.purchaseWindowSeconds));
    this.#confirmed += this.#orders.take(step);
    if (seconds >= this.#shape.opensSecond) this.#offer(step, decide);
  }

  #offer(step: number, decide: Delays["decide"]): void {
    const { ratePerSecond, burst, claimWindowSeconds } = this.#shape;
    this.#tokens = Math.min(
      Math.max(burst, ratePerSecond * STEP_SECONDS),
      this.#tokens + ratePerSecond * STEP_SECONDS,
    );
    const back = Math.min(this.#tokens, this.#free, this.#back);
    const first = Math.min(this.#tokens - back, this.#free - back, this.#waiting);
    this.#tokens -= back + first;
    this.#free -= back + first;
    this.#back -= back;
    this.#waiting -= first;
    this.#offered += back + first;
    const missing = first * (this.#share("missesOnce") + this.#share("misses"));
    const givesBack = first * this.#share("givesBack");
    const forgets = first * this.#share("forgets");
    this.#claims.givesBack.put(step, givesBack, decide);
    this.#claims.forgets.put(step, forgets, decide);
    this.#claims.buys.put(step, back + first - missing - givesBack - forgets, decide);
    this.#returns.put(step, missing, at(claimWindowSeconds));
    this.#comingBack.put(step, first * this.#share("missesOnce"), at(claimWindowSeconds));
  }

  point(second: number): ExpectedPoint {
    const [joined, offered, claimed, confirmed] = [
      this.#joined,
      this.#offered,
      this.#claimed,
      this.#confirmed,
    ];
    return { second, joined, offered, claimed, confirmed, sold: confirmed };
  }

  /** Nobody is in anybody's way any more: all have come, and no unit moves. */
  isOver(seconds: number): boolean {
    if (seconds < this.#shape.opensSecond || this.#joined < this.#shape.shoppers) return false;
    const { buys, givesBack, forgets } = this.#claims;
    const moving = [buys, givesBack, forgets, this.#orders, this.#returns].reduce(
      (sum, { left }) => sum + left,
      0,
    );
    const inLine = this.#waiting + this.#back + this.#comingBack.left;
    return moving < NOTHING_MOVES && (inLine < NOTHING_MOVES || this.#free < NOTHING_MOVES);
  }
}

/**
 * Of a rush: who comes tries at once and again until they have a unit, as fast as the rate allows. Who has one pays, or
 * keeps it until the purchase window has passed; a rush knows no offer to miss. What is joined, offered and claimed in a
 * lottery is one thing here: a unit was got.
 */
class RushCourse {
  readonly #shape: RehearsalShape;
  readonly #pay: Delays["pay"];
  /** Of those who got a unit. */
  readonly #keepers: number;
  #come = 0;
  #trying = 0;
  #got = 0;
  #confirmed = 0;
  #free: number;
  #tokens: number;
  readonly #orders = new Later();
  readonly #returns = new Later();

  constructor(shape: RehearsalShape) {
    this.#shape = shape;
    this.#pay = delaysOf(shape).pay;
    const share = sharesOf(shape.behaviour);
    this.#keepers = share("givesBack") + share("forgets");
    this.#free = shape.quantity;
    // As the hot store has it: full until the first is taken.
    this.#tokens = shape.burst;
  }

  step(step: number): void {
    const seconds = step * STEP_SECONDS;
    const { opensSecond, ratePerSecond, burst, purchaseWindowSeconds } = this.#shape;
    const come = comeAfter(seconds, this.#shape) - this.#come;
    this.#come += come;
    this.#trying += come;
    this.#free += this.#returns.take(step);
    this.#confirmed += this.#orders.take(step);
    if (seconds < opensSecond) return;
    const got = Math.min(this.#tokens, this.#free, this.#trying);
    this.#tokens = Math.min(
      Math.max(burst, ratePerSecond * STEP_SECONDS),
      this.#tokens - got + ratePerSecond * STEP_SECONDS,
    );
    this.#free -= got;
    this.#trying -= got;
    this.#got += got;
    const kept = got * this.#keepers;
    this.#orders.put(step, got - kept, this.#pay);
    this.#returns.put(step, kept, at(purchaseWindowSeconds));
  }

  point(second: number): ExpectedPoint {
    const [got, confirmed] = [this.#got, this.#confirmed];
    return { second, joined: got, offered: got, claimed: got, confirmed, sold: confirmed };
  }

  /** All have come, no unit moves, and nobody who tries could get one. */
  isOver(seconds: number): boolean {
    if (seconds < this.#shape.opensSecond || this.#come < this.#shape.shoppers) return false;
    const isStill = this.#orders.left < NOTHING_MOVES && this.#returns.left < KEPT_MIN;
    return isStill && (this.#trying < NOTHING_MOVES || this.#free < NOTHING_MOVES);
  }
}
