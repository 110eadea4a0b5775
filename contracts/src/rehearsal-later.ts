// What is to happen later in a predicted course, step by step. Pure.

export const STEP_SECONDS = 0.1;

/** Amounts that become due later, by step; spread evenly over a span of steps. */
export class Later {
  readonly #change = new Map<number, number>();
  #rate = 0;
  /** Of what was put in and is not due yet. */
  left = 0;

  /** @param now the present step: nothing becomes due before the next */
  put(now: number, amount: number, span: { least: number; most: number }): void {
    if (amount <= 0) return;
    const from = now + Math.max(1, Math.round(span.least / STEP_SECONDS));
    const to = Math.max(from + 1, now + Math.round(span.most / STEP_SECONDS));
    const perStep = amount / (to - from);
    this.#change.set(from, (this.#change.get(from) ?? 0) + perStep);
    this.#change.set(to, (this.#change.get(to) ?? 0) - perStep);
    this.left += amount;
  }

  take(step: number): number {
    this.#rate += this.#change.get(step) ?? 0;
    this.#change.delete(step);
    const due = Math.min(this.left, Math.max(0, this.#rate));
    this.left -= due;
    return due;
  }
}
