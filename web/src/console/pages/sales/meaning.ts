// What a sale that is being typed will mean, in sentences: how fast it sells, how long people have, and until when the
// last units may come back. Pure; nothing of it is a promise, which the words say.
import { durationText } from "../../ui/formats.ts";

export interface Planned {
  kind: "lottery" | "rush";
  quantity: number;
  ratePerSecond: number;
  burst: number;
  claimWindowSeconds: number;
  purchaseWindowSeconds: number;
  paymentExtensionSeconds: number;
  /** ms since 1970 */
  opensAt: number;
  closesAt: number;
}

export interface Meaning {
  sentences: string[];
  /** What the operator should think about before it is too late. */
  warnings: string[];
}

/** Seconds until the last unit is offered for the first time. */
export function offeredWithinSeconds({ kind, quantity, ratePerSecond, burst }: Planned): number {
  return kind === "rush" ? 0 : Math.max(0, quantity - burst) / ratePerSecond;
}

/** As people say it: 19 s are about 20. */
export function roughSeconds(seconds: number): number {
  const step = seconds < 10 ? 1 : seconds < 60 ? 5 : seconds < 600 ? 30 : seconds < 7_200 ? 60 : 600;
  return Math.max(1, Math.round(seconds / step)) * step;
}

/** When the last unit of the first round is back at the latest, if nobody pays for it; ms since 1970. */
export function lastReturnAt(planned: Planned): number {
  const { kind, claimWindowSeconds, purchaseWindowSeconds, paymentExtensionSeconds } = planned;
  const claim = kind === "rush" ? 0 : claimWindowSeconds;
  const held = claim + purchaseWindowSeconds + paymentExtensionSeconds;
  return planned.opensAt + (offeredWithinSeconds(planned) + held) * 1_000;
}

/** @param clock how a time of day is written */
export function meaningOf(planned: Planned, clock: (at: number) => string): Meaning {
  const { kind, quantity, ratePerSecond, claimWindowSeconds, purchaseWindowSeconds } = planned;
  const units = quantity === 1 ? "1 unit" : `${quantity} units`;
  const offered = offeredWithinSeconds(planned);
  const returnsBy = lastReturnAt(planned);
  const sentences =
    kind === "rush"
      ? [`${units}, first come, first served: sold as fast as people come.`]
      : [
          offered === 0
            ? `${units} at ${ratePerSecond}/s: all are offered at once.`
            : `${units} at ${ratePerSecond}/s: sold in about ${durationText(roughSeconds(offered))} once it opens, if enough people come.`,
          `Each shopper has ${durationText(claimWindowSeconds)} to claim an offer.`,
        ];
  sentences.push(
    `${durationText(purchaseWindowSeconds)} windows to pay, ${durationText(planned.paymentExtensionSeconds)} more once a payment has begun.`,
    `Last returns by ${clock(returnsBy)}; they go to the next in line.`,
  );
  return { sentences, warnings: warningsOf(planned, offered, returnsBy, clock) };
}

function warningsOf(
  planned: Planned,
  offered: number,
  returnsBy: number,
  clock: (at: number) => string,
): string[] {
  const { kind, quantity, ratePerSecond, burst, opensAt, closesAt } = planned;
  const openSeconds = (closesAt - opensAt) / 1_000;
  if (kind === "lottery" && offered > openSeconds) {
    const reached = Math.floor(burst + ratePerSecond * openSeconds);
    return [
      `It closes before all units are offered: about ${quantity - reached} are never offered. Raise the rate or close later.`,
    ];
  }
  if (returnsBy > closesAt) {
    return [
      `It closes at ${clock(closesAt)}, before the last returns can be offered again: those stay unsold.`,
    ];
  }
  return [];
}
