import type { AddressInfo } from "node:net";
import { WORKER_METRICS } from "@dropgate/contracts/metrics";
import { expect, test } from "vitest";
import { Loop } from "./running/loop.ts";
import { WorkerMetrics } from "./telemetry.ts";

test("a worker tells every metric of the contract, and no other of ours", async () => {
  const metrics = new WorkerMetrics();
  metrics.happened("offers.made", 3);
  metrics.watch.storedSince(Date.now() - 200);
  let failures = 2;
  const looks: Promise<string>[] = [];
  const loop = new Loop({
    name: "tick sale-1",
    intervalMs: () => 1,
    step: async () => {
      if (failures-- > 0) throw new Error("a store is away");
      return false;
    },
    onError: () => {},
    onStep: (name, seconds, failed) => {
      metrics.watch.stepped(name, seconds, failed);
      looks.push(metrics.registry.getSingleMetricAsString("dropgate_worker_loops_behind"));
    },
  });
  await expect.poll(() => looks.length).toBeGreaterThanOrEqual(3);
  await loop.stop();
  const behind = (await Promise.all(looks.slice(0, 3))).map((text) => text.split("\n").at(-1));
  expect(behind).toEqual([1, 1, 0].map((count) => `dropgate_worker_loops_behind ${count}`));

  const server = await metrics.listen(0, "127.0.0.1");
  try {
    const { port } = server.address() as AddressInfo;
    const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
    const names = [...text.matchAll(/^# TYPE (dropgate_\w+)/gm)].map((match) => match[1]);
    expect(names.toSorted()).toEqual(Object.keys(WORKER_METRICS).toSorted());
    expect(text).toContain('dropgate_worker_events_total{event="offers.made"} 3');
    expect(text).toContain('dropgate_worker_steps_failed_total{loop="tick"} 2');
    expect((await fetch(`http://127.0.0.1:${port}/other`)).status).toBe(404);
  } finally {
    server.close();
  }
});
