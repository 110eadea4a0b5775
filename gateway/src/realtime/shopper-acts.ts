// What a shopper says over the socket: the same acts as over HTTP, answered by acknowledgement with the
// same body, or with the problem.

import { SHOPPER_EVENTS, type ShopperEvent } from "@dropgate/contracts/realtime";
import { type Outcome, refuse } from "@dropgate/contracts/refusals";
import { isAway, refusalOf } from "../edge/faults.ts";
import { problemOf } from "../edge/problem.ts";
import { validate } from "../edge/validate.ts";
import { holdView } from "../holds/hold-view.ts";
import { leaveEntry, rejoinEntry } from "../routes/entries.ts";
import { claimHold, releaseHold } from "../routes/holds.ts";
import type { Services } from "../services.ts";
import { SOCKET_PATH } from "./entrance.ts";
import type { Visitor } from "./visitor.ts";

function isShopperEvent(name: string): name is ShopperEvent {
  return Object.hasOwn(SHOPPER_EVENTS, name);
}

/**
 * Does what was asked.
 * @returns the acknowledgement's one argument
 */
export async function answerEvent(
  services: Services,
  visitor: Pick<Visitor, "own" | "who">,
  name: string,
  args: readonly unknown[],
): Promise<unknown> {
  let outcome: Outcome<unknown>;
  try {
    outcome = await act(services, visitor, name, args);
  } catch (error) {
    if (!isAway(error)) {
      services.metrics.unexpected.inc();
      services.log.error({ err: error, event: name }, "a shopper's event failed unexpectedly");
    }
    outcome = refusalOf(error);
  }
  if (outcome.ok) return outcome.value;
  services.metrics.refused(outcome.refusal);
  // The name is the contract's, or nobody knows what.
  const instance = isShopperEvent(name) ? SOCKET_PATH + name : SOCKET_PATH;
  return { problem: problemOf(outcome, instance, Math.random()) };
}

async function act(
  services: Services,
  { own, who }: Pick<Visitor, "own" | "who">,
  name: string,
  args: readonly unknown[],
): Promise<Outcome<unknown>> {
  if (!isShopperEvent(name)) return refuse("INVALID_REQUEST", { detail: "There is no such event." });
  if (own === null || who === null) return refuse("FORBIDDEN", { detail: "A spectator has no entry." });
  if (args.length > 1) return refuse("INVALID_REQUEST", { detail: "An event carries one payload at most." });
  const parsed = validate<unknown>(SHOPPER_EVENTS[name], args[0]);
  if (!parsed.ok) return parsed;
  if (name === "claim" || name === "release") {
    const { holdId } = parsed.value as { holdId: string }; // both schemas say so
    if (name === "claim") return claimHold(services, holdId, who);
    const released = await releaseHold(services, holdId, who);
    return released.ok ? { ok: true, value: { hold: holdView(released.value) } } : released;
  }
  if (name === "rejoin") return rejoinEntry(services, own);
  const left = await leaveEntry(services, own);
  return left.ok ? { ok: true, value: {} } : left;
}
