// What the tests of both stores need: places on disk, groups of processes, and programs that can be killed.
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { onTestFinished } from "vitest";

/** A folder that is removed when the test is over. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "dropgate-ops-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

export function processGroup(pid: number): number {
  return Number(execFileSync("ps", ["-o", "pgid=", "-p", String(pid)], { encoding: "utf8" }));
}

/** A program that started a store and can be killed with SIGKILL, leaving the store behind. */
export type Starter = { url: string; pid: number; kill: () => Promise<void> };

export async function startInOtherProgram(
  which: "redis" | "postgres",
  dataDir: string,
  identity: { uid?: number; gid?: number } = {},
): Promise<Starter> {
  const script = join(import.meta.dirname, "left-behind.fixture.ts");
  const program: ChildProcess = spawn(
    process.execPath,
    ["--import", import.meta.resolve("tsx"), script, which, dataDir],
    { ...identity, stdio: ["ignore", "pipe", "inherit"], env: { ...process.env, HOME: dataDir } },
  );
  if (program.stdout === null) throw new Error("no pipe");
  onTestFinished(() => void program.kill("SIGKILL"));
  for await (const line of createInterface({ input: program.stdout })) {
    const said: unknown = JSON.parse(line);
    if (typeof said !== "object" || said === null || !("url" in said) || !("pid" in said)) break;
    return {
      url: String(said.url),
      pid: Number(said.pid),
      async kill() {
        program.kill("SIGKILL");
        await once(program, "exit");
      },
    };
  }
  throw new Error("the program ended without having started its store");
}
