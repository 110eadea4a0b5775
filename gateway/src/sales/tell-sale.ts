// What follows the commit of an operator's change: Redis' copies and the gateways are brought up to date at once, as
// far as that goes quickly; the worker's tick does it again until all have it.
import { SALE_TELL_MS_MAX } from "@dropgate/contracts/limits";
import { rebuildLane } from "@dropgate/inventory/rebuilding";
import type { SaleRow } from "@dropgate/sql/sales/sale-row";
import type { Services } from "../services.ts";
import type { KnownSale } from "./known-sale.ts";

/** Fills a new sale's lanes, so that a join right after the 201 works; what fails here the worker does. */
export async function openLanes(services: Services, row: SaleRow): Promise<void> {
  await inTime(services, async () => {
    const { truth, hotStore, sales } = services;
    const sale = await sales.take(row);
    if (!hotStore.ready) return;
    await Promise.all(sale.lanes.map(({ lane }) => rebuildLane(truth, hotStore, sale.id, lane, 0)));
    await sales.refreshLanes(sale);
    await tellGateways(services, sale);
  });
}

/** Brings the copies up to date at once; the tick does it again until all have it. */
export async function tellSale(services: Services, row: SaleRow): Promise<void> {
  await inTime(services, async () => {
    const sale = await services.sales.take(row);
    if (!services.hotStore.ready) return;
    const copy = { phase: sale.phase, version: sale.version, limitPerShopper: row.limitPerShopper };
    await Promise.all(
      sale.lanes.flatMap(({ address }) =>
        address === null ? [] : [services.hotStore.lane(address).pulse(copy, false)],
      ),
    );
    await tellGateways(services, sale);
  });
}

async function tellGateways({ hotStore }: Services, sale: KnownSale): Promise<void> {
  const { phase, version, serving, waiting, ratePerSecond } = sale;
  await hotStore.sale(sale.id).told({ phase, version, serving, waiting, ratePerSecond });
}

/** What follows a commit must not hold its answer up, nor fail it. */
export async function inTime(services: Services, work: () => Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, SALE_TELL_MS_MAX);
  });
  await Promise.race([
    work().catch((error: unknown) => services.log.warn({ err: error }, "the copies of a sale follow later")),
    late,
  ]);
  clearTimeout(timer);
}
