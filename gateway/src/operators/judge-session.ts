// Whether an operator's session opens a call: first whether it is the operator who calls and not a page elsewhere by
// their cookie, then whether the role allows it.
import { type Refusal, refuse } from "@dropgate/contracts/refusals";
import { type ConsoleScope, roleMay } from "@dropgate/contracts/roles";
import { equalTexts } from "../callers/secrets.ts";
import type { Head } from "../edge/head.ts";
import { isOwnPage, type OriginRules } from "../edge/origins.ts";
import type { SignedIn } from "./console-sessions.ts";

const SAFE: ReadonlySet<string> = new Set(["GET", "HEAD"]);

/**
 * Pure.
 * @param scope what the call needs; null: it is about the session itself, which every role and every state of it may
 * @returns null: it does
 */
export function judgeSession(
  signedIn: Pick<SignedIn, "role" | "csrfToken" | "mustChangePassword">,
  scope: ConsoleScope | null,
  head: Pick<Head, "method" | "origin" | "host" | "fetchSite" | "csrfToken">,
  origins: OriginRules,
): Refusal | null {
  if (!SAFE.has(head.method)) {
    if (!isOwnPage(origins, head)) {
      return refuse("ORIGIN_REFUSED", {
        detail: "An operator's session acts for the console's own page only.",
      });
    }
    if (!equalTexts(head.csrfToken, signedIn.csrfToken)) return refuse("CSRF_TOKEN_INVALID");
  }
  if (scope === null) return null;
  if (signedIn.mustChangePassword) return refuse("PASSWORD_CHANGE_REQUIRED");
  return roleMay(signedIn.role, scope)
    ? null
    : refuse("FORBIDDEN", { detail: `The role ${signedIn.role} may not do this.` });
}
