// Where a sale's phase goes by itself: by its schedule, its draw and its stock. Pure; the moment is
// PostgreSQL's, passed in. Asked again until nothing moves, so a time already past is done at once.
import { PHASE_TABLE, type Phase, type PhaseAct } from "@dropgate/contracts/states/phase";

export interface PhaseSituation {
  /** A rush has no draw: its lobby goes live when it opens, past the drawing within the same step. */
  kind: "lottery" | "rush";
  phase: Phase;
  lobbyAt: Date;
  drawAt: Date;
  opensAt: Date;
  closesAt: Date;
  now: Date;
  /** Bucket 0 is drawn. */
  lobbyDrawn: boolean;
  /** A unit is free or held. */
  unitsLeft: boolean;
}

/** What is due now, or null. */
function dueAct(sale: PhaseSituation): PhaseAct | null {
  if (sale.phase === "closed") return null;
  if (sale.closesAt <= sale.now) return "close";
  switch (sale.phase) {
    case "scheduled":
      return sale.lobbyAt <= sale.now ? "openLobby" : null;
    case "lobby":
      return (sale.kind === "rush" ? sale.opensAt : sale.drawAt) <= sale.now ? "startDraw" : null;
    case "drawing":
      return (sale.lobbyDrawn || sale.kind === "rush") && sale.opensAt <= sale.now ? "goLive" : null;
    case "live":
    case "paused":
      return sale.unitsLeft ? null : "sellOut";
    case "sold_out":
      return sale.unitsLeft ? "restock" : null;
  }
}

/** The phase to move to next, or null when it stays. */
export function nextPhase(sale: PhaseSituation): Phase | null {
  const act = dueAct(sale);
  if (act === null) return null;
  const outcome = PHASE_TABLE[sale.phase][act];
  return "to" in outcome ? outcome.to : null;
}
