import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { findRedisServer } from "./redis-server.ts";
import { temporaryFolder } from "./store-under-test.ts";

async function folderWith(name: string, says: string): Promise<string> {
  const folder = await temporaryFolder();
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, name), `#!/bin/sh\necho '${says}'\n`, { mode: 0o755 });
  return folder;
}

const old = "Redis server v=6.2.14 sha=00000000:0 malloc=jemalloc-5.2.1 bits=64 build=0";
const valkey = "Valkey server v=8.1.1 sha=00000000:0 malloc=jemalloc-5.3.0 bits=64 build=0";

test("a server that is too old is passed over for a newer one further down the PATH", async () => {
  const searchPath = `${await folderWith("redis-server", old)}:${await folderWith("valkey-server", valkey)}`;
  const found = await findRedisServer(await temporaryFolder(), { searchPath, mayFetch: false });
  expect(found.version).toBe("8.1.1");
});

test("when all are too old, the sentence names the program, its version and what mends it", async () => {
  const searchPath = await folderWith("redis-server", old);
  const looking = findRedisServer(await temporaryFolder(), { searchPath, mayFetch: false });
  await expect(looking).rejects.toThrow(
    /redis-server is version 6\.2\.14; Dropgate needs 7\.0 or later\. Install .*REDIS_URL/,
  );
});

test("when there is none, the sentence says how to get one", async () => {
  const looking = findRedisServer(await temporaryFolder(), { searchPath: "", mayFetch: false });
  await expect(looking).rejects.toThrow(/No Redis server was found on the PATH\. Install .*REDIS_URL/);
});
