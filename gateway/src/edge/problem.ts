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

/** What stands before and after the instance in the text of a refusal without errors, by what says which. */
const frames = new Map<string, { before: string; after: string }>();
/** More than all codes with all details that the source has; a detail made at run time must not fill memory. */
const FRAMES_MAX = 500;

/** `JSON.stringify(problemOf(…))`, of which a crowd that is refused hears millions: the parts that repeat are kept. */
export function problemText(
  refusal: Refusal,
  instance: string,
  random: number,
): { text: string; status: number; retryAfterMs: number | undefined } {
  const kind: RefusalKind = REFUSALS[refusal.refusal];
  const retryAfterMs =
    refusal.retryAfterMs ?? (kind.retry ? spread(RETRY_AFTER_MS_MIN, RETRY_AFTER_MS_MAX, random) : undefined);
  const { status } = kind;
  if (refusal.errors !== undefined) {
    return { text: JSON.stringify(problemOf(refusal, instance, random)), status, retryAfterMs };
  }
  // No detail and an empty one are two.
  const detailed = refusal.detail === undefined ? "" : `:${refusal.detail}`;
  const name = `${refusal.refusal}\n${refusal.final ?? ""}\n${detailed}`;
  let frame = frames.get(name);
  if (!frame) {
    const { type, title, detail, code } = problemOf(refusal, "", 0);
    const before = JSON.stringify({ type, title, status, detail, code }).slice(0, -1);
    frame = {
      before: `${before},"instance":`,
      after: refusal.final === undefined ? "}" : `,"final":${refusal.final}}`,
    };
    if (frames.size >= FRAMES_MAX) frames.clear();
    frames.set(name, frame);
  }
  const retry = retryAfterMs === undefined ? "" : `,"retryAfterMs":${retryAfterMs}`;
  return {
    text: frame.before + JSON.stringify(instance) + retry + frame.after,
    status,
    retryAfterMs,
  };
}

function spread(from: number, to: number, random: number): number {
  return Math.round(from + (to - from) * random);
}

/** Whole seconds for `Retry-After`, never sooner than `retryAfterMs`. */
export function retryAfterSeconds(retryAfterMs: number): string {
  return String(Math.max(1, Math.ceil(retryAfterMs / 1000)));
}
