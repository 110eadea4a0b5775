import { SIGNING_KEY_STATES } from "@dropgate/contracts/keys";
import { ROLES } from "@dropgate/contracts/roles";
import { expect, test } from "vitest";
import { retireKey } from "./settings.ts";

test("only a key that another one has taken over from is retired, and only by an admin", () => {
  for (const role of ROLES) {
    const may = SIGNING_KEY_STATES.filter((state) => retireKey(role, state) === null);
    expect(may).toEqual(role === "admin" ? ["verifying"] : []);
  }
  expect(retireKey("admin", "signing")).toContain("change the signing key first");
});
