// How a change of some fields is made of what is there, and told to the ledger: what became of each field, not that
// somebody pressed a button.
import { isDeepStrictEqual } from "node:util";

/** What is there, with the fields that are asked for as they are asked for. */
export function patched<There extends object>(
  there: There,
  patch: { [Field in keyof There]?: There[Field] | undefined },
): There {
  const asked = Object.entries(patch).filter(([, value]) => value !== undefined);
  // Each of the fields has the type it has in There, by the patch's own type.
  return { ...there, ...(Object.fromEntries(asked) as Partial<There>) };
}

/** The fields of `to` that differ from what is there, as they are to be; null: none does. */
export function differences<There extends object>(
  there: There,
  to: Partial<There>,
): Record<string, unknown> | null {
  const fields = Object.keys(to) as (keyof There & string)[];
  const changed = fields.filter((field) => !isDeepStrictEqual(there[field], to[field]));
  return changed.length === 0 ? null : Object.fromEntries(changed.map((field) => [field, to[field]]));
}
