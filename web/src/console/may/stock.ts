// What may be done with stock, and why not; beside `may.ts`, whose roles it goes by.
import type { Adjustment } from "@dropgate/contracts/inventory";
import type { Role } from "@dropgate/contracts/roles";
import { byRole, type WhyNot } from "./may.ts";

/** Approving or rejecting a correction. Whether one's own may be approved hangs on colleagues, and the server says it. */
export function decideOn(role: Role, state: Adjustment["state"]): WhyNot {
  const barred = byRole(role, "approve");
  if (barred !== null) return barred;
  return state === "awaiting_approval" ? null : "It is decided already.";
}

/** Trying an event of the inbox again, or giving it up. */
export function decideOnEvent(role: Role, state: "waiting" | "applied" | "discarded"): WhyNot {
  const barred = byRole(role, "run");
  if (barred !== null) return barred;
  return state === "waiting" ? null : `It is ${state} already.`;
}

export function resend(role: Role, state: "waiting" | "sent" | "dead"): WhyNot {
  const barred = byRole(role, "run");
  if (barred !== null || state === "dead") return barred;
  return state === "sent" ? "The warehouse has it." : "It is tried again by itself.";
}

export function decideOnAlert(
  role: Role,
  state: "open" | "acknowledged" | "resolved",
  act: "acknowledge" | "resolve",
): WhyNot {
  const barred = byRole(role, "run");
  if (barred !== null) return barred;
  if (state === "resolved") return "It is resolved.";
  return act === "acknowledge" && state === "acknowledged" ? "Somebody has seen it already." : null;
}

export function closeTransfer(role: Role, closedAt: string | null): WhyNot {
  return byRole(role, "run") ?? (closedAt === null ? null : "It is closed.");
}
