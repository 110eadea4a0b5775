// Holds of one SKU that come together go as one script call: one call a SKU is under way, and what comes meanwhile is
// the next. So a SKU that everybody wants costs its Redis a call now and then, and not one for each who wants it.
import { STOCK_BATCH_MAX, STOCK_QUEUE_MAX } from "@dropgate/contracts/limits";
import { HotStoreAway } from "@dropgate/lua/away";
import type { StockHold, StockHoldOutcome } from "@dropgate/lua/stock-store";

interface Waiting {
  hold: StockHold;
  resolve: (outcome: StockHoldOutcome) => void;
  reject: (error: unknown) => void;
}

export class HoldBatches {
  readonly #send: (sku: string, holds: readonly StockHold[]) => Promise<StockHoldOutcome[]>;
  /** By SKU; a SKU is here while a call of it is under way or begins. */
  readonly #queues = new Map<string, Waiting[]>();

  constructor(send: (sku: string, holds: readonly StockHold[]) => Promise<StockHoldOutcome[]>) {
    this.#send = send;
  }

  /** @throws HotStoreAway also when more wait than would be answered in time */
  hold(sku: string, hold: StockHold): Promise<StockHoldOutcome> {
    return new Promise((resolve, reject) => {
      const waiting = { hold, resolve, reject };
      const queue = this.#queues.get(sku);
      if (queue === undefined) {
        const begun = [waiting];
        this.#queues.set(sku, begun);
        queueMicrotask(() => void this.#work(sku, begun));
      } else if (queue.length < STOCK_QUEUE_MAX) queue.push(waiting);
      else reject(new HotStoreAway(`${queue.length} holds of one SKU wait`, "nothing"));
    });
  }

  async #work(sku: string, queue: Waiting[]): Promise<void> {
    while (queue.length > 0) {
      const batch = queue.splice(0, STOCK_BATCH_MAX);
      try {
        const outcomes = await this.#send(
          sku,
          batch.map(({ hold }) => hold),
        );
        for (const [nth, { resolve, reject }] of batch.entries()) {
          const outcome = outcomes[nth];
          if (outcome === undefined) reject(new Error("a hold was not answered"));
          else resolve(outcome);
        }
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    this.#queues.delete(sku);
  }
}
