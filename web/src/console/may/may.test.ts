import { ROLES } from "@dropgate/contracts/roles";
import { PHASE_TABLE, PHASES } from "@dropgate/contracts/states/phase";
import { describe, expect, test } from "vitest";
import { actOnSale, byRole, SALE_ACTS } from "./may.ts";

describe.each(["lottery", "rush"] as const)("of a %s", (kind) => {
  test.each(PHASES)("a button that can be pressed in %s is a move of the contract's table", (phase) => {
    const moves = {
      open: "openLobby",
      draw: "startDraw",
      pause: "pause",
      resume: "resume",
      close: "close",
    } as const;
    for (const act of SALE_ACTS) {
      const isMove = "to" in PHASE_TABLE[phase][moves[act]];
      const sellsNow = act === "open" && (phase === "drawing" || (kind === "rush" && phase === "lobby"));
      const isDrawless = act === "draw" && kind === "rush";
      expect(actOnSale("operator", { kind, phase }, act) === null, act).toBe(
        (isMove && !isDrawless) || sellsNow,
      );
    }
  });
});

test("a viewer may drive nothing, and is told who may", () => {
  for (const phase of PHASES) {
    for (const act of SALE_ACTS) {
      expect(actOnSale("viewer", { kind: "lottery", phase }, act)).toBe(
        "Your role viewer may not change sales and stock: ask an operator.",
      );
    }
  }
});

test("pausing is open to whoever runs sales whenever the sale is live", () => {
  const may = ROLES.filter((role) => actOnSale(role, { kind: "lottery", phase: "live" }, "pause") === null);
  expect(may).toEqual(["operator", "approver", "admin"]);
});

test("why not is a sentence that names the least role that may", () => {
  expect(byRole("operator", "administer")).toBe("Your role operator may not give rights: ask an admin.");
  expect(byRole("operator", "approve")).toBe(
    "Your role operator may not decide on corrections: ask an approver.",
  );
});
