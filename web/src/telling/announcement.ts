// What a screen reader is told, and when: each change of state, each tenth of the way, the time limits; never a tick.
// Pure: it compares what was so a moment ago with what is so now.

import type { Snapshot } from "@dropgate/client/room/room-store";
import { type CardContent, HELD_AMBER_MS, HELD_RED_MS } from "../card/card-content.ts";
import type { Texts } from "../texts/texts.ts";

/** As much of a moment as is worth saying when it differs. */
export interface Sayable {
  kind: CardContent["kind"];
  headline: string;
  tenths: number;
  /** The time limit that was passed last: seconds left, or null. */
  limit: number | null;
  isAway: boolean;
  refusal: string | null;
  message: string | null;
  /** The estimate has grown, and why. */
  slowing: string | null;
}

export interface Announcement {
  isUrgent: boolean;
  text: string;
}

const OFFER_LIMITS_S = [15];
const HELD_LIMITS_S = [HELD_AMBER_MS / 1_000, HELD_RED_MS / 1_000];

export function sayableOf({ room, moment }: Snapshot, content: CardContent, texts: Texts): Sayable {
  const { standing, line, serverNow, isAway } = moment;
  let limit: number | null = null;
  if (serverNow !== null && (standing.kind === "offered" || standing.kind === "held")) {
    const until = standing.kind === "offered" ? standing.claimBy : standing.until;
    const limits = standing.kind === "offered" ? OFFER_LIMITS_S : HELD_LIMITS_S;
    limit = limits.findLast((seconds) => until - serverNow <= seconds * 1_000) ?? null;
  }
  return {
    kind: content.kind,
    headline: content.headline,
    tenths: standing.kind === "waiting" ? Math.floor((line?.progress ?? 0) * 10) : 0,
    limit,
    isAway,
    refusal: room.refusal === null ? null : texts.refusal(room.refusal),
    message: content.message,
    slowing: grewBy(line, texts),
  };
}

function grewBy(line: Snapshot["moment"]["line"], texts: Texts): string | null {
  const reason = line?.estimate?.grewBy ?? null;
  return reason === null ? null : texts.lines.slowing[reason];
}

/** The one thing to say now, the most important first, or null. */
export function announce(
  before: Sayable | null,
  now: Sayable,
  { room, moment }: Snapshot,
  content: CardContent,
  texts: Texts,
): Announcement | null {
  const polite = (text: string): Announcement => ({ isUrgent: false, text });
  if (now.kind === "offered" && before?.kind !== "offered") {
    const { standing, serverNow } = moment;
    const left = standing.kind === "offered" && serverNow !== null ? standing.claimBy - serverNow : null;
    const seconds =
      left === null ? (room.sale?.claimWindowSeconds ?? 45) : Math.max(0, Math.round(left / 1_000));
    return { isUrgent: true, text: texts.spoken.offered(seconds) };
  }
  // The page has just been read out; from here on only what changes is news.
  if (before === null) return null;
  if (now.refusal !== null && now.refusal !== before.refusal) return polite(now.refusal);
  // Joined in the lobby, next in line, a unit held for longer: the state is the same, and there is news.
  if (now.kind !== before.kind || now.headline !== before.headline) {
    const news = now.message !== before.message && now.message !== null ? [now.message] : [];
    return polite([asSentence(now.headline, texts), ...content.lines, ...news].join(" "));
  }
  if (now.isAway !== before.isAway) {
    return polite(now.isAway ? texts.page.reconnectingSafe : texts.page.connected);
  }
  if (now.limit !== null && now.limit !== before.limit) {
    const isMinutes = now.limit >= 120;
    return polite(isMinutes ? texts.spoken.minutesLeft(now.limit / 60) : texts.spoken.secondsLeft(now.limit));
  }
  if (now.message !== null && now.message !== before.message) return polite(now.message);
  if (now.slowing !== null && now.slowing !== before.slowing) return polite(content.lines[0] ?? now.slowing);
  if (now.tenths > before.tenths) return polite(`${texts.progress(now.tenths)} ${content.figure.label}.`);
  return null;
}

/** A headline needs no full stop to be read, but to be heard before what follows. */
function asSentence(headline: string, { language }: Pick<Texts, "language">): string {
  if (/[.!?…。！？؟]$/u.test(headline)) return headline;
  return headline + (language === "ja" ? "。" : ".");
}
