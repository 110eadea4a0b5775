// Sockets that wait for their turn, kept in buckets by ticket, so that when the line moves only those are looked
// at who come into a nearer cadence band: each socket at most once for each band, never the whole crowd.
import { bandEnd, bandOf, CADENCE_BANDS } from "./cadence.ts";

/** What the line keeps with each of its members. The links make a bucket's list, so leaving costs nothing. */
export interface InLine {
  /** 0: not in line. */
  ticket: number;
  band: number;
  nextInLine: InLine | null;
  beforeInLine: InLine | null;
}

const TICKETS_PER_BUCKET = 64;

export class Line<Member extends InLine> {
  readonly #buckets = new Map<number, InLine>();
  /** By band: tickets below this are in it or nearer. Never falls: nobody is moved back. */
  readonly #ends: number[] = CADENCE_BANDS.map(() => 0);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** Puts a member in, with its band as the line stands now (of the last `advance`). */
  add(member: Member, ticket: number, serving: number, ratePerSecond: number): void {
    member.ticket = ticket;
    const passed = this.#ends.findIndex((end) => ticket < end);
    const now = bandOf(Math.max(0, ticket - serving), ratePerSecond);
    member.band = passed === -1 ? now : Math.min(passed, now);
    const bucket = bucketOf(ticket);
    const first = this.#buckets.get(bucket) ?? null;
    member.nextInLine = first;
    member.beforeInLine = null;
    if (first !== null) first.beforeInLine = member;
    this.#buckets.set(bucket, member);
    this.#size++;
  }

  /** Takes a member out; one that is not in line stays out. */
  remove(member: Member): void {
    if (member.ticket === 0) return;
    const { nextInLine, beforeInLine } = member;
    if (nextInLine !== null) nextInLine.beforeInLine = beforeInLine;
    if (beforeInLine !== null) beforeInLine.nextInLine = nextInLine;
    else if (nextInLine !== null) this.#buckets.set(bucketOf(member.ticket), nextInLine);
    else this.#buckets.delete(bucketOf(member.ticket));
    member.ticket = 0;
    member.nextInLine = null;
    member.beforeInLine = null;
    this.#size--;
  }

  /**
   * Moves up whoever has come nearer.
   * @param moved told of each, its `band` being the new one already
   */
  advance(serving: number, ratePerSecond: number, moved: (member: Member, from: number) => void): void {
    // From the farthest band: who passes two ends at once is then told of each step, in order.
    for (let band = CADENCE_BANDS.length - 2; band >= 0; band--) {
      const end = bandEnd(band, serving, ratePerSecond);
      const before = this.#ends[band] ?? 0;
      if (end <= before) continue;
      this.#ends[band] = end;
      this.#visit(before, end, (member) => {
        if (member.band <= band) return;
        const from = member.band;
        member.band = band;
        moved(member, from);
      });
    }
  }

  /** Everybody whose ticket may lie in from ≤ ticket < end. */
  #visit(from: number, end: number, each: (member: Member) => void): void {
    if (this.#buckets.size === 0) return;
    const first = bucketOf(from);
    const last = bucketOf(Math.ceil(end) - 1);
    const inBucket = (head: InLine | undefined): void => {
      for (let member = head ?? null; member !== null; member = member.nextInLine) {
        // Only members are ever linked.
        if (member.ticket >= from && member.ticket < end) each(member as Member);
      }
    };
    if (last - first < this.#buckets.size) {
      for (let bucket = first; bucket <= last; bucket++) inBucket(this.#buckets.get(bucket));
    } else {
      // A jump over more buckets than there are: a rate that was raised a thousandfold.
      for (const [bucket, head] of this.#buckets) if (bucket >= first && bucket <= last) inBucket(head);
    }
  }
}

function bucketOf(ticket: number): number {
  return Math.floor(ticket / TICKETS_PER_BUCKET);
}
