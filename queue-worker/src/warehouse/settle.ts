// What follows from how a request to a warehouse was taken: sent, tried again later, or given up. Pure.
import { WMS_RETRY_MS_MAX, WMS_RETRY_MS_MIN, WMS_TRIES_MAX } from "@dropgate/contracts/limits";
import type { Settlement } from "@dropgate/sql/warehouse/settle-request";
import type { CalledOut } from "../calling-out/call-out.ts";

/** The warehouse understood and will not: the same bytes would be refused again. */
const FINAL = new Set([400, 413, 415, 422]);
/** Of a warehouse's words so much stands in the list. */
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
  // PostgreSQL takes no NUL, and a list no line breaks.
  const words = text
    .replace(/[\p{Cc}\s]+/gu, " ")
    .trim()
    .slice(0, WORDS_MAX);
  const where = status >= 300 && status < 400 ? `${status}, and redirects are not followed` : `${status}`;
  return words === "" ? `it answered ${where}` : `it answered ${where}: ${words}`;
}
