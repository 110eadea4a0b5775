// Signing in and changing one's password: counted, slowed, and told apart by nothing that an attacker could see. Whether
// an address is somebody's, is disabled, or has another password: the answer and the work behind it are the same.
import { OPERATOR_SESSIONS_MAX } from "@dropgate/contracts/limits";
import { passwordFault } from "@dropgate/contracts/password-rules";
import { type Outcome, type Refusal, refuse } from "@dropgate/contracts/refusals";
import type { Truth } from "@dropgate/sql";
import { insertOperatorAct } from "@dropgate/sql/operators/acts";
import { writePassword } from "@dropgate/sql/operators/change-operator";
import { type OperatorCredentials, readCredentials } from "@dropgate/sql/operators/operator-row";
import { endSession, endSessionsOf, openSession } from "@dropgate/sql/operators/sessions";
import { type ConsoleSessions, hashOfToken, type SignedIn } from "./console-sessions.ts";
import type { Passwords } from "./passwords.ts";
import { type Count, countsOf, returnTry, takeTry } from "./tries.ts";

/** A session that was opened: its cookie's token is told to nobody else. */
export interface Opened {
  token: string;
  signedIn: SignedIn;
}

export type SignInEnd = "ok" | "failed" | "limited";

export interface SignInParts {
  truth: Truth;
  passwords: Passwords;
  sessions: ConsoleSessions;
  /** How long a password counts that was made by somebody else. */
  initialSeconds: number;
  /** Told how each try ended. */
  onEnd: (end: SignInEnd) => void;
}

export interface SignInAsk {
  email: string;
  password: string;
  /** As it is counted; null: addresses are not to be gone by. */
  address: string | null;
  /** The browser's cookies: whether it is known, and which session of its own ends with this one. */
  cookie: string;
}

export class SignInDesk {
  readonly #parts: SignInParts;

  constructor(parts: SignInParts) {
    this.#parts = parts;
  }

  /** @throws when PostgreSQL is away */
  async signIn({ email, password, address, cookie }: SignInAsk): Promise<Outcome<Opened>> {
    const { truth, passwords, sessions, initialSeconds, onEnd } = this.#parts;
    const counts = countsOf(email, address, sessions.cookies.device(cookie, email));
    const proven = await this.#prove(
      counts,
      () => readCredentials(truth, { email }, initialSeconds),
      password,
    );
    if (!proven.ok) return proven;
    const keep = passwords.isCurrent(proven.value.passwordHash)
      ? proven.value.passwordHash
      : await passwords.hash(password);
    const token = await this.#open(proven.value, keep);
    if (token === null) return this.#failed();
    await returnTry(truth, counts);
    const before = sessions.cookies.token(cookie);
    if (before !== null) await endSession(truth, hashOfToken(before));
    onEnd("ok");
    return this.#opened(token);
  }

  /**
   * A session may have been left open on a table: the present password is asked for again, and counted as at the door.
   * Every session of the operator ends and the caller's begins anew, so that no other one outlives the old password.
   */
  async changePassword(
    { operatorId, email, name, tokenHash }: SignedIn,
    { currentPassword, newPassword }: { currentPassword: string; newPassword: string },
  ): Promise<Outcome<Opened>> {
    const { truth, passwords, sessions, initialSeconds } = this.#parts;
    const fault = passwordFault(newPassword, { email, name });
    if (fault !== null) return refusedPassword(fault);
    // By the session: who tries the account from elsewhere must not keep its owner from a new password.
    const counts = countsOf(email, null, tokenHash.toString("base64url"));
    const proven = await this.#prove(
      counts,
      () => readCredentials(truth, { id: operatorId }, initialSeconds),
      currentPassword,
    );
    if (!proven.ok) return proven;
    await returnTry(truth, counts);
    if (await passwords.verify(proven.value.passwordHash, newPassword)) {
      return refusedPassword("It is the one you have.");
    }
    const hash = await passwords.hash(newPassword);
    const token = sessions.cookies.newToken();
    const isDone = await truth.transaction(async (tx) => {
      const was = proven.value.passwordHash;
      const written = await writePassword(tx, operatorId, { hash, mustChange: false }, was);
      if (written === null) return false;
      const ended = await endSessionsOf(tx, operatorId);
      const actor = `operator:${operatorId}`;
      await insertOperatorAct(tx, {
        act: "password.changed",
        operatorId,
        actor,
        data: { sessionsEnded: ended },
      });
      return this.#write(tx, operatorId, { hash, keep: hash }, token);
    });
    return isDone ? this.#opened(token) : this.#failed();
  }

  /**
   * Takes a try of every count, then holds the password against whoever it is, or nobody. Whether they are disabled is
   * judged where the session is opened: only there it cannot change any more.
   */
  async #prove(
    counts: readonly Count[],
    read: () => Promise<OperatorCredentials | null>,
    password: string,
  ): Promise<Outcome<OperatorCredentials>> {
    const { truth, passwords, onEnd } = this.#parts;
    if (passwords.full) return refuse("BUSY");
    const waitMs = await takeTry(truth, counts);
    if (waitMs > 0) {
      onEnd("limited");
      const detail = "Too many wrong passwords were tried. Nothing is locked: try again after retryAfterMs.";
      return refuse("RATE_LIMITED", { detail, retryAfterMs: waitMs });
    }
    const operator = await read();
    const isRight = await passwords.verify(operator?.passwordHash ?? null, password);
    if (operator === null || !isRight) return this.#failed();
    // Told apart from a wrong one, but only to whoever has the right one.
    if (operator.isLapsed) {
      onEnd("failed");
      return refuse("PASSWORD_LAPSED");
    }
    return { ok: true, value: operator };
  }

  /** @returns null: the password was changed, or its owner disabled, while it was looked at */
  async #open({ id, passwordHash }: OperatorCredentials, keep: string): Promise<string | null> {
    const { truth, sessions } = this.#parts;
    const token = sessions.cookies.newToken();
    const isOpen = await truth.transaction((tx) => this.#write(tx, id, { hash: passwordHash, keep }, token));
    return isOpen ? token : null;
  }

  async #write(
    tx: Parameters<typeof openSession>[0],
    operatorId: string,
    proven: { hash: string; keep: string },
    token: string,
  ): Promise<boolean> {
    const { times } = this.#parts.sessions;
    const hash = hashOfToken(token);
    if (!(await openSession(tx, operatorId, proven, hash, times, OPERATOR_SESSIONS_MAX))) return false;
    await insertOperatorAct(tx, { act: "session.opened", operatorId, actor: `operator:${operatorId}` });
    return true;
  }

  async #opened(token: string): Promise<Outcome<Opened>> {
    const signedIn = await this.#parts.sessions.byToken(token);
    return signedIn === null ? this.#failed() : { ok: true, value: { token, signedIn } };
  }

  #failed(): Refusal {
    this.#parts.onEnd("failed");
    return refuse("SIGN_IN_FAILED");
  }
}

function refusedPassword(detail: string): Refusal {
  return refuse("PASSWORD_REFUSED", { errors: [{ pointer: "/newPassword", detail }] });
}
