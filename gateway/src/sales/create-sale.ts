// A new sale by an operator's call: under its Idempotency-Key, with its lanes filled before the answer.
import type { Outcome } from "@dropgate/contracts/refusals";
import type { Statements } from "@dropgate/sql";
import { violatedConstraint } from "@dropgate/sql";
import type { SaleRow } from "@dropgate/sql/sales/sale-row";
import { countUnits } from "@dropgate/sql/sales/stock";
import type { Call } from "../edge/call.ts";
import { json, type Reply } from "../edge/reply.ts";
import type { Services } from "../services.ts";
import { adminSaleView } from "./sale-view.ts";
import { openLanes } from "./tell-sale.ts";

/** A tag is one of 2^30: two collisions in a row are a bug. */
const TAG_TRIES_MAX = 3;

/** @param create writes the sale, in the transaction in which its answer is kept */
export async function createOnce(
  services: Services,
  call: Pick<Call, "idempotency">,
  create: (tx: Statements) => Promise<Outcome<SaleRow>>,
): Promise<Reply> {
  for (let attempt = 1; ; attempt++) {
    let created: SaleRow | null = null;
    try {
      const reply = await services.idempotency.once(call.idempotency, async (tx) => {
        const outcome = await create(tx);
        if (!outcome.ok) return outcome;
        created = outcome.value;
        const units = await countUnits(tx, outcome.value.id);
        return json(201, adminSaleView(outcome.value, units, null, Date.now()));
      });
      if (created !== null) await openLanes(services, created);
      return reply;
    } catch (error) {
      if (violatedConstraint(error) !== "sales_tag_key" || attempt >= TAG_TRIES_MAX) throw error;
    }
  }
}
