import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { isAlive } from "../stores/store-process.ts";
import { temporaryFolder } from "../stores/store-under-test.ts";
import {
  type DataDirectory,
  emptyDataDirectory,
  endLeftovers,
  openDataDirectory,
  secretsFor,
} from "./data-directory.ts";

async function opened(path: string): Promise<DataDirectory> {
  const outcome = await openDataDirectory(path);
  if (!outcome.ok) throw new Error(outcome.sentence);
  return outcome.directory;
}

/** A process that looks, to whoever reads its command line, like the given script. */
async function lookalike(script: string): Promise<number> {
  const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)", "--", script], {
    stdio: "ignore",
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  await once(child, "spawn");
  if (child.pid === undefined) throw new Error("no process");
  return child.pid;
}

test("two starts never share one, and the second is told whose it is", async () => {
  const path = join(await temporaryFolder(), "data");
  const other = await lookalike("/checkout/ops/src/start/main.ts");
  await opened(path);
  await writeFile(join(path, "start.pid"), String(other));
  const second = await openDataDirectory(path);
  expect(second).toMatchObject({ ok: false, sentence: expect.stringContaining(`process ${other}`) });
});

test("a start that was killed leaves nothing that keeps the next one out", async () => {
  const path = join(await temporaryFolder(), "data");
  await opened(path);
  // Its number may even belong to somebody else by now.
  await writeFile(join(path, "start.pid"), String(await lookalike("/usr/bin/mail")));
  const next = await opened(path);
  expect(await readFile(join(path, "start.pid"), "utf8")).toBe(`${process.pid}\n`);
  await next.release();
  expect(await readdir(path)).not.toContain("start.pid");
});

test("processes that a killed start left behind are ended, strangers with their numbers are not", async () => {
  const directory = await opened(join(await temporaryFolder(), "data"));
  const gateway = await lookalike("/checkout/gateway/src/main.ts");
  const stranger = await lookalike("/usr/bin/mail");
  const roster = [
    { name: "gateway-1", pid: gateway, url: null },
    { name: "worker-1", pid: stranger, url: null },
  ];
  await writeFile(directory.roster, JSON.stringify(roster));
  await endLeftovers(directory);
  expect(isAlive(gateway)).toBe(false);
  expect(isAlive(stranger)).toBe(true);
});

test("emptying removes what is ours and nothing else", async () => {
  const directory = await opened(await temporaryFolder());
  await secretsFor(directory, {});
  await writeFile(join(directory.path, "letter.txt"), "dear …");
  await emptyDataDirectory(directory);
  expect((await readdir(directory.path)).toSorted((a, b) => a.localeCompare(b))).toEqual([
    "letter.txt",
    "logs",
    "start.pid",
  ]);
});

test("secrets are made once, kept for the next start, and readable by their owner only", async () => {
  const directory = await opened(join(await temporaryFolder(), "data"));
  const first = await secretsFor(directory, {});
  expect(first.secret).toMatch(/^[0-9a-f]{64}$/);
  expect(first.apiKey).toMatch(/^[0-9a-f]{48}$/);
  expect(await secretsFor(directory, {})).toEqual(first);
  for (const file of ["secret", "api-key"]) {
    expect((await stat(join(directory.path, file))).mode & 0o077).toBe(0);
  }
  expect((await stat(directory.path)).mode & 0o077).toBe(0);
});

test("secrets of the environment win and are not written down", async () => {
  const directory = await opened(join(await temporaryFolder(), "data"));
  const given = {
    DROPGATE_SECRET: "s".repeat(32),
    BOOTSTRAP_API_KEY: "k".repeat(16),
    WMS_SECRET: "w".repeat(16),
  };
  expect(await secretsFor(directory, given)).toEqual({
    secret: given.DROPGATE_SECRET,
    apiKey: given.BOOTSTRAP_API_KEY,
    apiKeyFile: null,
    wmsSecret: given.WMS_SECRET,
  });
  expect(await readdir(directory.path)).not.toContain("secret");
});

test("a place that cannot be used is answered with a sentence", async () => {
  const file = join(await temporaryFolder(), "file");
  await writeFile(file, "");
  const outcome = await openDataDirectory(join(file, "data"));
  expect(outcome).toMatchObject({ ok: false, sentence: expect.stringContaining("--data-dir") });
});
