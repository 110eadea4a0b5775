import { ROLES } from "@dropgate/contracts/roles";
import { expect, test } from "vitest";
import { closeTransfer, decideOn, decideOnAlert, decideOnEvent, resend } from "./stock.ts";

test("only who approves decides on corrections, and only on those that wait", () => {
  const waits = { state: "awaiting_approval", requestedBy: "operator:bootstrap" } as const;
  const ask = (role: (typeof ROLES)[number]): string | null =>
    decideOn({ id: "op_1", role }, waits, "approve");
  expect(ROLES.filter((role) => ask(role) === null)).toEqual(["approver", "admin"]);
  const decided = decideOn({ id: "op_1", role: "approver" }, { ...waits, state: "applied" }, "approve");
  expect(decided).toBe("It is decided already.");
});

test("nobody approves a correction that they asked for, and may take it back", () => {
  const own = { state: "awaiting_approval", requestedBy: "operator:op_1" } as const;
  for (const role of ["approver", "admin"] as const) {
    expect(decideOn({ id: "op_1", role }, own, "approve")).toContain("somebody else has to approve it");
    expect(decideOn({ id: "op_1", role }, own, "reject")).toBeNull();
    expect(decideOn({ id: "op_2", role }, own, "approve")).toBeNull();
  }
});

test("a viewer changes nothing of the stock, and what has come to its end is left alone by everybody", () => {
  for (const role of ROLES) {
    const waits = [decideOnEvent(role, "waiting"), resend(role, "dead"), closeTransfer(role, null)];
    expect(waits.every((whyNot) => whyNot === null)).toBe(role !== "viewer");
    const done = [decideOnEvent(role, "applied"), resend(role, "sent"), resend(role, "waiting")];
    done.push(closeTransfer(role, "2026-11-01T00:00:00Z"), decideOnAlert(role, "resolved", "resolve"));
    expect(done.every((whyNot) => whyNot !== null)).toBe(true);
  }
});

test("an alert that somebody has seen is resolved, and not seen again", () => {
  expect(decideOnAlert("operator", "acknowledged", "resolve")).toBe(null);
  expect(decideOnAlert("operator", "acknowledged", "acknowledge")).toBe("Somebody has seen it already.");
});
