// Made from the headers of the scripts by generate.ts; change those and run it again.
// What each script takes, beside the epoch and layout that every call brings.

export const SCRIPT_NAMES = [
  "arrivals",
  "attempt",
  "cards",
  "close",
  "display-fill",
  "display-read",
  "drop",
  "end-attempt",
  "flip",
  "forget",
  "give",
  "join",
  "leave",
  "load-cards",
  "load-units",
  "look",
  "mark",
  "pool",
  "pulse",
  "records",
  "remove",
  "settle",
  "stock-drop",
  "stock-hold",
  "stock-load",
  "stock-look",
  "stock-settle",
  "stored",
  "survivors",
  "take",
  "tickets",
  "tokens",
  "told",
  "told-last",
] as const;
export type ScriptName = (typeof SCRIPT_NAMES)[number];

export interface ScriptArguments {
  arrivals: { fixed: { after: number; count: number }; each: never };
  attempt: { fixed: { staleMs: number }; each: { key: string; tryId: string } };
  cards: { fixed: { publish: boolean }; each: { key: string; card: string } };
  close: { fixed: { bucket: number }; each: never };
  "display-fill": { fixed: { token: string; showMs: number; text: string }; each: never };
  "display-read": { fixed: { fillMs: number }; each: never };
  drop: { fixed: null; each: never };
  "end-attempt": { fixed: null; each: { key: string; tryId: string } };
  flip: {
    fixed: {
      phase: string;
      version: number;
      limit: number;
      bucket: number;
      begun: boolean;
      seq: number;
      waiting: number;
      settleMs: number;
    };
    each: never;
  };
  forget: { fixed: null; each: never };
  give: { fixed: null; each: { unit: number; holder: string } };
  join: {
    fixed: { acknowledged: boolean };
    each: { key: string; entryId: string; shopper: string; attempt: number };
  };
  leave: { fixed: null; each: { key: string; entryId: string; attempt: number } };
  "load-cards": { fixed: null; each: { key: string; card: string } };
  "load-units": { fixed: null; each: { unit: number; holder: string } };
  look: { fixed: null; each: { key: string } };
  mark: { fixed: null; each: { unit: number; seen: string; becomes: string } };
  pool: { fixed: { after: number; count: number }; each: never };
  pulse: {
    fixed: { phase: string; version: number; limit: number; publish: boolean; pendingMax: number };
    each: never;
  };
  records: { fixed: null; each: { unit: number } };
  remove: { fixed: null; each: never };
  settle: { fixed: null; each: { unit: number; holdId: string } };
  "stock-drop": { fixed: { shownOnly: boolean }; each: never };
  "stock-hold": {
    fixed: { staleMs: number; keepMs: number };
    each: { reservationId: string; lines: string };
  };
  "stock-load": { fixed: { token: string; keepMs: number }; each: { locationId: string; row: string } };
  "stock-look": { fixed: { staleMs: number; keepMs: number }; each: never };
  "stock-settle": { fixed: { ended: string }; each: { locationId: string; row: string } };
  stored: { fixed: { seq: number }; each: never };
  survivors: { fixed: { after: number; count: number }; each: never };
  take: { fixed: null; each: { holdId: string } };
  tickets: { fixed: { drawn: string }; each: { key: string; attempt: number; ticket: number } };
  tokens: { fixed: { rate: string; burst: number; wanted: number; unspent: number }; each: never };
  told: {
    fixed: { phase: string; version: number; serving: number; waiting: number; rate: string; force: boolean };
    each: never;
  };
  "told-last": { fixed: null; each: never };
}
