// The draft of a theme over the versions that are saved meanwhile, by this form and by others.
import type { ThemeAnswer } from "@dropgate/contracts/theme";
import { useState } from "react";
import { draftOf, type ThemeDraft } from "./theme-draft.ts";
import { meet, type ThemeField } from "./theme-merge.ts";

export interface Met {
  /** What somebody else has saved. */
  answer: ThemeAnswer;
  /** What the draft and they have changed to different things. */
  both: readonly ThemeField[];
}

interface State {
  /** What is saved, as far as this form has taken note of it. */
  base: ThemeAnswer;
  draft: ThemeDraft;
  met: Met | null;
}

export function useThemeDraft(answer: ThemeAnswer) {
  const [state, setState] = useState<State>({ base: answer, draft: draftOf(answer.theme), met: null });
  if (answer.version > state.base.version) setState(metBy(state, answer));
  const { base, draft, met } = state;
  return {
    draft,
    setDraft: (next: ThemeDraft) => setState((before) => ({ ...before, draft: next })),
    isSame: same(draft, draftOf(base.theme)),
    met,
    /** This form itself has saved: nothing was done meanwhile. */
    saved: (mine: ThemeAnswer) => setState({ base: mine, draft: draftOf(mine.theme), met: null }),
    takeTheirs: () => setState({ base, draft: draftOf(base.theme), met: null }),
  };
}

/** Pure. */
function metBy({ base, draft }: State, answer: ThemeAnswer): State {
  const before = draftOf(base.theme);
  const theirs = draftOf(answer.theme);
  const met = meet(before, draft, theirs);
  const isUntouched = same(draft, before) || same(met.draft, theirs);
  return {
    base: answer,
    draft: met.draft,
    met: isUntouched ? null : { answer, both: met.both },
  };
}

function same(one: ThemeDraft, other: ThemeDraft): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
