import { expect, test } from "vitest";
import { coreServices, localUrl, type Surroundings, shoppersService, shopService } from "./services.ts";

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

test("shop and shoppers know what any outsider knows, and none of our secrets", () => {
  for (const { env } of [shopService(around), shoppersService(around, "s1", 5)]) {
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
