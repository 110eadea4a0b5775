// What a shopper says over the socket: the same acts as over HTTP, answered by acknowledgement with the
// same body, or with the problem.

import { SHOPPER_EVENTS, type ShopperEvent } from "@dropgate/contracts/realtime";
import { type Outcome, type Refusal, refuse } from "@dropgate/contracts/refusals";
import { refusalOf } from "../edge/faults.ts";
import { problemOf } from "../edge/problem.ts";
import { holdView } from "../holds/hold-view.ts";
import { leaveEntry, rejoinEntry } from "../routes/entries.ts";
import { claimHold, releaseHold } from "../routes/holds.ts";
import type { Services } from "../services.ts";
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
  visitor: Visitor,
  name: string,
  args: readonly unknown[],
): Promise<unknown> {
  let outcome: Outcome<unknown>;
  try {
    outcome = await act(services, visitor, name, args);
  } catch (error) {
    outcome = refusalOf(error);
  }
  return outcome.ok ? outcome.value : { problem: problemOf(outcome, `/socket.io/${name}`, Math.random()) };
}

async function act(
  services: Services,
  { own, who }: Visitor,
  name: string,
  args: readonly unknown[],
): Promise<Outcome<unknown>> {
  if (!isShopperEvent(name)) return refuse("NOT_FOUND", { detail: "There is no such event." });
  if (own === null || who === null) return refuse("FORBIDDEN", { detail: "A spectator has no entry." });
  const parsed = SHOPPER_EVENTS[name].safeParse(args[0]);
  if (!parsed.success || args.length > 1) return invalid(parsed.error?.issues ?? []);
  if (name === "claim" || name === "release") {
    const { holdId } = parsed.data as { holdId: string };
    if (name === "claim") return claimHold(services, holdId, who);
    const released = await releaseHold(services, holdId, who);
    return released.ok ? { ok: true, value: { hold: holdView(released.value) } } : released;
  }
  if (name === "rejoin") return rejoinEntry(services, own);
  const left = await leaveEntry(services, own);
  return left.ok ? { ok: true, value: {} } : left;
}

function invalid(issues: readonly { path: PropertyKey[]; message: string }[]): Refusal {
  return refuse("INVALID_REQUEST", {
    errors: issues.map((issue) => ({
      pointer: issue.path.map((part) => `/${String(part)}`).join(""),
      detail: issue.message,
    })),
  });
}
