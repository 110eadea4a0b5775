import { createServer } from "node:net";
import { expect, inject, onTestFinished, test } from "vitest";
import { freePort } from "../stores/store-process.ts";
import { databaseTrouble, nodeTrouble, portTrouble, redisTrouble } from "./machine.ts";

test("a port in use is named with another to try", async () => {
  const port = await freePort();
  expect(await portTrouble("127.0.0.1", port)).toBeUndefined();
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  expect(await portTrouble("127.0.0.1", port)).toMatch(
    new RegExp(`^Port ${port} on 127\\.0\\.0\\.1 is in use .*--port ${port + 1}`),
  );
});

test("an address that is not this machine's is named with one that is", async () => {
  expect(await portTrouble("192.0.2.1", 8080)).toContain("--host 127.0.0.1");
});

test("another Node is refused with what to do, because its sockets would hang", () => {
  expect(nodeTrouble({ node: "20.20.2", modules: "115" })).toBeUndefined();
  expect(nodeTrouble({ node: "22.1.0", modules: "127" })).toContain("Node 22.1.0; Dropgate runs on Node 20");
});

test("stores of the environment are tried: those that run are fine, others are named", async () => {
  expect(await redisTrouble(inject("redisUrl"))).toBeUndefined();
  expect(await databaseTrouble(inject("databaseUrl"))).toBeUndefined();
  const nobody = await freePort();
  expect(await redisTrouble(`redis://127.0.0.1:${nobody}`)).toMatch(
    /REDIS_URL does not answer: .*ECONNREFUSED/,
  );
  expect(await databaseTrouble(`postgres://127.0.0.1:${nobody}/x`)).toMatch(
    /DATABASE_URL does not answer: .*ECONNREFUSED/,
  );
  expect(await databaseTrouble("nonsense")).toContain("DATABASE_URL does not answer");
  expect(await redisTrouble(inject("redisUrl").replace(/:[0-9a-f]+@/g, ":wrong@"))).toMatch(/WRONGPASS/);
});
