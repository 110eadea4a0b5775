// How a shopper gets a place in the line. Joining twice is the same entry, so every repetition is safe.

import type { Joined } from "@dropgate/contracts/entry";
import { callAsShopper, type ShopperCall } from "./shopper-call.ts";

export type JoinResult =
  | { ok: true; joined: Joined; isNew: boolean; cookie: string | undefined; tookMs: number; tries: number }
  | { ok: false; refusal: string };

/** `tookMs` is the time of the POST that succeeded, alone. */
export async function join(call: Omit<ShopperCall, "what">): Promise<JoinResult> {
  const called = await callAsShopper({ ...call, what: "entries" });
  if (!called.ok) return called;
  const { status, body, cookie, tookMs, tries } = called;
  // Taken at the contract's word, as all frames are: the gateway's own suite checks them.
  return { ok: true, joined: body as Joined, isNew: status === 201, cookie, tookMs, tries };
}
