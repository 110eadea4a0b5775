// What whoever runs a gateway asks it: is it up, is it ready, how is it doing, what does it speak.

import { READY_CHECK_MS_MAX } from "@dropgate/contracts/limits";
import { openApiDocument } from "@dropgate/contracts/openapi";
import { isWorkerAlive } from "@dropgate/sql/keys/heartbeats";
import { missingMigrations } from "@dropgate/sql/migrations-done";
import type { Handlers } from "../edge/call.ts";
import { json } from "../edge/reply.ts";
import type { Services } from "../services.ts";

export function operationRoutes(
  services: Services,
): Pick<Handlers, "healthz" | "readyz" | "metrics" | "openapi"> {
  const { metrics } = services;
  const up = json(200, { ok: true });
  let document: string | null = null;
  return {
    healthz: () => up,

    async readyz() {
      const reasons = await reasonsAgainst(services);
      return json(reasons.length === 0 ? 200 : 503, { ok: reasons.length === 0, reasons });
    },

    async metrics() {
      return {
        ok: true,
        status: 200,
        body: await metrics.registry.metrics(),
        contentType: metrics.registry.contentType,
      };
    },

    openapi() {
      document ??= JSON.stringify(openApiDocument());
      return { ok: true, status: 200, body: document, cacheControl: "public, max-age=60" };
    },
  };
}

/** Why this gateway cannot serve a sale now, in words. */
async function reasonsAgainst({ truth, hotStore }: Services): Promise<string[]> {
  const reasons: string[] = [];
  if (!hotStore.ready) reasons.push("Redis is not connected, or its scripts are not loaded.");
  let timer: NodeJS.Timeout | undefined;
  try {
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error("no answer in time")), READY_CHECK_MS_MAX);
    });
    const look = Promise.all([missingMigrations(truth), isWorkerAlive(truth)]);
    const [missing, worker] = await Promise.race([look, late]);
    if (missing.length > 0) reasons.push(`Migrations have not run: ${missing.join(", ")}.`);
    if (!worker) reasons.push("No worker has given a sign of life in the last seconds.");
  } catch (error) {
    const unmigrated = error instanceof Error && "code" in error && error.code === "42P01";
    reasons.push(unmigrated ? "Migrations have not run." : "PostgreSQL does not answer.");
  } finally {
    clearTimeout(timer);
  }
  return reasons;
}
