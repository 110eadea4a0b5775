// Dropgate and its demo shop as a newcomer has them: the real `start` command on free ports in a directory of its
// own. What a real browser is shown in these tests comes from here, and from nowhere else.
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { AdminSale, SaleCreate } from "@dropgate/contracts/sale";
import { Client } from "pg";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
/** A loaded machine; how fast it starts is measured elsewhere. */
const READY_MS_MAX = 55_000;

interface Ready {
  url: string;
  shop: string;
  apiKeyFile: string;
}

/** Far enough away that no test sees it come. */
const DRAW_AFTER_MS = 3_600_000;
const CLOSES_AFTER_MS = 7_200_000;

/** What the tests choose of a sale. */
export type SaleOfTest = Pick<SaleCreate, "title" | "quantity" | "claimWindowSeconds"> &
  Partial<Pick<SaleCreate, "kind" | "source" | "locationId">>;

export interface RunningDropgate {
  url: string;
  shop: string;
  /** Opens everything; for what a merchant's server does. */
  apiKey: string;
  /** Makes a sale whose lobby is open and whose checkout is the demo shop's; answers its id. */
  createSale(sale: SaleOfTest): Promise<string>;
  /** Moves the draw, and the opening with it, to so many ms from now. */
  scheduleDraw(saleId: string, afterMs: number): Promise<void>;
  /** For offers made from now on. */
  setClaimWindow(saleId: string, seconds: number): Promise<void>;
  /** Drives a sale by hand, as an operator does. */
  act(saleId: string, action: "draw" | "open"): Promise<void>;
  /** What an operator is answered. */
  ask(path: string): Promise<unknown>;
  /** Any other call below `/admin`, with every scope. */
  send(method: "GET" | "POST" | "PUT" | "PATCH", path: string, body?: unknown): Promise<unknown>;
  /** Harms a row behind everybody's back, as a bug or a repair by hand would. */
  harm(statement: string, values: unknown[]): Promise<void>;
  /** Stands a process still, as one that is not reached; answers how it goes on. By its name in `processes.json`. */
  freeze(name: string): Promise<() => void>;
  close(): Promise<void>;
}

/**
 * @param more of the environment, for all that is started
 * @param moreFlags of the command
 * @throws with what the command said, when it is not ready in time
 */
export async function runDropgate(
  more: Record<string, string> = {},
  moreFlags: readonly string[] = [],
): Promise<RunningDropgate> {
  const dataDir = await mkdtemp(join(tmpdir(), "dropgate-e2e-"));
  const env: NodeJS.ProcessEnv = { ...process.env, LOG_LEVEL: "warn", ...more };
  // Those of the test run: this one brings its own stores.
  for (const name of ["REDIS_URL", "DATABASE_URL", "PORT", "HOST", "NODE_ENV"]) delete env[name];
  const flags = ["--data-dir", dataDir, "--port", "0", ...moreFlags];
  if (process.env["TEST_REDIS"] === "cluster") flags.push("--cluster");
  const child = spawn(process.execPath, ["--import", "tsx", "ops/src/start/main.ts", ...flags], {
    cwd: ROOT,
    env,
    // However this process ends, the channel closes and what it has started ends with it.
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  const frozen = new Set<number>();
  const close = async (): Promise<void> => {
    // One that stands still does not hear that it should end.
    for (const pid of frozen) process.kill(pid, "SIGCONT");
    await ended(child);
    await rm(dataDir, { recursive: true, force: true });
  };
  try {
    const { url, shop, apiKeyFile } = await readyLine(child);
    const apiKey = (await readFile(apiKeyFile, "utf8")).trim();

    const send: RunningDropgate["send"] = async (method, path, body) => {
      const answer = await fetch(`${url}/api/v1/admin${path}`, {
        method,
        headers: { authorization: `Bearer ${apiKey}`, "content-type": "application/json" },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
      return answer.json();
    };

    return {
      url,
      shop,
      apiKey,
      async createSale(chosen) {
        const sale = await send("POST", "/sales", {
          ...chosen,
          sku: "AURORA-FE",
          price: { amount: 49_900, currency: "EUR" },
          imageUrl: `${shop}/product.svg`,
          checkoutUrl: `${shop}/checkout`,
          schedule: { ...drawIn(DRAW_AFTER_MS), closesAt: inMs(CLOSES_AFTER_MS) },
        });
        return (sale as AdminSale).id;
      },
      async scheduleDraw(saleId, afterMs) {
        await send("PATCH", `/sales/${saleId}`, { schedule: drawIn(afterMs) });
      },
      async setClaimWindow(saleId, seconds) {
        await send("PATCH", `/sales/${saleId}`, { claimWindowSeconds: seconds });
      },
      async act(saleId, action) {
        await send("POST", `/sales/${saleId}/actions/${action}`, {});
      },
      ask: (path) => send("GET", path),
      send,
      async harm(statement, values) {
        const { url: connectionString } = await listed(dataDir, "postgres");
        const client = new Client({ connectionString: connectionString ?? "" });
        await client.connect();
        try {
          await client.query(statement, values);
        } finally {
          await client.end();
        }
      },
      async freeze(name) {
        const { pid } = await listed(dataDir, name);
        process.kill(pid, "SIGSTOP");
        frozen.add(pid);
        return () => {
          if (frozen.delete(pid)) process.kill(pid, "SIGCONT");
        };
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Of what the start runs. @throws when there is no such process */
async function listed(dataDir: string, name: string): Promise<{ pid: number; url: string | null }> {
  const list: { name: string; pid: number; url: string | null }[] = JSON.parse(
    await readFile(join(dataDir, "processes.json"), "utf8"),
  );
  const found = list.find((each) => each.name === name);
  if (found === undefined) throw new Error(`${name} is not listed`);
  return found;
}

function inMs(afterMs: number): string {
  return new Date(Date.now() + afterMs).toISOString();
}

/** The sale opens as soon as its order is drawn. */
function drawIn(afterMs: number): { drawAt: string; opensAt: string } {
  const at = inMs(afterMs);
  return { drawAt: at, opensAt: at };
}

function readyLine(child: ChildProcess): Promise<Ready> {
  return new Promise((resolve, reject) => {
    let said = "";
    const fail = (why: string) => reject(new Error(`${why}: ${said}`));
    const timer = setTimeout(() => fail("start was not ready"), READY_MS_MAX);
    const hear = (piece: Buffer): void => {
      said += piece.toString();
      const line = /^\{"ready":true.*\}$/m.exec(said)?.[0];
      if (line === undefined) return;
      clearTimeout(timer);
      resolve(JSON.parse(line) as Ready);
    };
    child.stdout?.on("data", hear);
    child.stderr?.on("data", hear);
    child.once("exit", (code) => {
      clearTimeout(timer);
      fail(`start ended with ${code}`);
    });
  });
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  await gone;
}
