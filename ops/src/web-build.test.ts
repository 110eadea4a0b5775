import { mkdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { temporaryFolder } from "./stores/store-under-test.ts";
import { buildWeb, hashOf } from "./web-build.ts";

test("the hash follows content and names of sources, not tests, not what was built", async () => {
  const root = await temporaryFolder();
  await mkdir(join(root, "web/src"), { recursive: true });
  await mkdir(join(root, "web/dist"), { recursive: true });
  await writeFile(join(root, "web/src/a.ts"), "1");
  const now = (): Promise<string> => hashOf(root, ["web", "absent", "pnpm-lock.yaml"]);
  const first = await now();
  await writeFile(join(root, "web/dist/a.js"), "built");
  await writeFile(join(root, "web/src/a.test.ts"), "tests");
  expect(await now()).toBe(first);
  await writeFile(join(root, "web/src/a.ts"), "2");
  const second = await now();
  expect(second).not.toBe(first);
  await rename(join(root, "web/src/a.ts"), join(root, "web/src/b.ts"));
  const third = await now();
  expect(third).not.toBe(second);
  await writeFile(join(root, "pnpm-lock.yaml"), "lock");
  expect(await now()).not.toBe(third);
});

test("without sources there is nothing to build", async () => {
  expect(await buildWeb(await temporaryFolder(), () => {})).toBe("no sources");
});
