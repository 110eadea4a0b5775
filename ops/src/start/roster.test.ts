import { closeSync, openSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { temporaryFolder } from "../stores/store-under-test.ts";
import { openRoster } from "./roster.ts";

const gateway = { name: "gateway-1", pid: 10, url: "http://127.0.0.1:8080" };

test("the file follows who runs", async () => {
  const file = join(await temporaryFolder(), "processes.json");
  const roster = openRoster(file);
  const read = (): unknown => JSON.parse(readFileSync(file, "utf8"));
  expect(read()).toEqual([]);
  roster.set(gateway);
  roster.set({ name: "worker-1", pid: 11, url: null });
  roster.set({ ...gateway, pid: 12 });
  expect(read()).toEqual([
    { ...gateway, pid: 12 },
    { name: "worker-1", pid: 11, url: null },
  ]);
  roster.remove("gateway-1");
  expect(read()).toEqual([{ name: "worker-1", pid: 11, url: null }]);
});

test("it is replaced by rename: whoever has it open reads the whole of what was true", async () => {
  const folder = await temporaryFolder();
  const file = join(folder, "processes.json");
  const roster = openRoster(file);
  roster.set(gateway);
  const open = openSync(file, "r");
  roster.set({ ...gateway, pid: 12 });
  expect(JSON.parse(readFileSync(open, "utf8"))).toEqual([gateway]);
  closeSync(open);
  expect(readdirSync(folder)).toEqual(["processes.json"]);
});

test("nobody else may read it, because connection strings carry passwords", async () => {
  const file = join(await temporaryFolder(), "processes.json");
  openRoster(file);
  expect(statSync(file).mode & 0o077).toBe(0);
});
