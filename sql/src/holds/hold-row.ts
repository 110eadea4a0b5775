// A hold as PostgreSQL has it, and the facts of its sale and entry that decisions about it need.
import type { HoldState } from "@dropgate/contracts/states/hold";
import type { Statements } from "../truth.ts";

export interface HoldRow {
  holdId: string;
  saleId: string;
  entryId: string;
  shopper: string;
  unit: number;
  slot: number;
  state: HoldState;
  rev: number;
  appliedRev: number;
  offeredAt: Date;
  publishedAt: Date | null;
  claimBy: Date;
  claimedAt: Date | null;
  expiresAt: Date | null;
  extended: boolean;
  orderId: string | null;
  replaces: string | null;
  sku: string;
}

/** The select list that makes a HoldRow from `holds h JOIN sales s`. */
export const HOLD_COLUMNS = `h.hold_id AS "holdId", h.sale_id AS "saleId", h.entry_id AS "entryId", h.shopper, h.unit,
  h.slot, h.state, h.rev, h.applied_rev AS "appliedRev", h.offered_at AS "offeredAt",
  h.published_at AS "publishedAt", h.claim_by AS "claimBy", h.claimed_at AS "claimedAt",
  h.expires_at AS "expiresAt", h.extended, h.order_id AS "orderId", h.replaces, s.sku`;

/** Reads holds without locking; unknown and void ones are missing from the answer. */
export async function readHolds(truth: Statements, holdIds: readonly string[]): Promise<HoldRow[]> {
  const { rows } = await truth.query<HoldRow>(
    `SELECT ${HOLD_COLUMNS} FROM holds h JOIN sales s ON s.id = h.sale_id
     WHERE h.hold_id = ANY($1) AND h.state <> 'void'`,
    [holdIds],
  );
  return rows;
}

/** The hold that a late confirm made in place of an expired one. */
export async function readReplacement(truth: Statements, holdId: string): Promise<HoldRow | null> {
  const { rows } = await truth.query<HoldRow>(
    `SELECT ${HOLD_COLUMNS} FROM holds h JOIN sales s ON s.id = h.sale_id WHERE h.replaces = $1`,
    [holdId],
  );
  return rows[0] ?? null;
}
