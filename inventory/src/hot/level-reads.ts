// Reads levels of SKUs from the truth for whoever loads them, many SKUs with one statement: one is under way, and what
// is asked for meanwhile is the next. So a hot store that was lost costs PostgreSQL a statement at a time.
import { STOCK_BATCH_MAX } from "@dropgate/contracts/limits";
import type { Truth } from "@dropgate/sql";
import type { LevelRow } from "@dropgate/sql/levels/level-row";
import { readLevelsOf } from "@dropgate/sql/levels/levels-of-skus";
import { bySku } from "./by-sku.ts";

interface Asked {
  sku: string;
  resolve: (rows: LevelRow[]) => void;
  reject: (error: unknown) => void;
}

export class LevelReads {
  readonly #truth: Truth;
  #waiting: Asked[] = [];
  #underWay = false;

  constructor(truth: Truth) {
    this.#truth = truth;
  }

  /** All levels of the SKU, as they are at some time after this call. */
  of(sku: string): Promise<LevelRow[]> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ sku, resolve, reject });
      // What is asked for in the same turn goes together.
      if (!this.#underWay) queueMicrotask(() => void this.#work());
    });
  }

  async #work(): Promise<void> {
    if (this.#underWay) return;
    this.#underWay = true;
    while (this.#waiting.length > 0) await this.#read(this.#waiting.splice(0, STOCK_BATCH_MAX));
    this.#underWay = false;
  }

  async #read(batch: readonly Asked[]): Promise<void> {
    try {
      const rows = await readLevelsOf(this.#truth, [...new Set(batch.map(({ sku }) => sku))]);
      const groups = bySku(rows);
      for (const { sku, resolve } of batch) resolve(groups.get(sku) ?? []);
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  }
}
