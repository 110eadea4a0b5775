// A sale's life as a total table. Time, hands and stock move it; who asks twice gets the same answer.

export const PHASES = ["scheduled", "lobby", "drawing", "live", "paused", "sold_out", "closed"] as const;
export type Phase = (typeof PHASES)[number];
/** Of a sale that is on: people are in it. */
export const PHASES_ON = ["lobby", "drawing", "live", "paused"] as const satisfies readonly Phase[];

export type PhaseAct =
  | "openLobby"
  | "startDraw"
  | "goLive"
  | "pause"
  | "resume"
  | "sellOut"
  | "restock"
  | "close";
export type PhaseOutcome = { to: Phase } | { same: true } | { refused: "WRONG_STATE" };

const wrong = { refused: "WRONG_STATE" } as const;
const same = { same: true } as const;

export const PHASE_TABLE: Record<Phase, Record<PhaseAct, PhaseOutcome>> = {
  scheduled: {
    openLobby: { to: "lobby" },
    startDraw: wrong,
    goLive: wrong,
    pause: wrong,
    resume: wrong,
    sellOut: wrong,
    restock: wrong,
    close: { to: "closed" },
  },
  lobby: {
    openLobby: same,
    startDraw: { to: "drawing" },
    goLive: wrong,
    pause: wrong,
    resume: wrong,
    sellOut: wrong,
    restock: wrong,
    close: { to: "closed" },
  },
  drawing: {
    openLobby: wrong,
    startDraw: same,
    goLive: { to: "live" },
    pause: wrong,
    resume: wrong,
    sellOut: wrong,
    restock: wrong,
    close: { to: "closed" },
  },
  live: {
    openLobby: wrong,
    startDraw: wrong,
    goLive: same,
    pause: { to: "paused" },
    resume: same,
    sellOut: { to: "sold_out" },
    restock: same,
    close: { to: "closed" },
  },
  paused: {
    openLobby: wrong,
    startDraw: wrong,
    goLive: wrong,
    pause: same,
    resume: { to: "live" },
    sellOut: { to: "sold_out" },
    restock: same,
    close: { to: "closed" },
  },
  sold_out: {
    openLobby: wrong,
    startDraw: wrong,
    goLive: wrong,
    pause: wrong,
    resume: wrong,
    sellOut: same,
    restock: { to: "live" },
    close: { to: "closed" },
  },
  closed: {
    openLobby: wrong,
    startDraw: wrong,
    goLive: wrong,
    pause: wrong,
    resume: wrong,
    sellOut: wrong,
    restock: wrong,
    close: same,
  },
};

/** Whether a shopper may join. Before the lobby: SALE_NOT_OPEN; after the close: SALE_CLOSED. */
export function isJoinable(phase: Phase): boolean {
  return phase !== "scheduled" && phase !== "closed";
}
