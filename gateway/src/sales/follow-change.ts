// After units came to a sale, left it or changed their pool: the records of the pools in Redis follow, then the copies.
import { CARD_BATCH_MAX } from "@dropgate/contracts/limits";
import { followPools, type PoolChange } from "@dropgate/inventory/sales/pools";
import type { LaneAddress } from "@dropgate/lua/lane-answers";
import type { Services } from "../services.ts";
import { inTime, tellSale } from "./tell-sale.ts";

/** What fails here the worker's next looks repair. */
export async function followChange(services: Services, change: PoolChange): Promise<void> {
  await inTime(services, async () => {
    const sale = await services.sales.take(change.sale);
    const lanes = new Map<number, LaneAddress>();
    for (const { lane, address } of sale.lanes) if (address !== null) lanes.set(lane, address);
    await followPools(services.hotStore, lanes, change, CARD_BATCH_MAX);
  });
  await tellSale(services, change.sale);
}
