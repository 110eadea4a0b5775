// Where a figure was measured: machine and versions, without which it means nothing.
import { execFile } from "node:child_process";
import { cpus, release, totalmem, type } from "node:os";
import { resolve } from "node:path";
import { promisify } from "node:util";
import { findPostgresPrograms } from "@dropgate/ops/stores/postgres-programs";
import { findRedisServer } from "@dropgate/ops/stores/redis-server";
import { ROOT } from "./child.ts";

export interface Machine {
  processor: string;
  cores: number;
  memoryGiB: number;
  system: string;
  versions: Record<string, string>;
  /** The commit that was measured; a `+` when files differed from it. */
  commit: string;
}

export async function readMachine(say: (line: string) => void): Promise<Machine> {
  const redis = await findRedisServer(resolve(ROOT, ".cache"), { say });
  const postgres = await findPostgresPrograms();
  const [redisVersion, postgresVersion, commit, changes] = await Promise.all([
    output(redis.path, ["--version"], redis.env),
    output(postgres.postgres, ["--version"]),
    output("git", ["rev-parse", "--short=10", "HEAD"]),
    output("git", ["status", "--porcelain", "--untracked-files=no", "--", "*.ts", "*.lua", "*.sql"]),
  ]);
  return {
    processor: cpus()[0]?.model.trim() ?? "unknown",
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    system: `${type()} ${release()}`,
    versions: {
      node: process.versions.node,
      redis: /v=([\d.]+)/.exec(redisVersion)?.[1] ?? redisVersion,
      postgres: /(\d+[\d.]*)/.exec(postgresVersion)?.[1] ?? postgresVersion,
    },
    commit: commit === "" ? "unknown" : commit + (changes === "" ? "" : "+"),
  };
}

async function output(
  command: string,
  args: string[],
  env: Record<string, string | undefined> = {},
): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)(command, args, {
      cwd: ROOT,
      env: { ...process.env, ...env },
    });
    return stdout.trim();
  } catch {
    return "";
  }
}
