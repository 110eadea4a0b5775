// Runs in each quick test file. The files of a worker share its process, so what one leaves running would answer,
// wake or hold up the next: a file that leaves a server or a child process fails, and not whoever comes after it.
import { afterAll, expect, vi } from "vitest";

const KINDS = ["TCPServerWrap", "ProcessWrap"];

/** What listens, and what children run, that keep this process awake. */
const running = (): string[] =>
  process
    .getActiveResourcesInfo()
    .filter((kind) => KINDS.includes(kind))
    .toSorted();

const before = running();
afterAll(async () => {
  await vi.waitFor(() => expect(running(), "left running by this file").toEqual(before), { timeout: 10_000 });
});
