import { expect, test } from "vitest";
import { chainFrom } from "./launchers.ts";

type Seen = Record<number, { ppid: number; command: string }>;
const looker =
  (seen: Seen) =>
  (pid: number): { ppid: number; command: string } | undefined =>
    seen[pid];

test("the chain goes up to npx through the shells between, and no further", () => {
  const seen: Seen = {
    50: { ppid: 40, command: "node --import tsx ops/src/start/main.ts" },
    40: { ppid: 30, command: "sh -c trap '' INT; node --import tsx ops/src/start/main.ts" },
    30: { ppid: 20, command: "node /usr/bin/pnpm start" },
    20: { ppid: 10, command: "sh -c 'pnpm' start" },
    10: { ppid: 5, command: "npm exec pnpm start" },
    // Gone as soon as it has started the rest in the background.
    5: { ppid: 1, command: "bash -c npx pnpm start &" },
  };
  expect(chainFrom(50, looker(seen)).map((link) => link.pid)).toEqual([50, 40, 30, 20]);
});

test("started by a shell or a supervisor alone, nothing is watched: they may end", () => {
  const shell: Seen = {
    50: { ppid: 40, command: "node --import tsx ops/src/start/main.ts" },
    40: { ppid: 1, command: "bash -c node --import tsx main.ts" },
  };
  expect(chainFrom(50, looker(shell))).toEqual([]);
  const supervisor: Seen = {
    50: { ppid: 40, command: "node --import tsx ops/src/start/main.ts" },
    40: { ppid: 1, command: "/usr/lib/systemd/systemd --user" },
  };
  expect(chainFrom(50, looker(supervisor))).toEqual([]);
});

test("a test runner below node_modules/.pnpm is no launcher", () => {
  const seen: Seen = {
    50: { ppid: 40, command: "node --import tsx ops/src/start/main.ts" },
    40: { ppid: 1, command: "node /x/node_modules/.pnpm/vitest@4.1.12/node_modules/vitest/vitest.mjs run" },
  };
  expect(chainFrom(50, looker(seen))).toEqual([]);
});

test("a process that cannot be looked at ends the chain", () => {
  expect(chainFrom(50, () => undefined)).toEqual([]);
});
