// Holds what a stranger sent against the contract's schema, and says of each field what was expected of it.
import { type Outcome, refuse } from "@dropgate/contracts/refusals";
import { z } from "zod";

/** A field's fault: `pointer` is a JSON pointer (RFC 6901). */
export interface FieldFault {
  pointer: string;
  detail: string;
}

/** No answer lists more faults than this. */
const FAULTS_MAX = 20;

export function validate<Value>(schema: z.ZodType<Value>, input: unknown): Outcome<Value> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return { ok: true, value: parsed.data };
  return refuse("INVALID_REQUEST", { errors: faultsOf(parsed.error.issues) });
}

function faultsOf(issues: readonly z.core.$ZodIssue[]): FieldFault[] {
  const faults: FieldFault[] = [];
  for (const issue of issues) {
    if (issue.code === "unrecognized_keys") {
      for (const key of issue.keys) {
        faults.push({ pointer: pointerTo([...issue.path, key]), detail: "There is no such field." });
      }
    } else {
      faults.push({ pointer: pointerTo(issue.path), detail: issue.message });
    }
  }
  // One fault a field: what else is wrong with it follows from the first.
  const byField = new Map(faults.toReversed().map((fault) => [fault.pointer, fault]));
  return [...byField.values()].toReversed().slice(0, FAULTS_MAX);
}

/** RFC 6901. */
export function pointerTo(path: readonly PropertyKey[]): string {
  return path.map((part) => `/${String(part).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}

/** Reads a query string against its schema; a parameter that stands twice is refused, unless it is a list. */
export function validateQuery<Value>(schema: z.ZodType<Value>, query: string): Outcome<Value> {
  const given: Record<string, string> = Object.create(null);
  const lists: Record<string, string[]> = Object.create(null);
  for (const [name, value] of new URLSearchParams(query)) {
    if (isList(schema, name)) {
      (lists[name] ??= []).push(value);
      continue;
    }
    if (name in given) {
      return refuse("INVALID_REQUEST", {
        errors: [{ pointer: pointerTo([name]), detail: "The parameter stands twice." }],
      });
    }
    given[name] = value;
  }
  return validate(schema, { ...given, ...lists });
}

function isList(schema: z.ZodType, name: string): boolean {
  return (
    schema instanceof z.ZodObject &&
    Object.hasOwn(schema.shape, name) &&
    schema.shape[name] instanceof z.ZodArray
  );
}
