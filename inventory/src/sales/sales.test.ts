// The decisions about sales, each for all that can be: phases, actions, moments.
import { SALE_ACTIONS } from "@dropgate/contracts/endpoints";
import { type SaleCreate, saleCreateSchema } from "@dropgate/contracts/sale";
import { PHASE_TABLE, PHASES } from "@dropgate/contracts/states/phase";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decideAction } from "./act.ts";
import { decideSale } from "./create.ts";
import { judgeSchedule } from "./schedule.ts";

const lottery = { kind: "lottery" } as const;
const now = new Date("2030-01-01T12:00:00Z");
const at = (minutes: number): Date => new Date(now.getTime() + minutes * 60_000);
const times = { lobbyAt: at(-3), drawAt: at(1), opensAt: at(2), closesAt: at(60) };

describe("an action by hand", () => {
  it("goes where the table of phases lets its act go, in every phase", () => {
    const acts = { draw: "startDraw", pause: "pause", resume: "resume", close: "close" } as const;
    for (const phase of PHASES) {
      for (const [action, act] of Object.entries(acts)) {
        const decided = decideAction({ ...lottery, phase, ...times }, action as keyof typeof acts, now);
        const outcome = PHASE_TABLE[phase][act];
        const expected = "refused" in outcome ? outcome.refused : "to" in outcome ? outcome.to : null;
        expect([phase, action, decided.ok ? decided.value.to : decided.refusal]).toEqual([
          phase,
          action,
          expected,
        ]);
      }
    }
  });

  it("leaves a schedule that still runs forward, moments only being brought forward", () => {
    const minutes = fc.tuple(
      fc.integer({ min: -50, max: 50 }),
      fc.nat(30),
      fc.nat(30),
      fc.integer({ min: 1, max: 90 }),
    );
    fc.assert(
      fc.property(
        fc.constantFrom(...PHASES),
        fc.constantFrom(...SALE_ACTIONS),
        minutes,
        (phase, action, [a, b, c, d]) => {
          const schedule = {
            lobbyAt: at(a),
            drawAt: at(a + b),
            opensAt: at(a + b + c),
            closesAt: at(a + b + c + d),
          };
          // A phase that was reached has its moment behind it.
          const passed = PHASES.indexOf(phase);
          fc.pre(passed < PHASES.indexOf("lobby") || schedule.lobbyAt <= now);
          fc.pre(passed < PHASES.indexOf("drawing") || schedule.drawAt <= now);
          fc.pre(passed < PHASES.indexOf("live") || schedule.opensAt <= now || phase === "closed");
          const decided = decideAction({ ...lottery, phase, ...schedule }, action, now);
          if (!decided.ok) return;
          const { times: moved } = decided.value;
          for (const moment of ["lobbyAt", "drawAt", "opensAt", "closesAt"] as const) {
            expect(moved[moment] <= schedule[moment]).toBe(true);
          }
          // The table's own constraint, which a moment brought forward must not break.
          const judged = judgeSchedule({ ...moved, closesAt: at(200) }, now);
          expect(judged.ok).toBe(true);
          expect(moved.opensAt < moved.closesAt).toBe(true);
        },
      ),
    );
  });
});

describe("a new sale", () => {
  const chances = { id: "made", tag: "abcdef", idKey: new Uint8Array(32), secret: new Uint8Array(32) };
  const request = (over: object = {}): SaleCreate =>
    saleCreateSchema.parse({
      title: "A sale",
      sku: "s",
      quantity: 10,
      schedule: {
        drawAt: at(1).toISOString(),
        opensAt: at(2).toISOString(),
        closesAt: at(60).toISOString(),
      },
      ...over,
    });
  const decided = (over: object = {}) => {
    const outcome = decideSale(request(over), chances, now);
    if (!outcome.ok) throw new Error(outcome.refusal);
    return outcome.value;
  };

  it("has its lobby open from the start unless it is said otherwise", () => {
    expect(decided()).toMatchObject({ id: "made", phase: "lobby", lobbyAt: now, poolCount: 4, laneCount: 4 });
    expect(decided({ id: "mine" }).id).toBe("mine");
    const schedule = { ...request().schedule, lobbyAt: at(0.5).toISOString() };
    expect(decided({ schedule })).toMatchObject({ phase: "scheduled", lobbyAt: at(0.5) });
  });

  it("whose draw is past already had its lobby before that", () => {
    const schedule = { ...request().schedule, drawAt: at(-5).toISOString() };
    expect(decided({ schedule })).toMatchObject({ phase: "lobby", lobbyAt: at(-5) });
  });

  it("never has more pools than units, nor fewer lanes than pools", () => {
    for (const quantity of [1, 2, 3, 4, 5, 64, 1_000]) {
      for (const poolCount of [undefined, 1, 2, 4, 5, 64]) {
        const outcome = decideSale(request({ quantity, poolCount }), chances, now);
        if ((poolCount ?? 1) > quantity) {
          expect(outcome.ok).toBe(false);
        } else if (outcome.ok) {
          expect(outcome.value.poolCount).toBeLessThanOrEqual(quantity);
          expect(outcome.value.laneCount).toBeGreaterThanOrEqual(Math.max(4, outcome.value.poolCount));
        }
      }
    }
  });
});

it("a schedule is judged moment by moment, equal ones being in order but for the close", () => {
  const same = at(5);
  const flat = { lobbyAt: same, drawAt: same, opensAt: same, closesAt: at(6) };
  expect(judgeSchedule(flat, now).ok).toBe(true);
  const faulty = judgeSchedule({ lobbyAt: at(3), drawAt: at(2), opensAt: at(1), closesAt: at(1) }, now);
  expect(faulty.ok ? [] : faulty.errors?.map(({ pointer }) => pointer)).toEqual([
    "/schedule/drawAt",
    "/schedule/opensAt",
    "/schedule/closesAt",
  ]);
});
