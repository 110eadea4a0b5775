// What the page and its worker say to each other about a check of the draw.
import type { Verdict } from "@dropgate/draw";

export interface CheckOrder {
  /** The address of the draw file; the list lies below it. */
  proof: string;
  /** Whose number to work out anew, or null. */
  entryId: string | null;
}

/** Hex, as the draw file states them. */
export interface Fingerprints {
  commitment: string | null;
  secret: string | null;
  /** Of the list that the asked entry is in. */
  digest: string | null;
}

export type CheckNews =
  | { kind: "reading"; read: number; listed: number }
  /** The server did not give both files, or the line broke in between. */
  | { kind: "away" }
  | { kind: "read"; verdict: Verdict; fingerprints: Fingerprints };
