// The states of a correction, as people say them.
import type { AdjustmentState } from "@dropgate/contracts/inventory";

export const ADJUSTMENT_STATE_NAMES: Readonly<Record<AdjustmentState, string>> = {
  awaiting_approval: "Waits for approval",
  applied: "Done at once",
  approved: "Approved",
  rejected: "Rejected",
};

export const ADJUSTMENT_TONES = {
  awaiting_approval: "warning",
  applied: "plain",
  approved: "good",
  rejected: "bad",
} as const satisfies Record<AdjustmentState, string>;
