// Who is signed in to the console. Each call asks PostgreSQL: a session that was ended, ran out, or whose operator was
// disabled or given another role, is so at once and on every gateway.
import { createHash } from "node:crypto";
import { SESSION_SEEN_SECONDS } from "@dropgate/contracts/limits";
import type { ConsoleSession } from "@dropgate/contracts/operators";
import { SCOPES_OF_ROLE } from "@dropgate/contracts/roles";
import type { Truth } from "@dropgate/sql";
import { readSession, type SessionRow, type SessionTimes } from "@dropgate/sql/operators/sessions";
import type { Signer } from "../callers/secrets.ts";
import type { ConsoleCookies } from "./console-cookies.ts";

/** An operator who calls by their session. */
export interface SignedIn extends SessionRow {
  tokenHash: Buffer;
  /** What every change by this session's cookie has to bring. */
  csrfToken: string;
}

/** What is stored of a token. */
export function hashOfToken(token: string): Buffer {
  return createHash("sha256").update(token).digest();
}

export interface ConsoleSessionsParts {
  truth: Truth;
  cookies: ConsoleCookies;
  /** Makes a session's csrf token of its token: nothing is stored for it, and who reads the store cannot make it. */
  csrf: Signer;
  times: SessionTimes;
}

export class ConsoleSessions {
  readonly cookies: ConsoleCookies;
  readonly times: SessionTimes;
  readonly #truth: Truth;
  readonly #csrf: Signer;

  constructor({ truth, cookies, csrf, times }: ConsoleSessionsParts) {
    this.cookies = cookies;
    this.times = times;
    this.#truth = truth;
    this.#csrf = csrf;
  }

  /** Whose session a Cookie header names; null: nobody's that lasts. @throws when PostgreSQL is away */
  async find(cookieHeader: string): Promise<SignedIn | null> {
    const token = this.cookies.token(cookieHeader);
    return token === null ? null : this.byToken(token);
  }

  async byToken(token: string): Promise<SignedIn | null> {
    const tokenHash = hashOfToken(token);
    const seenSeconds = Math.min(SESSION_SEEN_SECONDS, this.times.idleSeconds / 4);
    const row = await readSession(this.#truth, tokenHash, this.times, seenSeconds);
    return row === null ? null : { ...row, tokenHash, csrfToken: this.#csrf.sign(token) };
  }

  view(signedIn: SignedIn): ConsoleSession {
    const { operatorId: id, email, name, role, csrfToken, mustChangePassword } = signedIn;
    return {
      operator: { id, email, name, role },
      scopes: [...SCOPES_OF_ROLE[role]],
      csrfToken,
      mustChangePassword,
      signedInAt: signedIn.openedAt.toISOString(),
      expiresAt: signedIn.expiresAt.toISOString(),
      idleSeconds: this.times.idleSeconds,
    };
  }
}
