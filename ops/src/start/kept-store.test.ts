import { join } from "node:path";
import { Redis } from "ioredis";
import { expect, onTestFinished, test, vi } from "vitest";
import { startRedis } from "../stores/redis.ts";
import { isAlive, type RunningStore } from "../stores/store-process.ts";
import { temporaryFolder } from "../stores/store-under-test.ts";
import { keepStore } from "./kept-store.ts";

test("a store that is killed comes back on its port, and stays gone once it was stopped", async () => {
  const dataDir = join(await temporaryFolder(), "redis");
  const starts: RunningStore[] = [];
  const ends: string[] = [];
  const store = await keepStore(
    "redis",
    (port) => startRedis({ dataDir, durable: true, ...(port === undefined ? {} : { port }) }),
    {
      onStart: (_, running) => starts.push(running),
      onEnd: (_, how) => ends.push(how),
      onFailure: (_, error) => {
        throw error;
      },
    },
  );
  onTestFinished(() => store.kill());
  process.kill(starts[0]?.pid ?? 0, "SIGKILL");
  await vi.waitFor(() => expect(starts).toHaveLength(2), { timeout: 20_000 });
  expect(ends).toEqual(["was ended by SIGKILL"]);
  const redis = new Redis(store.url);
  expect(await redis.ping()).toBe("PONG");
  redis.disconnect();
  await store.stop(5_000);
  expect(isAlive(starts[1]?.pid ?? 0)).toBe(false);
  expect(starts).toHaveLength(2);
});
