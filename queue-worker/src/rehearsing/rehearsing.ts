// Dry runs: this worker begins one that waits, as a process of simulated shoppers that goes to a gateway like anybody;
// says that it goes on; closes the copy when nothing more can happen in it; and marks the runs of workers that are gone.
// PostgreSQL says who runs what: a run whose worker died is never begun again, it counts as interrupted.
import { type ChildProcess, fork } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { fileURLToPath } from "node:url";
import { type Rehearsal, rehearsalSchema } from "@dropgate/contracts/rehearsal";
import {
  REHEARSAL_KEPT_MS,
  REHEARSAL_MS_MAX,
  REHEARSAL_SILENT_MS_MAX,
} from "@dropgate/contracts/room-limits";
import { rehearsalPass } from "@dropgate/inventory/rehearsing/pass";
import { removeRehearsals } from "@dropgate/inventory/rehearsing/remove";
import { actOnSaleIn } from "@dropgate/inventory/sales/act";
import { insertApiKey } from "@dropgate/sql/keys/api-keys";
import {
  beatRehearsal,
  beginRehearsal,
  claimRehearsal,
  endRehearsal,
  keepRehearsalKey,
  type RehearsalRow,
  readSilentRehearsals,
} from "@dropgate/sql/rehearsals/rehearsal-row";
import { type RehearsalStanding, readRehearsalStanding } from "@dropgate/sql/rehearsals/seen-curve";
import { lockSaleRow } from "@dropgate/sql/sales/lock-sale";
import { readSale } from "@dropgate/sql/sales/sale-row";
import { moveSchedule } from "@dropgate/sql/sales/update-sale";
import type { WorkerContext } from "../running/context.ts";

/** Not imported: it may know the contract only, and all that it may do it does from outside. */
const SHOPPERS = fileURLToPath(new URL("../../../loadtest/src/rehearsing/main.ts", import.meta.url));
/** Nothing more can happen when nobody has waited or held anything for so long: who missed an offer may be coming back. */
const QUIET_MS = 3_000;
/** After the close its shoppers hear the outcome and go; one that has not gone by then is ended. */
const LEAVE_MS_MAX = 20_000;
const REMOVE_EVERY_MS = 60_000;

interface Running {
  row: RehearsalRow & { saleId: string };
  child: ChildProcess;
  outcome: Rehearsal["outcome"];
  begunAtMs: number | null;
  quietSinceMs: number | null;
  closedAtMs: number | null;
  stopped: boolean;
  exited: boolean;
}

export class Rehearsing {
  readonly #context: WorkerContext;
  readonly #gatewayUrl: string | null;
  #running: Running | null = null;
  #removedAtMs = Number.NEGATIVE_INFINITY;

  /** @param gatewayUrl null: none is begun here */
  constructor(context: WorkerContext, gatewayUrl: string | null) {
    this.#context = context;
    this.#gatewayUrl = gatewayUrl;
  }

  /** @returns false: nothing is due at once */
  async step(): Promise<boolean> {
    const { truth, hotStore } = this.#context;
    for (const row of await readSilentRehearsals(truth, REHEARSAL_SILENT_MS_MAX))
      await this.#end(row, "interrupted", null);
    const nowMs = performance.now();
    if (nowMs - this.#removedAtMs > REMOVE_EVERY_MS) {
      this.#removedAtMs = nowMs;
      const removed = await removeRehearsals(truth, hotStore, { keptMs: REHEARSAL_KEPT_MS }, "worker");
      this.#context.happened("rehearsal.removed", removed);
    }
    if (this.#running === null) await this.#begin();
    else await this.#look(this.#running, nowMs);
    return false;
  }

  /** The worker ends: what it runs here is over. */
  async stop(): Promise<void> {
    const running = this.#running;
    if (running === null) return;
    running.child.kill("SIGKILL");
    this.#running = null;
    await this.#end(running.row, "interrupted", null);
  }

  async #begin(): Promise<void> {
    const gatewayUrl = this.#gatewayUrl;
    if (gatewayUrl === null) return;
    const { truth, name } = this.#context;
    const apiKey = `dgk_${randomBytes(32).toString("base64url")}`;
    const claimed = await truth.transaction(async (tx) => {
      const row = await claimRehearsal(tx, name);
      if (row === null) return null;
      const id = `key_${randomBytes(9).toString("base64url")}`;
      const hash = createHash("sha256").update(apiKey).digest();
      await insertApiKey(tx, {
        id,
        name: `dry run ${row.id}`,
        scopes: ["merchant"],
        hash,
        createdBy: "worker",
      });
      await keepRehearsalKey(tx, row.id, id);
      return row;
    });
    const saleId = claimed?.saleId ?? null;
    const sale = saleId === null ? null : await readSale(truth, saleId);
    if (claimed === null || saleId === null || sale === null) return;
    const child = fork(SHOPPERS, {
      // Only what it needs: it stands for people outside.
      env: {
        PATH: process.env["PATH"],
        GATEWAY_URL: gatewayUrl.replace(/\/+$/, ""),
        SALE_ID: saleId,
        REHEARSAL_PASS: rehearsalPass(saleId, sale.idKey),
        API_KEY: apiKey,
        SHAPE: JSON.stringify(claimed.shape),
      },
      execArgv: ["--import", "tsx"],
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    });
    const running: Running = {
      row: { ...claimed, saleId },
      child,
      outcome: null,
      begunAtMs: null,
      quietSinceMs: null,
      closedAtMs: null,
      stopped: false,
      exited: false,
    };
    child.on("message", (message: unknown) => this.#heard(running, message));
    child.once("exit", () => {
      running.exited = true;
    });
    // The exit that follows, or the silence, says it.
    child.on("error", () => {
      running.exited = true;
    });
    this.#running = running;
    this.#context.happened("rehearsal.begun");
  }

  #heard(running: Running, message: unknown): void {
    if (typeof message !== "object" || message === null || !("kind" in message)) return;
    if (message.kind === "begun") {
      running.begunAtMs = performance.now();
      this.#open(running.row).catch((error: unknown) => {
        this.#context.log.error({ err: error, run: running.row.id }, "a rehearsal could not be opened");
        running.child.kill("SIGKILL");
      });
      return;
    }
    const read = rehearsalSchema.shape.outcome.safeParse("outcome" in message ? message.outcome : null);
    if (read.success) running.outcome = read.data;
  }

  /** Second 0: the draw follows when the shoppers have come. */
  #open({ id, saleId, shape }: Running["row"]): Promise<void> {
    return this.#context.truth.transaction(async (tx) => {
      const sale = await lockSaleRow(tx, saleId);
      if (sale === null) return;
      const opensAt = new Date(sale.now.getTime() + shape.opensSecond * 1_000);
      const closesAt = new Date(opensAt.getTime() + REHEARSAL_MS_MAX);
      await moveSchedule(tx, saleId, { lobbyAt: sale.lobbyAt, drawAt: opensAt, opensAt, closesAt });
      await beginRehearsal(tx, id);
    });
  }

  async #look(running: Running, nowMs: number): Promise<void> {
    const { truth, name } = this.#context;
    const { row, child } = running;
    if (running.exited) {
      this.#running = null;
      // One that was told to stop before it could listen has nothing to say.
      const how = running.stopped ? "stopped" : running.outcome === null ? "interrupted" : "ended";
      await this.#end(row, how, running.outcome);
      return;
    }
    if (await beatRehearsal(truth, row.id, name)) {
      if (!running.stopped) child.kill("SIGTERM");
      running.stopped = true;
    }
    const standing = await readRehearsalStanding(truth, row.saleId);
    running.quietSinceMs = isQuiet(row.shape.kind, standing) ? (running.quietSinceMs ?? nowMs) : null;
    if (running.closedAtMs === null && (running.stopped || isPlayed(running, nowMs))) {
      await this.#close(row.saleId);
      running.closedAtMs = nowMs;
      // Who tries again only much later need not wait for it to hear that it is over.
      if (row.shape.kind === "rush") child.kill("SIGTERM");
    }
    if (running.closedAtMs !== null && nowMs - running.closedAtMs > LEAVE_MS_MAX) child.kill("SIGKILL");
  }

  async #close(saleId: string): Promise<void> {
    await this.#context.truth.transaction((tx) => actOnSaleIn(tx, saleId, "close", undefined, "worker"));
  }

  /** Twice, by us or another worker, is once. */
  async #end(
    { id, saleId }: RehearsalRow,
    state: "ended" | "stopped" | "interrupted",
    outcome: Rehearsal["outcome"],
  ): Promise<void> {
    const ended = await this.#context.truth.transaction((tx) => endRehearsal(tx, id, state, outcome));
    if (ended !== null) this.#context.happened("rehearsal.ended");
    if (saleId !== null) await this.#close(saleId);
  }
}

/**
 * Pure. Whether nothing moves now. In a rush nobody waits in line: who still tries is seen by nobody but themselves, so only
 * the last unit's sale says it; else they go one by one when they have done.
 */
export function isQuiet(
  kind: "lottery" | "rush" | undefined,
  standing: Pick<RehearsalStanding, "phase" | "open"> | null,
): boolean {
  if (standing === null || standing.phase === "sold_out") return true;
  return kind !== "rush" && standing.open === 0;
}

/** Pure. Nothing more can happen, or it has gone on for as long as a rehearsal may. */
export function isPlayed(
  {
    begunAtMs,
    quietSinceMs,
    row,
  }: Pick<Running, "begunAtMs" | "quietSinceMs"> & {
    row: { shape: { opensSecond: number } };
  },
  nowMs: number,
): boolean {
  if (begunAtMs === null) return false;
  if (nowMs - begunAtMs > REHEARSAL_MS_MAX) return true;
  const openAtMs = begunAtMs + row.shape.opensSecond * 1_000;
  return quietSinceMs !== null && nowMs - Math.max(quietSinceMs, openAtMs) > QUIET_MS;
}
