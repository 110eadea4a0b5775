// The console's first admin: made through the public API when nobody may sign in yet, as an admin would make another one.
// The password is shown at this start and never again; its owner has to choose another one at the first sign-in.
import { operatorListSchema, operatorWithPasswordSchema } from "@dropgate/contracts/operators";

/** Nobody's mailbox: `.internal` is no one's domain. Who signs in by it adds the people, with addresses of their own. */
export const FIRST_ADMIN_EMAIL = "admin@dropgate.internal";

export type FirstAdmin = { email: string; password: string };

/**
 * @returns null when there is an operator already
 * @throws with the gateway's own words when it refuses
 */
export async function ensureFirstAdmin(gatewayUrl: string, apiKey: string): Promise<FirstAdmin | null> {
  const call = (path: string, init: RequestInit = {}): Promise<Response> =>
    fetch(`${gatewayUrl}/api/v1/admin${path}`, {
      ...init,
      headers: { authorization: `Bearer ${apiKey}`, "content-type": "application/json" },
      signal: AbortSignal.timeout(10_000),
    });
  const listed = await call("/operators?limit=1");
  if (!listed.ok) throw new Error(`Operators could not be read: ${listed.status} ${await listed.text()}`);
  if (operatorListSchema.parse(await listed.json()).items.length > 0) return null;
  const asked = { email: FIRST_ADMIN_EMAIL, name: "First admin", role: "admin" };
  const added = await call("/operators", { method: "POST", body: JSON.stringify(asked) });
  // Another start on the same database was quicker, and shows it.
  if (added.status === 409) return null;
  if (!added.ok) throw new Error(`The first admin could not be made: ${added.status} ${await added.text()}`);
  const { initialPassword } = operatorWithPasswordSchema.parse(await added.json());
  return { email: FIRST_ADMIN_EMAIL, password: initialPassword };
}
