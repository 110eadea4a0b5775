// Which web pages may call and connect: our own, and those the operator allows. No `Origin` is no browser.

export interface OriginRules {
  /** Exact origins, lower case, as browsers send them. */
  allowed: ReadonlySet<string>;
  /** Of PUBLIC_URL; null when it is not set and the request's Host decides. */
  publicOrigin: string | null;
}

export function originRules(allowedOrigins: readonly string[], publicUrl: string | undefined): OriginRules {
  return {
    allowed: new Set(allowedOrigins.map((origin) => origin.toLowerCase().replace(/\/$/, ""))),
    publicOrigin: publicUrl === undefined ? null : new URL(publicUrl).origin.toLowerCase(),
  };
}

/**
 * `own`: our own page; `allowed`: a page of the list; `foreign`: any other, `null` included. A page is our
 * own when its origin is PUBLIC_URL's, or names the very host that it calls.
 */
export function judgeOrigin(rules: OriginRules, origin: string, host: string): "own" | "allowed" | "foreign" {
  const lower = origin.toLowerCase();
  if (rules.allowed.has(lower)) return "allowed";
  return isOwnOrigin(rules, lower, host) ? "own" : "foreign";
}

function isOwnOrigin({ publicOrigin }: OriginRules, lower: string, host: string): boolean {
  if (publicOrigin !== null && lower === publicOrigin) return true;
  return lower === `http://${host.toLowerCase()}` || lower === `https://${host.toLowerCase()}`;
}

/**
 * Whether nothing says that a call comes from a page that is not ours. The list of other pages does not count: those
 * are for shoppers. A caller that says nothing of a page is no browser, or one from before 2020.
 */
export function isOwnPage(
  rules: OriginRules,
  { origin, host, fetchSite }: { origin: string; host: string; fetchSite: string },
): boolean {
  if (fetchSite !== "" && fetchSite !== "same-origin") return false;
  return origin === "" || isOwnOrigin(rules, origin.toLowerCase(), host);
}
