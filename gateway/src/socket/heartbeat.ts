// Heartbeats without a timer for each socket: sockets are dealt into slots, one slot is pinged at each beat by one
// published frame, and the slot whose time to answer is over is looked through. Pure bookkeeping; the caller beats.

/** What the heartbeat keeps on each socket, set and read by it alone (but `heardAt`, see {@link Heartbeat.now}). */
export interface Beating {
  slot: number;
  place: number;
  /** The beat during which something last came from the peer. */
  heardAt: number;
}

/** Beats are at least this far apart, so that they cost nothing. */
const BEAT_MS_MIN = 50;
/** Enough that the pings of a crowd are spread, few enough that each publish has a crowd to serve. */
const SLOTS_MAX = 50;
/** A slot below this is never called crowded. */
const SLOT_COMFORT = 64;

export class Heartbeat<Member extends Beating> {
  /** How far apart beats must come, in ms. */
  readonly beatMs: number;
  /** The running number of the beat: a socket from which something comes notes it as `heardAt`. */
  now = 0;
  readonly #slots: Member[][];
  readonly #graceBeats: number;
  #size = 0;

  constructor(times: { pingIntervalMs: number; pingTimeoutMs: number }) {
    const count = Math.max(1, Math.min(SLOTS_MAX, Math.floor(times.pingIntervalMs / BEAT_MS_MIN)));
    this.beatMs = Math.max(1, Math.round(times.pingIntervalMs / count));
    this.#slots = Array.from({ length: count }, () => []);
    this.#graceBeats = Math.max(1, Math.ceil(times.pingTimeoutMs / this.beatMs));
  }

  get size(): number {
    return this.#size;
  }

  /** How many beats a time lasts, rounded up. */
  beats(ms: number): number {
    return Math.max(1, Math.ceil(ms / this.beatMs));
  }

  /** Deals a new member into a slot; its first ping comes about one interval from now. Returns the slot. */
  add(member: Member): number {
    member.slot = chooseSlot(this.#slots, this.now, this.#size);
    const slot = this.#slots[member.slot];
    if (slot === undefined) throw new Error(`There is no slot ${member.slot}.`); // chooseSlot would be wrong
    member.place = slot.length;
    member.heardAt = this.now;
    slot.push(member);
    this.#size++;
    return member.slot;
  }

  remove(member: Member): void {
    const slot = this.#slots[member.slot];
    if (slot === undefined || slot[member.place] !== member) return;
    const last = slot.pop();
    if (last !== undefined && last !== member) {
      slot[member.place] = last;
      last.place = member.place;
    }
    this.#size--;
  }

  /**
   * One beat: `ping` is called with the slot whose turn it is, and `expire` with each member that was pinged
   * `pingTimeoutMs` ago and has been silent since. Time is counted in beats that really happened: a process that was
   * stopped for a minute takes up where it was, and does not close sockets whose answers it has not read yet.
   */
  beat(ping: (slot: number) => void, expire: (member: Member) => void): void {
    this.now++;
    const count = this.#slots.length;
    ping(this.now % count);
    const pingedAt = this.now - this.#graceBeats;
    if (pingedAt <= 0) return;
    const due = this.#slots[pingedAt % count] ?? [];
    // Backwards: expiring removes, and a removal moves only members that were already looked at.
    for (let i = due.length - 1; i >= 0; i--) {
      const member = due[i];
      if (member !== undefined && member.heardAt < pingedAt) expire(member);
    }
  }

  /** Whether nothing has come from a member since its last ping. */
  awaits(member: Beating): boolean {
    const count = this.#slots.length;
    const pingedAt = this.now - ((((this.now - member.slot) % count) + count) % count);
    return pingedAt > 0 && member.heardAt < pingedAt;
  }

  /** Every member, in no order. Members may be removed meanwhile. */
  *members(): Generator<Member> {
    for (const slot of this.#slots) {
      for (let i = slot.length - 1; i >= 0; i--) {
        const member = slot[i];
        if (member !== undefined) yield member;
      }
    }
  }
}

/**
 * The slot for a new member: the one pinged just now, whose next turn is a whole interval away, or when a crowd
 * comes at once the next one that is not crowded, back to half an interval. So a lone socket is never pinged early
 * and ten thousand that reconnect together are not pinged together.
 */
export function chooseSlot(slots: readonly { length: number }[], now: number, size: number): number {
  const count = slots.length;
  const crowded = Math.max(SLOT_COMFORT, (2.5 * size) / count);
  let best = now % count;
  let bestLoad = slots[best]?.length ?? 0;
  for (let back = 0; back <= count / 2; back++) {
    const index = (((now - back) % count) + count) % count;
    const load = slots[index]?.length ?? 0;
    if (load < crowded) return index;
    if (load < bestLoad) {
      best = index;
      bestLoad = load;
    }
  }
  return best;
}
