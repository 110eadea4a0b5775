// Who a browser is to the shop: a signed cookie that carries a random session and, when somebody signed in, the
// customer. Nothing is stored for it, so a restart of the shop signs nobody out.

import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import type { Bearer } from "./pass.ts";

/** Cookies don't know ports: the gateway on the same host has one of its own. */
const COOKIE = "shop_session";

/** The customers that a visitor of the demo can be. */
export const CUSTOMERS = new Map([
  ["ada", "Ada Lovelace"],
  ["grace", "Grace Hopper"],
  ["katherine", "Katherine Johnson"],
  ["alan", "Alan Turing"],
]);

const CUSTOMER_ID = /^[A-Za-z0-9_-]{1,64}$/;

/** Whether the demo lets somebody sign in under this id: anybody may, there is nothing to steal. */
export function isCustomerId(text: string): boolean {
  return CUSTOMER_ID.test(text);
}

export interface Sessions {
  /** The bearer that a Cookie header names, or a new one. */
  read(cookieHeader: string | undefined): { bearer: Bearer; isNew: boolean };
  /** A new session, so that one which somebody else set in this browser is worth nothing after the sign-in. */
  signedIn(customer: string | null): Bearer;
  /** The Set-Cookie value. */
  cookieOf(bearer: Bearer): string;
}

export function beginSessions(secret: Buffer): Sessions {
  const sign = (text: string): string => createHmac("sha256", secret).update(text).digest("base64url");
  const fresh = (customer: string | null): Bearer => ({
    session: randomBytes(16).toString("base64url"),
    customer,
  });

  function open(value: string): Bearer | null {
    const [session = "", customer = "", signature = ""] = value.split(".");
    const expected = Buffer.from(sign(`${session}.${customer}`));
    const given = Buffer.from(signature);
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) return null;
    return { session, customer: customer === "" ? null : customer };
  }

  return {
    read(cookieHeader) {
      for (const pair of (cookieHeader ?? "").split(";")) {
        const [name, value = ""] = pair.trim().split("=");
        const bearer = name === COOKIE ? open(value) : null;
        if (bearer !== null) return { bearer, isNew: false };
      }
      return { bearer: fresh(null), isNew: true };
    },
    signedIn: fresh,
    cookieOf({ session, customer }) {
      const value = `${session}.${customer ?? ""}`;
      return `${COOKIE}=${value}.${sign(value)}; Path=/; HttpOnly; SameSite=Lax; Max-Age=604800`;
    },
  };
}
