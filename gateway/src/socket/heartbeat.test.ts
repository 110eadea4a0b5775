// The heartbeat without a network: beats are counted by hand, members are plain objects.
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Beating, chooseSlot, Heartbeat } from "./heartbeat.ts";

const newMember = (): Beating => ({ slot: -1, place: -1, heardAt: -1 });
const TIMES = { pingIntervalMs: 1_000, pingTimeoutMs: 300 }; // 20 slots, 50 ms a beat, 6 beats to answer

describe("the heartbeat", () => {
  it("pings every member once in an interval, a lone one a whole interval after it came", () => {
    const heartbeat = new Heartbeat(TIMES);
    for (let i = 0; i < 7; i++)
      heartbeat.beat(
        () => {},
        () => {},
      );
    const member = newMember();
    const slot = heartbeat.add(member);
    const pings: number[] = [];
    for (let i = 1; i <= 60; i++) {
      heartbeat.beat(
        (pinged) => {
          if (pinged === slot) pings.push(i);
        },
        () => {},
      );
      member.heardAt = heartbeat.now;
    }
    expect(pings).toEqual([20, 40, 60]);
  });

  it("expires a member that is silent after its ping, and only that one", () => {
    const heartbeat = new Heartbeat(TIMES);
    const [silent, alive] = [newMember(), newMember()];
    heartbeat.add(silent);
    heartbeat.add(alive);
    const expired: [number, Beating][] = [];
    for (let i = 1; i <= 60; i++) {
      heartbeat.beat(
        (slot) => {
          if (slot === alive.slot) alive.heardAt = heartbeat.now;
        },
        (member) => {
          expired.push([i, member]);
          heartbeat.remove(member);
        },
      );
    }
    expect(expired).toEqual([[26, silent]]);
    expect(heartbeat.size).toBe(1);
  });

  it("does not take a word from before the ping for an answer", () => {
    const heartbeat = new Heartbeat(TIMES);
    const member = newMember();
    heartbeat.add(member);
    let expired = 0;
    for (let i = 1; i <= 26; i++) {
      if (i < 20) member.heardAt = heartbeat.now;
      heartbeat.beat(
        () => {},
        () => expired++,
      );
      expect(heartbeat.awaits(member)).toBe(i >= 20);
    }
    expect(expired).toBe(1);
  });

  it("gives time to answer that is longer than the interval", () => {
    const heartbeat = new Heartbeat({ pingIntervalMs: 300, pingTimeoutMs: 1_000 });
    const member = newMember();
    heartbeat.add(member);
    const expiredAt: number[] = [];
    for (let i = 1; i <= 26; i++)
      heartbeat.beat(
        () => {},
        () => expiredAt.push(i),
      );
    expect(expiredAt).toEqual([26]); // pinged at beat 6, 20 beats to answer
  });

  it("spreads a crowd that comes at once over half an interval, none early", () => {
    const heartbeat = new Heartbeat({ pingIntervalMs: 25_000, pingTimeoutMs: 20_000 });
    const loads = new Map<number, number>();
    for (let i = 0; i < 10_000; i++) {
      const slot = heartbeat.add(newMember());
      loads.set(slot, (loads.get(slot) ?? 0) + 1);
    }
    expect(Math.max(...loads.values())).toBeLessThanOrEqual(600);
    for (const slot of loads.keys()) expect(slot === 0 || slot >= 25).toBe(true); // pinged 25 beats from now or later
  });

  it("keeps its books through any coming and going", () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.constant("add"), fc.constant("beat"), fc.nat({ max: 50 }))),
        (acts) => {
          const heartbeat = new Heartbeat(TIMES);
          const members: Beating[] = [];
          for (const act of acts) {
            if (act === "add") {
              const member = newMember();
              heartbeat.add(member);
              members.push(member);
            } else if (act === "beat") {
              heartbeat.beat(
                () => {},
                () => {},
              );
            } else {
              const [gone] = members.splice(act % (members.length + 1), 1);
              if (gone === undefined) continue;
              heartbeat.remove(gone);
              heartbeat.remove(gone); // a second time changes nothing
            }
          }
          expect(heartbeat.size).toBe(members.length);
          expect(new Set(heartbeat.members())).toEqual(new Set(members));
        },
      ),
    );
  });

  it("deals into the least crowded of the late slots when all are crowded", () => {
    const slots = Array.from({ length: 4 }, () => ({ length: 1_000 }));
    slots[1] = { length: 999 };
    expect(chooseSlot(slots, 2, 400)).toBe(1);
  });
});
