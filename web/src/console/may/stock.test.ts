import { ROLES } from "@dropgate/contracts/roles";
import { expect, test } from "vitest";
import { closeTransfer, decideOn, decideOnAlert, decideOnEvent, resend } from "./stock.ts";

test("only who approves decides on corrections, and only on those that wait", () => {
  expect(ROLES.filter((role) => decideOn(role, "awaiting_approval") === null)).toEqual(["approver", "admin"]);
  expect(decideOn("approver", "applied")).toBe("It is decided already.");
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
