import { afterEach, beforeEach, expect, inject, test, vi } from "vitest";
import { SaleStage } from "../sale-stage.ts";
import { SaleJobs } from "./sale-jobs.ts";

let stage: SaleStage;
beforeEach(async () => {
  stage = await SaleStage.open({ redisUrl: inject("redisUrl"), databaseUrl: inject("databaseUrl") });
});
afterEach(() => stage.close());

test("a worker is woken at a sale's moments, whatever kind of Redis it is", async () => {
  const sale = await stage.createSale({}, 1);
  const woken: string[] = [];
  const onError = vi.fn<(error: unknown) => void>();
  const jobs = new SaleJobs({
    redisUrl: inject("redisUrl"),
    truth: stage.truth,
    wake: (saleId) => woken.push(saleId),
    onError,
  });
  try {
    await vi.waitFor(() => expect(woken).toContain(sale.id), { timeout: 15_000 });
    expect(onError).not.toHaveBeenCalled();
  } finally {
    await jobs.stop();
  }
});

test("without a Redis it says so and is ended all the same", async () => {
  const onError = vi.fn<(error: unknown) => void>();
  const redisUrl = "redis://127.0.0.1:1";
  const jobs = new SaleJobs({ redisUrl, truth: stage.truth, wake: () => {}, onError });
  await vi.waitFor(() => expect(onError).toHaveBeenCalled(), { timeout: 20_000 });
  await jobs.stop();
});
