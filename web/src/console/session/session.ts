// Who is signed in, for the whole page. The session itself is a cookie that no script can read; here is what the server
// says of it. A refusal of any call can end it.
import type { ConsoleSession } from "@dropgate/contracts/operators";
import { createContext, useContext, useSyncExternalStore } from "react";
import { bringToken, call, type Outcome, onRefusal, type Trouble } from "../api/call.ts";

/** `over`: there was one and it ended by itself; the page stays where it is until somebody signs in. */
export type SessionState =
  | { kind: "unknown" }
  | { kind: "away" }
  | { kind: "nobody"; why: "first" | "over" | "left" }
  | { kind: "in"; session: ConsoleSession };

let state: SessionState = { kind: "unknown" };
const listeners = new Set<() => void>();

function become(next: SessionState): void {
  state = next;
  bringToken(next.kind === "in" ? next.session.csrfToken : "");
  for (const listener of listeners) listener();
}

/** What a refusal says of the session. Pure. */
export function afterRefusal(now: SessionState, { code }: Pick<Trouble, "code">): SessionState {
  if (now.kind !== "in") return now;
  if (code === "UNAUTHENTICATED") return { kind: "nobody", why: "over" };
  if (code === "PASSWORD_CHANGE_REQUIRED" && !now.session.mustChangePassword) {
    return { kind: "in", session: { ...now.session, mustChangePassword: true } };
  }
  return now;
}

onRefusal((problem) => {
  const next = afterRefusal(state, problem);
  if (next !== state) become(next);
  // Another tab has signed in anew: the cookie is its, and so is the token.
  if (problem.code === "CSRF_TOKEN_INVALID") void look();
});

/** Asks whose session the browser has. */
export async function look(): Promise<void> {
  const outcome = await call("getSession", {});
  if (outcome.ok) become({ kind: "in", session: outcome.value });
  else if (outcome.problem.code === "UNAUTHENTICATED") {
    if (state.kind !== "nobody") become({ kind: "nobody", why: state.kind === "in" ? "over" : "first" });
  } else if (state.kind !== "in") become({ kind: "away" });
}

export async function signIn(email: string, password: string): Promise<Outcome<ConsoleSession>> {
  const outcome = await call("signIn", { body: { email, password } });
  if (outcome.ok) become({ kind: "in", session: outcome.value });
  return outcome;
}

export async function changePassword(
  currentPassword: string,
  newPassword: string,
): Promise<Outcome<ConsoleSession>> {
  const outcome = await call("changePassword", { body: { currentPassword, newPassword } });
  if (outcome.ok) become({ kind: "in", session: outcome.value });
  return outcome;
}

/** Here, or on every device. Whether or not the server heard it is the caller's to tell. */
export async function signOut(everywhere: boolean): Promise<Outcome<unknown>> {
  const outcome = await call(everywhere ? "signOutEverywhere" : "signOut", {});
  // Nobody to sign out is signed out.
  if (outcome.ok || outcome.problem.code === "UNAUTHENTICATED") become({ kind: "nobody", why: "left" });
  return outcome;
}

export function useSessionState(): SessionState {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => state,
  );
}

/** Given by the frame, below which somebody is always signed in. */
export const SessionContext = createContext<ConsoleSession | null>(null);

/** @throws above the frame, where nobody is signed in */
export function useSession(): ConsoleSession {
  const session = useContext(SessionContext);
  if (session === null) throw new Error("a page was shown while nobody was signed in");
  return session;
}
