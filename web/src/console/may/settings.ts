// What may be done with the settings, and why not; beside `may.ts`, whose roles it goes by.
import type { SigningKey } from "@dropgate/contracts/keys";
import { SIGNING_KEYS_REREAD_MS } from "@dropgate/contracts/limits";
import type { Role } from "@dropgate/contracts/roles";
import { byRole, type WhyNot } from "./may.ts";

/**
 * Publishing a signing key no more, at once.
 * @param keys all that there are; @param now ms since 1970
 */
export function retireKey(
  role: Role,
  { state }: Pick<SigningKey, "state">,
  keys: readonly Pick<SigningKey, "state" | "signsFrom">[],
  now: number,
): WhyNot {
  const barred = byRole(role, "administer");
  if (barred !== null) return barred;
  if (state === "announced") return "It does not sign yet.";
  if (state === "signing") return "It is the one that signs: change the signing key first.";
  if (state === "retired") return "It is retired.";
  const signing = keys.find((key) => key.state === "signing");
  const isHeard = signing !== undefined && now - Date.parse(signing.signsFrom) > SIGNING_KEYS_REREAD_MS;
  return isHeard ? null : "Another key has just taken over, and a gateway may not know: wait half a minute.";
}
