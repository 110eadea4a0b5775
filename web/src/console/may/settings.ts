// What may be done with the settings, and why not; beside `may.ts`, whose roles it goes by.
import type { SigningKey } from "@dropgate/contracts/keys";
import type { Role } from "@dropgate/contracts/roles";
import { byRole, type WhyNot } from "./may.ts";

/** Publishing a signing key no more, at once. */
export function retireKey(role: Role, state: SigningKey["state"]): WhyNot {
  const barred = byRole(role, "administer");
  if (barred !== null) return barred;
  if (state === "announced") return "It does not sign yet.";
  if (state === "signing") return "It is the one that signs: change the signing key first.";
  return state === "retired" ? "It is retired." : null;
}
