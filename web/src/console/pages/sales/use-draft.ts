// A draft in a form, with its faults: those found here while typing, and those the server found at the last try, until
// the field is changed.
import { useState } from "react";
import type { Trouble } from "../../api/call.ts";
import { faultsOf } from "../../api/problem.ts";
import { type Draft, type Faults, faultsOfDraft, fieldOf } from "./draft.ts";

export interface DraftState {
  draft: Draft;
  faults: Faults;
  /** Of the fields alone; empty, or not. */
  isFaulty: boolean;
  set: <Key extends keyof Draft>(key: Key, value: Draft[Key]) => void;
  /** All of it at once, as it is elsewhere now. */
  replace: (draft: Draft) => void;
  refused: (problem: Trouble) => void;
}

export function useDraft(first: () => Draft): DraftState {
  const [draft, setDraft] = useState(first);
  const [told, setTold] = useState<Faults>({});
  const [openedAt] = useState(() => Date.now());
  const own = faultsOfDraft(draft, openedAt);
  return {
    draft,
    faults: { ...told, ...own },
    isFaulty: Object.keys(own).length > 0,
    set: (key, value) => {
      setDraft((before) => ({ ...before, [key]: value }));
      setTold(({ [key]: _gone, ...rest }) => rest);
    },
    replace: setDraft,
    refused: (problem) => {
      const faults: Faults = {};
      for (const [pointer, fault] of faultsOf(problem)) {
        const field = fieldOf(pointer);
        if (field !== null) faults[field] = fault;
      }
      setTold(faults);
    },
  };
}
