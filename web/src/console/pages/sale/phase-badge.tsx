// A sale's phase as a word in a colour.
import type { Phase } from "@dropgate/contracts/states/phase";
import { PHASE_NAMES } from "../../may/may.ts";
import { Badge } from "../../ui/stat.tsx";

const TONES = {
  scheduled: "plain",
  lobby: "accent",
  drawing: "accent",
  live: "good",
  paused: "warning",
  sold_out: "plain",
  closed: "plain",
} as const satisfies Record<Phase, string>;

export function PhaseBadge({ phase }: { phase: Phase }) {
  return <Badge tone={TONES[phase]}>{PHASE_NAMES[phase]}</Badge>;
}
