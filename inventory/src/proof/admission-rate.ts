// The line drains no faster than it was told to: in every span of time, offers ≤ rate × time + burst. That is
// the same as a bucket of tokens that never runs empty, so one walk along the offers judges every span.
//
// A tick counts its tokens first and writes its offers a moment later; seen from the ledger, the offers of a
// tick that dawdled come too close to the next ones, by at most what refilled meanwhile and never by more than
// a full bucket. So much is allowed: rate × the longest pause that a transaction survives, at most burst.
import { IDLE_IN_TRANSACTION_MS_MAX } from "@dropgate/contracts/limits";
import { Evidence } from "./evidence.ts";
import { type LedgerRow, ledgerPages, readHorizon } from "./ledger-rows.ts";
import type { Look, Verdict } from "./look.ts";

export async function admissionRate(look: Look): Promise<Verdict> {
  const { ratePerSecond, burst } = look.sale;
  const evidence = new Evidence();
  const bucket = new TokenBucket({ ratePerSecond, burst });
  let offers = 0;
  let tick = { tx: "", at: 0 };
  for await (const page of ledgerPages(look, await readHorizon(look))) {
    for (const row of page) {
      const rate = rateOf(row);
      if (rate !== null) bucket.change(rate, row.at);
      // In a rush the shopper's own try spends the token.
      if (row.act !== "offered" && row.act !== "attempted") continue;
      // All offers of a transaction are one tick's: as of its first row.
      if (tick.tx !== row.tx) tick = { tx: row.tx, at: row.at };
      offers++;
      const short = bucket.take(tick.at);
      if (short > 0) {
        evidence.found(
          `hold ${row.holdId} (ledger row ${row.id}) was offered ${short.toFixed(1)} offers too early at ${bucket.describe()}`,
        );
      }
    }
  }
  return evidence.verdict(
    `${offers} offers, at most ${bucket.fullest()} of what ${bucket.describe()} allows at once`,
  );
}

interface Rate {
  ratePerSecond: number;
  burst: number;
}

/** Whatever row tells a rate: the sale's creation, and each change of it. */
function rateOf({ data }: LedgerRow): Rate | null {
  const { ratePerSecond, burst } = data;
  return typeof ratePerSecond === "number" && typeof burst === "number" ? { ratePerSecond, burst } : null;
}

function slackOf({ ratePerSecond, burst }: Rate): number {
  return Math.min(burst, (ratePerSecond * IDLE_IN_TRANSACTION_MS_MAX) / 1_000);
}

/** Sums of many small floats are not exact; a whole offer is far from this. */
const ROUNDING = 1e-3;

/** Begins full: more than a real sale begins with. Times are seconds. */
class TokenBucket {
  private rate: Rate;
  private tokens: number;
  private at = Number.NEGATIVE_INFINITY;
  private leastShare = 1;

  constructor(rate: Rate) {
    this.rate = rate;
    this.tokens = this.capacity();
  }

  private capacity(): number {
    return this.rate.burst + slackOf(this.rate);
  }

  private refill(at: number): void {
    // Times of rows may lie a little crosswise; tokens never run backwards.
    if (at <= this.at) return;
    const gained = this.at === Number.NEGATIVE_INFINITY ? 0 : (at - this.at) * this.rate.ratePerSecond;
    this.tokens = Math.min(this.capacity(), this.tokens + gained);
    this.at = at;
  }

  change(rate: Rate, at: number): void {
    const first = this.at === Number.NEGATIVE_INFINITY;
    this.refill(at);
    const moreSlack = Math.max(0, slackOf(rate) - slackOf(this.rate));
    this.rate = rate;
    this.tokens = first ? this.capacity() : Math.min(this.capacity(), this.tokens + moreSlack);
  }

  /** @returns 0, or how many tokens were lacking; an offer that lacked one leaves the bucket as it was */
  take(at: number): number {
    this.refill(at);
    const left = this.tokens - 1;
    if (left < -ROUNDING) return -left;
    this.tokens = left;
    this.leastShare = Math.min(this.leastShare, left / this.capacity());
    return 0;
  }

  describe(): string {
    return `${this.rate.ratePerSecond} a second and ${this.rate.burst} at once`;
  }

  /** How full of offers the fullest span was, of all that it may hold. */
  fullest(): string {
    return `${Math.round((1 - Math.max(0, this.leastShare)) * 100)} %`;
  }
}
