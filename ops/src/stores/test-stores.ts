// One Redis and one PostgreSQL for a whole test run: the real servers, holding nothing on disk that anyone
// needs, and gone afterwards even when the run itself was killed.
import { type ChildProcessByStdio, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Writable } from "node:stream";
import { startPostgres } from "./postgres.ts";
import { startRedis } from "./redis.ts";

export type TestStores = { redisUrl: string; databaseUrl: string; stop: () => Promise<void> };

/**
 * Starts both, not durable, in a temporary directory. A test file makes a database of its own on
 * `databaseUrl`'s server and uses a key prefix of its own in Redis.
 */
export async function startTestStores(): Promise<TestStores> {
  const directory = await mkdtemp(join(tmpdir(), "dropgate-test-"));
  const undertaker = callUndertaker(directory);
  const onSpawn = (pid: number): void => {
    undertaker.stdin.write(`${pid}\n`);
  };
  const [redis, postgres] = await Promise.all([
    startRedis({ dataDir: join(directory, "redis"), durable: false, onSpawn, say: console.error }),
    startPostgres({ dataDir: join(directory, "postgres"), durable: false, maxConnections: 400, onSpawn }),
  ]);
  return {
    redisUrl: redis.url,
    databaseUrl: postgres.url,
    async stop() {
      await Promise.all([redis.stop(), postgres.stop()]);
      undertaker.kill("SIGKILL");
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/**
 * A shell that is told the processes, line by line, and waits for us to end: the pipe it reads from closes
 * with our process, however that ends. Then it ends them and removes their files.
 */
function callUndertaker(directory: string): ChildProcessByStdio<Writable, null, null> {
  const script = [
    'while read -r pid; do pids="$pids $pid"; done',
    '[ -z "$pids" ] || { kill -INT $pids; sleep 1; kill -KILL $pids; }',
    'rm -rf "$1"',
  ].join("\n");
  const shell = spawn("sh", ["-c", script, "sh", directory], {
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
  });
  // It must not be what keeps a finished run from ending.
  shell.unref();
  if (shell.stdin instanceof Socket) shell.stdin.unref();
  return shell;
}
