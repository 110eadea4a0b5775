// What follows from how somebody outside took what we sent: sent, tried again later, or given up. Pure.
import { WMS_RETRY_MS_MAX, WMS_RETRY_MS_MIN, WMS_TRIES_MAX } from "@dropgate/contracts/limits";
import type { Settlement } from "@dropgate/sql/warehouse/settle-request";
import type { CalledOut } from "./call-out.ts";

/** They understood and will not: the same bytes would be refused again. */
const FINAL = new Set([400, 413, 415, 422]);
/** Of their words so much stands in the list. */
const WORDS_MAX = 300;

/**
 * @param attempts tries so far, with this one
 * @param chance 0 to 1
 */
export function settlementOf(called: CalledOut, attempts: number, chance: number): Settlement {
  if (called.answered && called.status >= 200 && called.status < 300) return { to: "sent" };
  const error = called.answered ? answerIn(called) : called.reason;
  const isFinal = called.answered && FINAL.has(called.status);
  if (isFinal || attempts >= WMS_TRIES_MAX) return { to: "dead", error };
  return { to: "waiting", error, afterMs: pauseMs(attempts, chance) };
}

/** Doubled with each try up to a bound, and of that any part ("full jitter"): a thousand requests come back spread. */
export function pauseMs(attempts: number, chance: number): number {
  return chance * Math.min(WMS_RETRY_MS_MAX, WMS_RETRY_MS_MIN * 2 ** (attempts - 1));
}

function answerIn({ status, text }: { status: number; text: string }): string {
  const words = wordsOf(text);
  const where = status >= 300 && status < 400 ? `${status}, and redirects are not followed` : `${status}`;
  return words === "" ? `it answered ${where}` : `it answered ${where}: ${words}`;
}

/** How an answer begins: PostgreSQL takes no NUL and no half of a character, and a list no line breaks. */
export function wordsOf(text: string): string {
  const line = text
    .replace(/[\p{Cc}\s]+/gu, " ")
    .trim()
    .slice(0, WORDS_MAX);
  return line.replace(/[\p{Cs}]/gu, "");
}
