// How a rehearsal has gone, as a curve beside the predicted one: what happened, added up second by second. Pure.
import { CURVE_POINTS_MAX } from "@dropgate/contracts/limits";
import type { ExpectedPoint } from "@dropgate/contracts/rehearsal-curve";
import type { Curve } from "@dropgate/sql/rehearsals/rehearsal-row";
import type { SeenSecond } from "@dropgate/sql/rehearsals/seen-curve";

/**
 * @param seconds in which something happened, in order
 * @param lastSecond to which the curve goes, also where nothing happens any more
 */
export function seenCurve(
  seconds: readonly SeenSecond[],
  lastSecond: number,
  pointsMax: number = CURVE_POINTS_MAX,
): Curve {
  const end = Math.max(lastSecond, seconds.at(-1)?.second ?? 0);
  const stepSeconds = Math.max(1, Math.ceil((end + 1) / pointsMax));
  const sum = { joined: 0, offered: 0, claimed: 0, confirmed: 0, sold: 0 };
  const points: ExpectedPoint[] = [];
  let next = 0;
  for (let second = 0; second <= end; second++) {
    for (let at = seconds[next]; at !== undefined && at.second <= second; at = seconds[++next]) {
      sum.joined += at.joined;
      sum.offered += at.offered;
      sum.claimed += at.claimed;
      sum.confirmed += at.confirmed;
      sum.sold += at.confirmed - at.cancelled;
    }
    if (second % stepSeconds === 0 || second === end) points.push({ second, ...sum });
  }
  return { stepSeconds, points };
}
