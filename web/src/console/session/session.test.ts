import type { ConsoleSession } from "@dropgate/contracts/operators";
import { expect, test } from "vitest";
import { afterRefusal, type SessionState } from "./session.ts";

const session: ConsoleSession = {
  operator: { id: "o", email: "ann@shop.example", name: "Ann", role: "operator" },
  scopes: ["read", "run"],
  csrfToken: "t",
  mustChangePassword: false,
  signedInAt: "2026-01-01T00:00:00Z",
  expiresAt: "2026-01-08T00:00:00Z",
  idleSeconds: 60,
};
const inside: SessionState = { kind: "in", session };

test("a session that no call opens any more is over, wherever the call was made", () => {
  expect(afterRefusal(inside, { code: "UNAUTHENTICATED" })).toEqual({ kind: "nobody", why: "over" });
});

test("a password that was reset meanwhile has to be changed before anything else", () => {
  const after = afterRefusal(inside, { code: "PASSWORD_CHANGE_REQUIRED" });
  expect(after).toMatchObject({ kind: "in", session: { mustChangePassword: true } });
});

test("no other refusal, and none while nobody is in, changes who is signed in", () => {
  for (const code of ["FORBIDDEN", "WRONG_STATE", "BUSY", "AWAY", "SIGN_IN_FAILED", "RATE_LIMITED"]) {
    expect(afterRefusal(inside, { code })).toBe(inside);
  }
  const nobody: SessionState = { kind: "nobody", why: "first" };
  expect(afterRefusal(nobody, { code: "UNAUTHENTICATED" })).toBe(nobody);
});
