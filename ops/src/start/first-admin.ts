// The console's first admin: made through the public API when nobody may sign in yet, as an admin would make another one.
// The password is shown at this start and never again; its owner has to choose another one at the first sign-in.
import { operatorListSchema, operatorWithPasswordSchema } from "@dropgate/contracts/operators";

/** Nobody's mailbox: `.internal` is no one's domain. Who signs in by it adds the people, with addresses of their own. */
export const FIRST_ADMIN_EMAIL = "admin@dropgate.internal";

export type FirstAdmin =
  | { email: string; password: string; until: string | null }
  /** It was made by an earlier start, nobody came in time, and nobody else may sign in. */
  | { email: string; password: null; until: string };

/**
 * @param now ms
 * @returns null when there is an operator already, who may sign in
 * @throws with the gateway's own words when it refuses
 */
export async function ensureFirstAdmin(
  gatewayUrl: string,
  apiKey: string,
  now: number,
): Promise<FirstAdmin | null> {
  const call = (path: string, init: RequestInit = {}): Promise<Response> =>
    fetch(`${gatewayUrl}/api/v1/admin${path}`, {
      ...init,
      headers: { authorization: `Bearer ${apiKey}`, "content-type": "application/json" },
      signal: AbortSignal.timeout(10_000),
    });
  const listed = await call("/operators?limit=2");
  if (!listed.ok) throw new Error(`Operators could not be read: ${listed.status} ${await listed.text()}`);
  const { items } = operatorListSchema.parse(await listed.json());
  const [there] = items;
  if (there !== undefined) {
    const until = there.initialPasswordUntil;
    const isLapsed = until !== null && Date.parse(until) <= now;
    return isLapsed && items.length === 1 ? { email: there.email, password: null, until } : null;
  }
  const asked = { email: FIRST_ADMIN_EMAIL, name: "First admin", role: "admin" };
  const added = await call("/operators", { method: "POST", body: JSON.stringify(asked) });
  // Another start on the same database was quicker, and shows it.
  if (added.status === 409) return null;
  if (!added.ok) throw new Error(`The first admin could not be made: ${added.status} ${await added.text()}`);
  const { initialPassword, operator } = operatorWithPasswordSchema.parse(await added.json());
  return { email: FIRST_ADMIN_EMAIL, password: initialPassword, until: operator.initialPasswordUntil };
}
