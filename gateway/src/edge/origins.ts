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
  if (rules.publicOrigin !== null && lower === rules.publicOrigin) return "own";
  if (lower === `http://${host.toLowerCase()}` || lower === `https://${host.toLowerCase()}`) return "own";
  return "foreign";
}
