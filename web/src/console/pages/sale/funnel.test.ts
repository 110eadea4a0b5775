import { expect, test } from "vitest";
import { funnelOf } from "./funnel.ts";

const NONE = {
  joined: 0,
  left: 0,
  offered: 0,
  claimed: 0,
  confirmed: 0,
  lapsed: 0,
  rejoined: 0,
  expired: 0,
  released: 0,
  cancelled: 0,
  restored: 0,
};

test("each step is told as a part of the one before, with who was lost there", () => {
  const totals = {
    ...NONE,
    joined: 1_000,
    left: 20,
    offered: 100,
    lapsed: 10,
    rejoined: 4,
    claimed: 80,
    expired: 5,
    confirmed: 60,
  };
  expect(funnelOf(totals, String)).toEqual([
    { name: "Joined", count: 1_000, part: null, lost: ["20 left the line"] },
    { name: "Offered", count: 100, part: 0.1, lost: ["10 let it lapse", "4 of them came back"] },
    { name: "Claimed", count: 80, part: 0.8, lost: ["5 ran out of time"] },
    { name: "Confirmed", count: 60, part: 0.75, lost: [] },
  ]);
});

test("before anybody came there is no part of nothing", () => {
  expect(funnelOf(NONE, String).map(({ part }) => part)).toEqual([null, null, null, null]);
});
