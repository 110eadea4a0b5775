// Whom ledgers mean: they say `operator:<id>` or which key it was, and people want a name.
import { useRead } from "../api/use-api.ts";

/** Of the names that one look brings. */
const NAMES_MAX = 200;

/** Pure. */
export function actorInWords(actor: string | null, names: ReadonlyMap<string, string>): string {
  if (actor === null) return "–";
  const at = actor.indexOf(":");
  const [kind, id] = at === -1 ? [actor, ""] : [actor.slice(0, at), actor.slice(at + 1)];
  if (actor === "operator:bootstrap") return "the key of the start";
  if (kind === "operator") return names.get(id) ?? `operator ${id}`;
  if (kind === "command") return "the command line";
  return id === "" ? kind : `${kind} ${id}`;
}

/** @returns a name for what a ledger calls somebody */
export function useActors(): (actor: string | null) => string {
  const { value } = useRead("listOperatorNames", { query: { limit: NAMES_MAX } });
  const names = new Map((value?.items ?? []).map(({ id, name }) => [id, name]));
  return (actor) => actorInWords(actor, names);
}
