// The texts of a small form, and what the server found wrong with which of them.
import { useState } from "react";
import type { Trouble } from "../api/call.ts";
import { faultsOf } from "../api/problem.ts";

export interface Fields<Values> {
  values: Values;
  set: (name: keyof Values, text: string) => void;
  /** What `<Field>` and `<Choice>` take. */
  of: (name: keyof Values) => { value: string; onChange: (text: string) => void; fault: string | null };
}

/** @param pointers where the server calls a field by another name, as `/items/0/sku` */
export function useFields<Values extends Record<string, string>>(
  first: Values,
  problem: Trouble | null,
  pointers: Partial<Record<keyof Values, string>> = {},
): Fields<Values> {
  const [values, setValues] = useState(first);
  const [mended, setMended] = useState<{ problem: Trouble | null; names: ReadonlySet<keyof Values> }>({
    problem: null,
    names: new Set(),
  });
  const faults = faultsOf(problem);
  const set = (name: keyof Values, text: string): void => {
    setValues((before) => ({ ...before, [name]: text }));
    const names = mended.problem === problem ? mended.names : [];
    setMended({ problem, names: new Set([...names, name]) });
  };
  return {
    values,
    set,
    of: (name) => ({
      value: values[name] ?? "",
      onChange: (text) => set(name, text),
      fault:
        mended.problem === problem && mended.names.has(name)
          ? null
          : faultAt(faults, pointers[name] ?? `/${String(name)}`),
    }),
  };
}

/** At the pointer itself, or at a part of what stands there: a field may hold a whole list. Pure. */
export function faultAt(faults: ReadonlyMap<string, string>, pointer: string): string | null {
  const own = faults.get(pointer);
  if (own !== undefined) return own;
  for (const [at, fault] of faults) {
    if (at.startsWith(`${pointer}/`)) return fault;
  }
  return null;
}
