// Gathers what a check found. The first few offenders are named, the rest counted: a sale with a million
// wrong rows has one cause, and a report must stay readable.
import type { Verdict } from "./look.ts";

const NAMED_MAX = 5;

export class Evidence {
  private readonly named: string[] = [];
  private count = 0;

  /** One thing that is wrong, as half a sentence that names it. */
  found(fault: string): void {
    this.count++;
    if (this.named.length < NAMED_MAX) this.named.push(fault);
  }

  /** @param whenGood what was looked at, for a check that found nothing */
  verdict(whenGood: string): Verdict {
    if (this.count === 0) return { ok: true, detail: whenGood };
    const more = this.count - this.named.length;
    return { ok: false, detail: this.named.join("; ") + (more > 0 ? `; and ${more} more` : "") };
  }
}
