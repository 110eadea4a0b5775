// What a reconciliation found, and what became of it.
import type { DifferenceKind, DifferenceState } from "@dropgate/contracts/reconciliation";
import type { LevelKey } from "../levels/level-row.ts";
import type { Statements } from "../truth.ts";

export interface NewDifference extends LevelKey {
  kind: DifferenceKind;
  found: Record<string, number>;
  proposed: Record<string, number>;
}

export interface DifferenceRow extends NewDifference {
  state: DifferenceState;
  reason: string | null;
  decidedBy: string | null;
  decidedAt: Date | null;
}

const COLUMNS = `kind, sku, location_id AS "locationId", found, proposed, state, reason, decided_by AS "decidedBy",
  decided_at AS "decidedAt"`;

export async function insertDifferences(
  tx: Statements,
  id: string,
  differences: readonly NewDifference[],
): Promise<void> {
  if (differences.length === 0) return;
  await tx.query(
    `INSERT INTO reconciliation_differences (reconciliation_id, kind, sku, location_id, found, proposed)
     SELECT $1, * FROM unnest($2::text[], $3::text[], $4::text[], $5::jsonb[], $6::jsonb[])`,
    [
      id,
      differences.map((d) => d.kind),
      differences.map((d) => d.sku),
      differences.map((d) => d.locationId),
      differences.map((d) => JSON.stringify(d.found)),
      differences.map((d) => JSON.stringify(d.proposed)),
    ],
  );
}

/** Those of one kind that wait for a decision, locked in the order of levels. */
export async function lockProposed(
  tx: Statements,
  id: string,
  kind: DifferenceKind,
  limit: number,
): Promise<DifferenceRow[]> {
  const { rows } = await tx.query<DifferenceRow>(
    `SELECT ${COLUMNS} FROM reconciliation_differences
     WHERE reconciliation_id = $1 AND kind = $2 AND state = 'proposed'
     ORDER BY sku, location_id LIMIT $3 FOR NO KEY UPDATE`,
    [id, kind, limit],
  );
  return rows;
}

export interface Decided extends LevelKey {
  state: Exclude<DifferenceState, "proposed">;
  reason: string | null;
}

export async function writeDecided(
  tx: Statements,
  id: string,
  kind: DifferenceKind,
  decidedBy: string,
  decided: readonly Decided[],
): Promise<void> {
  await tx.query(
    `UPDATE reconciliation_differences d SET state = n.state, reason = n.reason, decided_by = $3,
       decided_at = clock_timestamp()
     FROM unnest($4::text[], $5::text[], $6::text[], $7::text[]) AS n(sku, location_id, state, reason)
     WHERE d.reconciliation_id = $1 AND d.kind = $2 AND d.sku = n.sku AND d.location_id = n.location_id`,
    [
      id,
      kind,
      decidedBy,
      decided.map((d) => d.sku),
      decided.map((d) => d.locationId),
      decided.map((d) => d.state),
      decided.map((d) => d.reason),
    ],
  );
}

/** A page by SKU, location and kind. */
export async function listDifferences(
  truth: Statements,
  id: string,
  state: DifferenceState | undefined,
  after: (LevelKey & { kind: string }) | null,
  limit: number,
): Promise<DifferenceRow[]> {
  const { rows } = await truth.query<DifferenceRow>(
    `SELECT ${COLUMNS} FROM reconciliation_differences
     WHERE reconciliation_id = $1 AND ($2::text IS NULL OR state = $2)
       AND ($3::text IS NULL OR (sku, location_id, kind) > ($3, $4, $5))
     ORDER BY sku, location_id, kind LIMIT $6`,
    [id, state ?? null, after?.sku ?? null, after?.locationId ?? "", after?.kind ?? "", limit],
  );
  return rows;
}
