// A refusal as it travels: RFC 9457, with a retry time that spreads the crowd.
import { RETRY_AFTER_MS_MAX, RETRY_AFTER_MS_MIN } from "@dropgate/contracts/limits";
import { REFUSALS, type Refusal, type RefusalKind } from "@dropgate/contracts/refusals";
import type { Problem } from "@dropgate/contracts/values";

/**
 * @param instance the request's path
 * @param random 0…1, for the spread of retryAfterMs
 */
export function problemOf(refusal: Refusal, instance: string, random: number): Problem {
  const kind: RefusalKind = REFUSALS[refusal.refusal];
  const retryAfterMs =
    refusal.retryAfterMs ?? (kind.retry ? spread(RETRY_AFTER_MS_MIN, RETRY_AFTER_MS_MAX, random) : undefined);
  return {
    type: `/docs/problems#${refusal.refusal}`,
    title: kind.title,
    status: kind.status,
    detail: refusal.detail ?? kind.detail,
    code: refusal.refusal,
    instance,
    ...(refusal.errors && { errors: refusal.errors }),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
    ...(refusal.final !== undefined && { final: refusal.final }),
  };
}

function spread(from: number, to: number, random: number): number {
  return Math.round(from + (to - from) * random);
}

/** Whole seconds for `Retry-After`, never sooner than `retryAfterMs`. */
export function retryAfterSeconds(retryAfterMs: number): string {
  return String(Math.max(1, Math.ceil(retryAfterMs / 1000)));
}
