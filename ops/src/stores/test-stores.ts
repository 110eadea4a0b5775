// One Redis, or one cluster of three, and one PostgreSQL for a whole test run: the real servers, holding nothing
// on disk that anyone needs, and gone afterwards even when the run itself was killed.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startPostgres } from "./postgres.ts";
import { startRedis } from "./redis.ts";
import { startRedisCluster } from "./redis-cluster.ts";
import { callUndertaker } from "./undertaker.ts";

export type TestStores = { redisUrl: string; databaseUrl: string; stop: () => Promise<void> };
export type RedisKind = "one" | "cluster";

/** What TEST_REDIS asks for; `npx pnpm test:cluster` sets it. */
export function redisKind(env: NodeJS.ProcessEnv): RedisKind {
  return env["TEST_REDIS"] === "cluster" ? "cluster" : "one";
}

/**
 * Starts both, not durable, in a temporary directory. A test file makes a database of its own on
 * `databaseUrl`'s server and uses a key prefix of its own in Redis.
 */
export async function startTestStores(kind: RedisKind): Promise<TestStores> {
  const directory = await mkdtemp(join(tmpdir(), "dropgate-test-"));
  const undertaker = callUndertaker(0, directory);
  const [redis, postgres] = await Promise.all([
    kind === "cluster"
      ? startRedisCluster({
          dataDir: join(directory, "redis-cluster"),
          replicas: 0,
          durable: false,
          onSpawn: (name, pid) => undertaker.take(name, pid),
          say: console.error,
        })
      : startRedis({
          dataDir: join(directory, "redis"),
          durable: false,
          onSpawn: (pid) => undertaker.take("redis", pid),
          say: console.error,
        }),
    startPostgres({
      dataDir: join(directory, "postgres"),
      durable: false,
      maxConnections: 400,
      onSpawn: (pid) => undertaker.take("postgres", pid),
    }),
  ]);
  return {
    redisUrl: redis.url,
    databaseUrl: postgres.url,
    async stop() {
      await Promise.all([redis.stop(), postgres.stop()]);
      undertaker.dismiss();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
