// What a shopper asks for beside their place, counted: by the shopper where they are known, by the address where not.
import { type Refusal, refuse } from "@dropgate/contracts/refusals";
import { countedAs } from "../edge/address.ts";
import type { Call } from "../edge/call.ts";
import type { Services } from "../services.ts";

export function countAsk(
  { asksByShopper }: Pick<Services, "asksByShopper">,
  shopper: string,
): Refusal | null {
  return limited(asksByShopper.take(shopper, performance.now()));
}

/** A stranger's. The same tokens as joins': who tries secrets has no more of them. */
export function countStranger(
  { joinsByAddress }: Pick<Services, "joinsByAddress">,
  call: Pick<Call, "address">,
): Refusal | null {
  return limited(joinsByAddress?.take(countedAs(call.address()), performance.now()) ?? 0);
}

function limited(waitMs: number): Refusal | null {
  if (waitMs <= 0) return null;
  return refuse("RATE_LIMITED", { retryAfterMs: Math.ceil(waitMs * (1 + Math.random())) });
}
