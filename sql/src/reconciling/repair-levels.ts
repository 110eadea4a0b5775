// Levels that somebody wrote behind the ledger's back become what the ledger says. It is the one writer of quantities
// beside ../levels/write-level-changes.ts, and adds no transaction: the ledger was right. A note tells of it.
import type { Quantities } from "@dropgate/contracts/inventory";
import type { LevelKey } from "../levels/level-row.ts";
import type { Statements } from "../truth.ts";

export interface LevelRepair extends LevelKey {
  from: Partial<Quantities>;
  to: Quantities;
}

/** The caller has locked the levels. */
export async function repairLevels(
  tx: Statements,
  repairs: readonly LevelRepair[],
  reference: { type: string; id: string },
  actor: string,
): Promise<void> {
  if (repairs.length === 0) return;
  await tx.query(
    `WITH repair AS (
       SELECT * FROM unnest($1::text[], $2::text[], $3::int[], $4::int[], $5::int[], $6::int[], $7::int[], $8::int[],
         $9::jsonb[]) AS r(sku, location_id, on_hand, allocated, reserved, damaged, in_transit_in, in_transit_out, data)
     ), repaired AS (
       UPDATE inventory_levels l SET on_hand = r.on_hand, allocated = r.allocated, reserved = r.reserved,
         damaged = r.damaged, in_transit_in = r.in_transit_in, in_transit_out = r.in_transit_out, rev = l.rev + 1,
         last_updated_at = clock_timestamp()
       FROM repair r WHERE l.sku = r.sku AND l.location_id = r.location_id
     )
     INSERT INTO inventory_transactions (note, type, sku, location_id, reference_type, reference_id, actor, data)
     SELECT true, 'level.repaired', sku, location_id, $10, $11, $12, data FROM repair`,
    [
      repairs.map((r) => r.sku),
      repairs.map((r) => r.locationId),
      repairs.map((r) => r.to.onHand),
      repairs.map((r) => r.to.allocated),
      repairs.map((r) => r.to.reserved),
      repairs.map((r) => r.to.damaged),
      repairs.map((r) => r.to.inTransitIn),
      repairs.map((r) => r.to.inTransitOut),
      repairs.map(({ from, to }) => JSON.stringify({ from, to })),
      reference.type,
      reference.id,
      actor,
    ],
  );
}
