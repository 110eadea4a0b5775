// Locks a sale for an operator's change, and reads the clock after the lock: a time read before it could be
// older than the wait for it. (The tick has its own, which skips a locked sale.)
import type { Statements } from "../truth.ts";
import { SALE_COLUMNS, type SaleRow } from "./sale-row.ts";

/** Null when there is no such sale. `now` is PostgreSQL's clock. */
export async function lockSaleRow(tx: Statements, saleId: string): Promise<(SaleRow & { now: Date }) | null> {
  const locked = await tx.query("SELECT 1 FROM sales WHERE id = $1 FOR NO KEY UPDATE", [saleId]);
  if (locked.rowCount !== 1) return null;
  const { rows } = await tx.query<SaleRow & { now: Date }>(
    `SELECT ${SALE_COLUMNS}, clock_timestamp() AS now FROM sales s WHERE s.id = $1`,
    [saleId],
  );
  return rows[0] ?? null;
}

/** PostgreSQL's clock. */
export async function readClock(tx: Statements): Promise<Date> {
  const { rows } = await tx.query<{ now: Date }>("SELECT clock_timestamp() AS now");
  if (!rows[0]) throw new Error("PostgreSQL did not say what time it is");
  return rows[0].now;
}
