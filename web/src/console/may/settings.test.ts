import { SIGNING_KEY_STATES } from "@dropgate/contracts/keys";
import { SIGNING_KEYS_REREAD_MS } from "@dropgate/contracts/limits";
import { ROLES } from "@dropgate/contracts/roles";
import { expect, test } from "vitest";
import { retireKey } from "./settings.ts";

const now = Date.parse("2026-03-01T12:00:00Z");
const keys = [
  { state: "signing", signsFrom: new Date(now - SIGNING_KEYS_REREAD_MS - 1).toISOString() },
] as const;

test("only a key that another one has taken over from is retired, and only by an admin", () => {
  for (const role of ROLES) {
    const may = SIGNING_KEY_STATES.filter((state) => retireKey(role, { state }, keys, now) === null);
    expect(may).toEqual(role === "admin" ? ["verifying"] : []);
  }
  expect(retireKey("admin", { state: "signing" }, keys, now)).toContain("change the signing key first");
  const soon = now - SIGNING_KEYS_REREAD_MS;
  expect(retireKey("admin", { state: "verifying" }, keys, soon)).toContain("wait half a minute");
});
