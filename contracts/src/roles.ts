// What an operator may do in the console, by role: the one table. A session is judged by it where an API key is judged
// by its scopes, and the console's buttons go by it too. No schemas here, so that pages may have it.

/** Each may all that those before it may. */
export const ROLES = ["viewer", "operator", "approver", "admin"] as const;
export type Role = (typeof ROLES)[number];

/** `read` looks, `run` changes sales and stock, `approve` decides on others' corrections, `administer` gives rights. */
export const CONSOLE_SCOPES = ["read", "run", "approve", "administer"] as const;
export type ConsoleScope = (typeof CONSOLE_SCOPES)[number];

export const SCOPES_OF_ROLE: Readonly<Record<Role, readonly ConsoleScope[]>> = {
  viewer: ["read"],
  operator: ["read", "run"],
  approver: ["read", "run", "approve"],
  admin: ["read", "run", "approve", "administer"],
};

export function roleMay(role: Role, scope: ConsoleScope): boolean {
  return SCOPES_OF_ROLE[role].includes(scope);
}

/** What of a call its scope hangs on; an endpoint of the contract fits. */
export interface ScopedCall {
  method: string;
  callers: readonly string[];
  /** Where it does not follow from the method and the callers. */
  consoleScope?: ConsoleScope;
}

/**
 * The scope that a session needs for a call, in place of an API key; null: no session opens it. What only API keys of
 * scope `admin` may is an admin's; of the rest, looking is a viewer's. Merchants' calls stay with merchants' servers.
 */
export function consoleScopeOf({ method, callers, consoleScope }: ScopedCall): ConsoleScope | null {
  if (callers.includes("operator")) return consoleScope ?? (method === "GET" ? "read" : "run");
  return callers.includes("admin") ? (consoleScope ?? "administer") : null;
}
