import { expect, test } from "vitest";
import { Metrics } from "./metrics.ts";

async function requestsOf(metrics: Metrics): Promise<string[]> {
  const text = await metrics.registry.metrics();
  return text.split("\n").filter((line) => line.startsWith("dropgate_http_requests_total{"));
}

test("answers are counted once, however often somebody asks", async () => {
  const metrics = new Metrics();
  metrics.answered("joinSale", 201, 0.01);
  metrics.answered("joinSale", 201, 0.01);
  metrics.answered("joinSale", 410, 0.01);
  const told = [
    'dropgate_http_requests_total{operation="joinSale",status="201"} 2',
    'dropgate_http_requests_total{operation="joinSale",status="410"} 1',
  ];
  expect(await requestsOf(metrics)).toEqual(told);
  expect(await requestsOf(metrics)).toEqual(told);
  metrics.answered("joinSale", 410, 0.01);
  expect((await requestsOf(metrics))[1]).toMatch(/410"} 2$/);
});
