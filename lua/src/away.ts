// What a caller gets when the hot store could not be asked, or its answer never came. An exception, not a
// refusal: the connection broke, and whether the script ran may be unknown.

/** `nothing`: no script was sent. `unknown`: it may have run; whoever asked looks at the state again. */
export type AwayEffect = "nothing" | "unknown";

export class HotStoreAway extends Error {
  readonly effect: AwayEffect;

  constructor(message: string, effect: AwayEffect, cause?: unknown) {
    super(`the hot store is away: ${message}${effect === "unknown" ? " (outcome unknown)" : ""}`, { cause });
    this.name = "HotStoreAway";
    this.effect = effect;
  }
}
