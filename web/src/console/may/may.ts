// What may be done by whom and in which state: the one table that buttons go by. It also says why one cannot be pressed,
// because a button that is only grey explains nothing. The server judges again by the same tables of the contract.
import { type ConsoleScope, ROLES, type Role, roleMay } from "@dropgate/contracts/roles";
import { PHASE_TABLE, type Phase, type PhaseAct } from "@dropgate/contracts/states/phase";

/** Null: it may be done. Otherwise why not, in a sentence. */
export type WhyNot = string | null;

const DOING: Readonly<Record<ConsoleScope, string>> = {
  read: "look at this",
  run: "change sales and stock",
  approve: "decide on corrections",
  administer: "give rights",
};

/** By the role alone. */
export function byRole(role: Role, scope: ConsoleScope): WhyNot {
  if (roleMay(role, scope)) return null;
  const least = ROLES.find((each) => roleMay(each, scope)) ?? "admin";
  return `Your role ${role} may not ${DOING[scope]}: ask ${/^[aeiou]/.test(least) ? "an" : "a"} ${least}.`;
}

export const SALE_ACTS = ["open", "draw", "pause", "resume", "close"] as const;
export type SaleAct = (typeof SALE_ACTS)[number];

/** What of a sale its acts hang on. */
export interface SaleStanding {
  kind: "lottery" | "rush";
  phase: Phase;
}

/**
 * Which move of a sale's life an action by hand is. Selling now, from the drawing or the lobby of a rush, is none: it
 * only brings the opening forward.
 */
function moveOf(act: SaleAct): PhaseAct {
  if (act === "open") return "openLobby";
  return act === "draw" ? "startDraw" : act;
}

function sellsNow({ kind, phase }: SaleStanding): boolean {
  return phase === "drawing" || (kind === "rush" && phase === "lobby");
}

/** What `open` is called where the sale stands. */
export function openName(sale: SaleStanding): string {
  return sellsNow(sale) ? "Sell now" : "Open the lobby";
}

const NOT_NOW: Readonly<Record<SaleAct, string>> = {
  open: "Only a scheduled or drawn sale can be opened by hand",
  draw: "Only a lobby can be drawn",
  pause: "Only a live sale can be paused",
  resume: "Only a paused sale can be resumed",
  close: "A closed sale stays closed",
};

export const PHASE_NAMES: Readonly<Record<Phase, string>> = {
  scheduled: "Scheduled",
  lobby: "Lobby",
  drawing: "Drawing",
  live: "Live",
  paused: "Paused",
  sold_out: "Sold out",
  closed: "Closed",
};

/** Whether a sale that stands so may be driven so by this role. */
export function actOnSale(role: Role, sale: SaleStanding, act: SaleAct): WhyNot {
  const barred = byRole(role, "run");
  if (barred !== null) return barred;
  if (act === "draw" && sale.kind === "rush") return "A rush has no draw.";
  if (act === "open" && sellsNow(sale)) return null;
  const outcome = PHASE_TABLE[sale.phase][moveOf(act)];
  return "to" in outcome ? null : `${NOT_NOW[act]}; this one is ${PHASE_NAMES[sale.phase].toLowerCase()}.`;
}

/** The rate of admission means something until the sale is closed. */
export function setRate(role: Role, phase: Phase): WhyNot {
  return byRole(role, "run") ?? notClosed(phase, "The rate of a closed sale no longer means anything.");
}

export function changeUnits(role: Role, phase: Phase): WhyNot {
  return byRole(role, "run") ?? notClosed(phase, "The units of a closed sale stay as they are.");
}

export function changeSale(role: Role, phase: Phase): WhyNot {
  return byRole(role, "run") ?? notClosed(phase, "A closed sale stays as it is.");
}

function notClosed(phase: Phase, why: string): WhyNot {
  return phase === "closed" ? why : null;
}
