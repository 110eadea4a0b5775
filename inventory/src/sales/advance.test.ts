import { PHASES } from "@dropgate/contracts/states/phase";
import { expect, test } from "vitest";
import { nextPhase, type PhaseSituation } from "./advance.ts";

const at = (seconds: number): Date => new Date(1_700_000_000_000 + seconds * 1000);
const sale = (change: Partial<PhaseSituation>): PhaseSituation => ({
  kind: "lottery",
  phase: "scheduled",
  lobbyAt: at(0),
  drawAt: at(10),
  opensAt: at(20),
  closesAt: at(30),
  now: at(-1),
  lobbyDrawn: false,
  unitsLeft: true,
  ...change,
});

test("each moment moves the phase once, not before", () => {
  expect(nextPhase(sale({ now: at(-1) }))).toBeNull();
  expect(nextPhase(sale({ now: at(0) }))).toBe("lobby");
  expect(nextPhase(sale({ phase: "lobby", now: at(9) }))).toBeNull();
  expect(nextPhase(sale({ phase: "lobby", now: at(10) }))).toBe("drawing");
  expect(nextPhase(sale({ phase: "drawing", now: at(20) }))).toBeNull();
  expect(nextPhase(sale({ phase: "drawing", lobbyDrawn: true, now: at(19) }))).toBeNull();
  expect(nextPhase(sale({ phase: "drawing", lobbyDrawn: true, now: at(20) }))).toBe("live");
});

test("a rush goes live when it opens, whatever its draw's time, and needs no draw", () => {
  const rush = { kind: "rush", phase: "lobby" } as const;
  expect(nextPhase(sale({ ...rush, now: at(10) }))).toBeNull();
  expect(nextPhase(sale({ ...rush, now: at(20) }))).toBe("drawing");
  expect(nextPhase(sale({ ...rush, phase: "drawing", now: at(20) }))).toBe("live");
});

test("a sale is sold out when no unit is free or held, and goes on when one comes back", () => {
  expect(nextPhase(sale({ phase: "live", now: at(21), unitsLeft: false }))).toBe("sold_out");
  expect(nextPhase(sale({ phase: "paused", now: at(21), unitsLeft: false }))).toBe("sold_out");
  expect(nextPhase(sale({ phase: "sold_out", now: at(21) }))).toBe("live");
  expect(nextPhase(sale({ phase: "sold_out", now: at(21), unitsLeft: false }))).toBeNull();
});

test("every phase closes at its time, and a closed one stays closed", () => {
  for (const phase of PHASES) {
    expect(nextPhase(sale({ phase, now: at(30), lobbyDrawn: true }))).toBe(
      phase === "closed" ? null : "closed",
    );
  }
});
