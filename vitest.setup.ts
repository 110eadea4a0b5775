// Runs once before and once after all tests of a run: the stores they share.
import type { TestProject } from "vitest/node";
import { redisKind, startTestStores } from "./ops/src/stores/test-stores.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** `redis://…` of the run's Redis, or of its cluster's servers by comma. Use a key prefix of your own. */
    redisUrl: string;
    /** `postgres://…` of the run's PostgreSQL, whose role may create databases. Make one of your own. */
    databaseUrl: string;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const stores = await startTestStores(redisKind(process.env));
  project.provide("redisUrl", stores.redisUrl);
  project.provide("databaseUrl", stores.databaseUrl);
  return stores.stop;
}
