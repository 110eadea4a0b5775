// What the page shows at one instant: the room's state seen by the server's clock. Whatever moves by itself (the
// countdowns, the glide, the estimate) is advanced here, from moment to moment, by a pure function.
import { type Estimate, estimateWait, type Slowing } from "../line/estimate.ts";
import { glidePosition } from "../line/glide.ts";
import { type Pace, paceRange, unseenPace, watchPace } from "../line/pace.ts";
import type { RoomState } from "./room-state.ts";
import { offsetOf } from "./server-clock.ts";
import { type Standing, standingOf } from "./standing.ts";

export interface Line {
  ticket: number;
  /** 1 is next; 0: the line has passed this number. */
  position: number;
  /** 0…1 of the way from where this browser first saw the ticket. */
  progress: number;
  estimate: Estimate | null;
  /** The last estimate that was said, though there is none just now: the next one is held to it. */
  promised: Estimate | null;
  pace: Pace;
  /** The highest rate that the shop has told while this browser watched. */
  rateMost: number;
}

export interface Moment {
  /** Server's clock in ms, or null before it has been heard. */
  serverNow: number | null;
  standing: Standing;
  /** There is a number and it still waits for its turn. */
  line: Line | null;
  /** Nothing reaches us: the figures are the last we heard. */
  isAway: boolean;
}

/** A line that is cut and back within this time is nobody's concern. */
const AWAY_GRACE_MS = 1_200;
/** Until the first connection a slow phone gets longer. */
const CONNECTING_GRACE_MS = 6_000;

/**
 * The next moment.
 * @param before the last moment, or null
 * @param now our own clock in ms
 */
export function nextMoment(before: Moment | null, state: RoomState, now: number): Moment {
  const offset = offsetOf(state.clock);
  const serverNow = offset === null ? null : now + offset;
  const standing = standingOf(state, serverNow ?? now);
  const graceMs = state.link === "connecting" ? CONNECTING_GRACE_MS : AWAY_GRACE_MS;
  const isCut = state.link === "away" || state.link === "connecting";
  const isAway = isCut && now - state.linkSince >= graceMs;
  // Away, the figures stand still: a glide would tell of a line that we can't see.
  const line = lineOf(before, state, standing, isAway ? null : serverNow);
  return { serverNow, standing, line, isAway };
}

function lineOf(
  before: Moment | null,
  state: RoomState,
  standing: Standing,
  serverNow: number | null,
): Line | null {
  const isInLine =
    standing.kind === "waiting" ||
    standing.kind === "drawn" ||
    standing.kind === "paused" ||
    standing.kind === "soldOut";
  if (!isInLine || standing.ticket === null || state.serving === null) return null;
  const { ticket } = standing;
  const same = before?.line?.ticket === ticket ? before.line : null;
  const isMoving = standing.kind === "waiting";
  const position = glidePosition(ticket, state.serving, isMoving ? serverNow : null, same?.position ?? null);
  const startedAt = Math.min(state.kept?.startedAt ?? 0, ticket);
  const way = ticket - startedAt;
  const progress = way <= 0 ? 1 : Math.min(1, Math.max(0, (way - position) / way));
  const { serving, ratePerSecond } = state.serving;
  const rateMost = Math.max(same?.rateMost ?? 0, ratePerSecond);
  const promised = same?.promised ?? null;
  const still = { ticket, position, progress, rateMost, promised };
  // What stood still on purpose says nothing of how fast the line moves.
  if (!isMoving) return { ...still, estimate: same?.estimate ?? null, pace: unseenPace };
  const pace = same?.pace ?? unseenPace;
  if (serverNow === null) return { ...still, estimate: same?.estimate ?? null, pace };
  const watched = watchPace(pace, serving, serverNow);
  const range = paceRange(watched, ratePerSecond, serving, serverNow);
  const reason = slowingOf(
    before?.standing.kind === "paused",
    state,
    ratePerSecond < rateMost * RATE_LOWERED,
  );
  const estimate = estimateWait(promised, position, range, serverNow, reason);
  return { ...still, estimate, promised: estimate ?? promised, pace: watched };
}

/** A rate below this share of what it was has been turned down. */
const RATE_LOWERED = 0.9;

/** Why it takes longer, as far as this page can know. */
function slowingOf(wasPaused: boolean, { sale }: RoomState, isRateLowered: boolean): Slowing {
  if (wasPaused) return "paused";
  if (isRateLowered) return "rate";
  return sale?.stock.status === "in_stock" ? "slower" : "stock";
}
