// One shopper's way through a rush: try for a unit, again as long as the answer says "later", and check out what was
// got. There is no line and nothing to wait for, so there is no connection either.
//
//   trying ─200─▶ held ─checkout─▶ ended        trying ─SOLD_OUT, final─▶ ended
//
// Every try is the same call with the same answer, so a lost one is simply repeated; tries are bounded by triesMax.

import type { Attempted } from "@dropgate/contracts/hold";
import type { Journey, JourneyOptions } from "./journey.ts";
import { callAsShopper } from "./shopper-call.ts";
import type { Ending, Sighting } from "./sightings.ts";

export interface RushOptions
  extends Pick<
    JourneyOptions,
    "gatewayUrls" | "saleId" | "person" | "plan" | "surroundings" | "checkout" | "onEvent"
  > {
  /** 60 by default. */
  triesMax?: number;
}

const TRIES = 60;

/** Of the plan, only what is done with a unit counts: it is paid, or kept until its window has passed. */
export function beginRush(options: RushOptions): Journey {
  const { surroundings, plan, onEvent } = options;
  const urls = options.gatewayUrls.map((url) => url.replace(/\/+$/, ""));
  let turn = Math.floor(surroundings.random() * urls.length);
  let isOver = false;
  let finish: (ending: Ending) => void = () => {};
  const ended = new Promise<Ending>((resolve) => {
    finish = resolve;
  });

  const tell = (sighting: Sighting): void => {
    if (!isOver) onEvent?.({ ...sighting, at: surroundings.now() });
  };
  function end(ending: Pick<Ending, "result" | "refusal" | "orderId" | "unit" | "entryId">): void {
    if (isOver) return;
    const whole: Ending = { state: null, ticket: null, ...ending };
    tell({ kind: "ended", ending: whole });
    isOver = true;
    finish(whole);
  }

  async function start(): Promise<void> {
    const called = await callAsShopper({
      what: "attempts",
      gatewayUrl: () => urls[turn++ % urls.length] ?? "",
      saleId: options.saleId,
      person: options.person,
      surroundings,
      triesMax: options.triesMax ?? TRIES,
      isStopped: () => isOver,
      onRefused: ({ code, retryMs }) => tell({ kind: "refused", during: "attempt", code, retryMs }),
    });
    if (!called.ok) {
      if (called.refusal === "SOLD_OUT") return end({ result: "sold_out", entryId: null });
      return end({ result: "refused", refusal: called.refusal, entryId: null });
    }
    const { hold, pass } = called.body as Attempted;
    tell({ kind: "attempted", tookMs: called.tookMs, tries: called.tries, hold });
    if (plan.atHold !== "pay") return end({ result: "final", entryId: hold.entryId });
    await new Promise<void>((resolve) => void surroundings.after(plan.payAfterMs, resolve));
    if (isOver) return;
    const begunAt = surroundings.now();
    const result = await options.checkout(hold, pass);
    tell({ kind: "checkedOut", tookMs: surroundings.now() - begunAt, hold, result });
    if (result.result !== "paid") return end({ result: "final", entryId: hold.entryId });
    end({ result: "purchased", orderId: result.orderId, unit: hold.unit, entryId: hold.entryId });
  }

  void start();
  return { ended, stop: () => end({ result: "stopped", entryId: null }) };
}
