// Books the confirmed orders of all sales that stand on the inventory, also of those that are closed. If it dies here,
// nothing was booked and the next look finds the same; twice, the second finds nothing; late, the units stay reserved.
import { BOOKING_BATCH_MAX, BOOKING_SALES_MAX } from "@dropgate/contracts/limits";
import { bookOrders } from "@dropgate/inventory/sales/book-orders";
import { readSalesToBook } from "@dropgate/sql/reservations/sale-orders";
import type { WorkerContext } from "./running/context.ts";

/**
 * A sale whose orders cannot be booked does not hold up the others.
 * @returns whether a batch was full, so there may be more
 * @throws what went wrong with a sale, once the others are done
 */
export async function bookSaleOrders(context: WorkerContext): Promise<boolean> {
  const failures: unknown[] = [];
  let more = false;
  for (const saleId of await readSalesToBook(context.truth, BOOKING_SALES_MAX)) {
    try {
      const { found, booked } = await bookOrders(context.truth, saleId);
      context.happened("order.allocated", booked);
      more ||= found >= BOOKING_BATCH_MAX;
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0)
    throw new AggregateError(failures, `orders of ${failures.length} sales were not booked`);
  return more;
}
