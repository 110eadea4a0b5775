// The console's two cookies. One is the session: a random token of which only the hash is stored. The other says, for a
// year and beyond any sign-out, that an account has signed in from this browser; it proves nothing but that.
import { randomBytes } from "node:crypto";
import type { Signer } from "../callers/secrets.ts";

const SESSION_COOKIE = "dropgate_console";
const DEVICE_COOKIE = "dropgate_console_device";
const TOKEN_BYTES = 32;
const TOKEN = /^[\w-]{43}$/;
const NONCE_BYTES = 16;
const DEVICE = /^(?<nonce>[\w-]{22})\.(?<signature>[\w-]{43})$/;
const DEVICE_SECONDS = 365 * 86_400;

export class ConsoleCookies {
  readonly #signer: Signer;
  readonly #secure: boolean;

  /** @param secure operators come by https */
  constructor(signer: Signer, secure: boolean) {
    this.#signer = signer;
    this.#secure = secure;
  }

  newToken(): string {
    return randomBytes(TOKEN_BYTES).toString("base64url");
  }

  /** The session's token in a Cookie header; null without one that could be ours. */
  token(cookieHeader: string): string | null {
    const value = valueOf(cookieHeader, this.#named(SESSION_COOKIE));
    return value !== null && TOKEN.test(value) ? value : null;
  }

  /** Set-Cookie of a session. It ends with the browser; how long it lasts at most, PostgreSQL judges. */
  session(token: string): string {
    return this.#set(SESSION_COOKIE, token, "");
  }

  /** Set-Cookie that takes the session's away. */
  gone(): string {
    return this.#set(SESSION_COOKIE, "", "; Max-Age=0");
  }

  /** What this browser is counted as when `email` tries to sign in from it; null: the account never did. */
  device(cookieHeader: string, email: string): string | null {
    const { nonce = "", signature = "" } =
      DEVICE.exec(valueOf(cookieHeader, this.#named(DEVICE_COOKIE)) ?? "")?.groups ?? {};
    return nonce !== "" && this.#signer.verify(deviceText(nonce, email), signature) ? nonce : null;
  }

  /** Set-Cookie of a browser from which `email` has just signed in. */
  newDevice(email: string): string {
    const nonce = randomBytes(NONCE_BYTES).toString("base64url");
    const value = `${nonce}.${this.#signer.sign(deviceText(nonce, email))}`;
    return this.#set(DEVICE_COOKIE, value, `; Max-Age=${DEVICE_SECONDS}`);
  }

  /** With `__Host-` no subdomain and no page by http can plant one. */
  #named(name: string): string {
    return this.#secure ? `__Host-${name}` : name;
  }

  #set(name: string, value: string, age: string): string {
    const secure = this.#secure ? "; Secure" : "";
    return `${this.#named(name)}=${value}; Path=/; HttpOnly; SameSite=Strict${age}${secure}`;
  }
}

function deviceText(nonce: string, email: string): string {
  return `${nonce}\n${email}`;
}

/** The first of that name. */
function valueOf(cookieHeader: string, name: string): string | null {
  for (const pair of cookieHeader.split(";")) {
    const at = pair.indexOf("=");
    if (at !== -1 && pair.slice(0, at).trim() === name) return pair.slice(at + 1).trim();
  }
  return null;
}
