import { expect, test } from "vitest";
import {
  coreServices,
  localUrl,
  type Surroundings,
  shoppersService,
  shopService,
  warehouseService,
} from "./services.ts";

const around: Surroundings = {
  root: "/checkout",
  env: { LOG_LEVEL: "debug", DROPGATE_SECRET: "theirs", REDIS_URL: "redis://theirs" },
  host: "127.0.0.1",
  port: 8080,
  shopPort: 8081,
  shopData: "/data/shop",
  redisUrl: "redis://ours",
  databaseUrl: "postgres://ours",
  secret: "ours",
  apiKey: "key",
  wmsSecret: "shared",
  warehousePort: 8082,
  warehouseData: "/data/warehouse",
};

test("gateways share one port and workers have none; each knows its name and the stores", () => {
  const specs = coreServices(around, { gateways: 2, workers: 1 });
  expect(specs.map(({ name, url }) => [name, url])).toEqual([
    ["gateway-1", "http://127.0.0.1:8080"],
    ["gateway-2", "http://127.0.0.1:8080"],
    ["worker-1", null],
  ]);
  for (const { name, env } of specs) {
    expect(env).toMatchObject({
      PROCESS_NAME: name,
      REDIS_URL: "redis://ours",
      DATABASE_URL: "postgres://ours",
      DROPGATE_SECRET: "ours",
      LOG_LEVEL: "debug",
    });
  }
  expect(specs[0]?.env).toMatchObject({
    PORT: "8080",
    BOOTSTRAP_API_KEY: "key",
    PUBLIC_URL: "http://127.0.0.1:8080",
  });
});

test("the demo shop may show the line in its own page, beside whoever the environment allows", () => {
  const allowed = (more: Partial<Surroundings>) =>
    coreServices({ ...around, ...more }, { gateways: 1, workers: 0 })[0]?.env["ALLOWED_ORIGINS"];
  expect(allowed({})).toBe("http://127.0.0.1:8081");
  expect(allowed({ shopPort: 0 })).toBeUndefined();
  const env = { ...around.env, ALLOWED_ORIGINS: "https://shop.example" };
  expect(allowed({ env })).toBe("https://shop.example,http://127.0.0.1:8081");
});

test("gateways and workers reach the simulated warehouse, and whatever else the environment says", () => {
  const [gateway, worker] = coreServices(around, { gateways: 1, workers: 1 });
  for (const spec of [gateway, worker]) {
    expect(spec?.env).toMatchObject({
      WMS_SECRET: "shared",
      WMS_URL: "http://127.0.0.1:8082/requests",
      WMS_ALLOW_PRIVATE: "127.0.0.1",
    });
  }
  expect(warehouseService(around).env).toMatchObject({ WMS_SECRET: "shared", PORT: "8082" });
  const alone = coreServices({ ...around, warehousePort: 0 }, { gateways: 1, workers: 1 })[1];
  expect(alone?.env["WMS_URL"]).toBeUndefined();
  expect(alone?.env["WMS_ALLOW_PRIVATE"]).toBe("");
  const workerWith = (env: Surroundings["env"]): Record<string, string | undefined> | undefined =>
    coreServices({ ...around, env }, { gateways: 1, workers: 1 })[1]?.env;
  expect(workerWith({ WMS_URL: "https://wms.example.com/" })).toMatchObject({
    WMS_URL: "https://wms.example.com/",
    WMS_ALLOW_PRIVATE: "",
  });
  expect(workerWith({ WMS_ALLOW_PRIVATE: "10.0.0.0/8" })).toMatchObject({
    WMS_ALLOW_PRIVATE: "10.0.0.0/8,127.0.0.1",
  });
});

test("shop, warehouse and shoppers know what any outsider knows, and none of our secrets", () => {
  expect(shopService(around).env).not.toHaveProperty("WMS_SECRET");
  for (const { env } of [shopService(around), warehouseService(around), shoppersService(around, "s1", 5)]) {
    expect(env).toMatchObject({ GATEWAY_URL: "http://127.0.0.1:8080" });
    for (const name of ["DROPGATE_SECRET", "REDIS_URL", "DATABASE_URL", "BOOTSTRAP_API_KEY"]) {
      expect(env).not.toHaveProperty(name);
    }
  }
});

test("listening everywhere, this machine calls it by the loopback address and nobody guesses a public one", () => {
  expect(localUrl("0.0.0.0", 80)).toBe("http://127.0.0.1:80");
  expect(localUrl("::1", 80)).toBe("http://[::1]:80");
  const [gateway] = coreServices({ ...around, host: "0.0.0.0" }, { gateways: 1, workers: 1 });
  expect(gateway?.env["PUBLIC_URL"]).toBeUndefined();
  const named = { ...around, host: "0.0.0.0", env: { PUBLIC_URL: "https://drop.example.com" } };
  expect(coreServices(named, { gateways: 1, workers: 1 })[0]?.env["PUBLIC_URL"]).toBe(
    "https://drop.example.com",
  );
});
