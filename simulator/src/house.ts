// Dropgate as a newcomer has it: the real `start` command with its own Redis and PostgreSQL in a directory of
// its own, driven from outside. Scenarios and kills run against this, never against parts.
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const ROOT = resolve(import.meta.dirname, "../..");
/** A loaded machine; how fast it starts is measured elsewhere. */
const READY_MS_MAX = 150_000;

/** One line of processes.json. */
export interface RunningProcess {
  name: string;
  pid: number;
  url?: string;
}

export interface HouseOptions {
  gateways: number;
  workers: number;
  /** Whether its Redis is a cluster; unless said otherwise as TEST_REDIS has it. */
  cluster?: boolean | undefined;
}

export class House {
  readonly url: string;
  readonly apiKey: string;
  readonly #dataDir: string;
  readonly #child: ChildProcess;

  private constructor(url: string, apiKey: string, dataDir: string, child: ChildProcess) {
    this.url = url;
    this.apiKey = apiKey;
    this.#dataDir = dataDir;
    this.#child = child;
  }

  /** @throws with what the command said when it is not ready in time */
  static async open(options: HouseOptions): Promise<House> {
    const dataDir = await mkdtemp(join(tmpdir(), "dropgate-house-"));
    const flags = ["--no-demo", "--data-dir", dataDir, "--port", String(await freePort())];
    flags.push("--gateways", String(options.gateways), "--workers", String(options.workers));
    if (options.cluster ?? process.env["TEST_REDIS"] === "cluster") flags.push("--cluster");
    const child = spawn(process.execPath, ["--import", "tsx", "ops/src/start/main.ts", ...flags], {
      cwd: ROOT,
      // However this process ends, the channel closes and what it has started ends with it.
      stdio: ["ignore", "pipe", "pipe", "ipc"],
      env: { ...process.env, JOINS_PER_ADDRESS: "off", LOG_LEVEL: "warn" },
    });
    let said = "";
    const ready = new Promise<{ url: string; apiKeyFile: string }>((resolveReady, reject) => {
      const timer = setTimeout(() => reject(new Error(`start was not ready: ${said}`)), READY_MS_MAX);
      child.stderr?.on("data", (piece: Buffer) => {
        said += piece.toString();
      });
      child.stdout?.on("data", (piece: Buffer) => {
        said += piece.toString();
        const line = said.split("\n").find((text) => text.startsWith('{"ready":true'));
        if (line === undefined) return;
        clearTimeout(timer);
        resolveReady(JSON.parse(line) as { url: string; apiKeyFile: string });
      });
      child.once("exit", (code) => reject(new Error(`start ended with ${code}: ${said}`)));
    });
    try {
      const { url, apiKeyFile } = await ready;
      return new House(url, (await readFile(apiKeyFile, "utf8")).trim(), dataDir, child);
    } catch (error) {
      child.kill("SIGKILL");
      throw error;
    }
  }

  /** What runs now, as the start command lists it. */
  async processes(): Promise<RunningProcess[]> {
    return JSON.parse(await readFile(join(this.#dataDir, "processes.json"), "utf8")) as RunningProcess[];
  }

  /** @throws when nothing of that name runs */
  async process(name: string): Promise<RunningProcess> {
    const found = (await this.processes()).find((running) => running.name === name);
    if (!found) throw new Error(`there is no ${name} in processes.json`);
    return found;
  }

  /** Calls the API with the bootstrap key. @throws on a refusal */
  async call<Answer>(method: string, path: string, body?: unknown): Promise<Answer> {
    const answer = await fetch(`${this.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${this.apiKey}`, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return (text === "" ? null : JSON.parse(text)) as Answer;
  }

  /** The same, asked again while a store or process is coming back. */
  async callUntilAnswered<Answer>(
    method: string,
    path: string,
    body?: unknown,
    msMax = 30_000,
  ): Promise<Answer> {
    const end = Date.now() + msMax;
    for (;;) {
      try {
        return await this.call<Answer>(method, path, body);
      } catch (error) {
        if (Date.now() > end) throw error;
        await new Promise((resolveWait) => setTimeout(resolveWait, 250));
      }
    }
  }

  /** Ends everything and removes the data. */
  async close(): Promise<void> {
    const ended = new Promise((resolveEnd) => this.#child.once("exit", resolveEnd));
    if (this.#child.exitCode === null) {
      this.#child.kill("SIGTERM");
      await ended;
    }
    await rm(this.#dataDir, { recursive: true, force: true });
  }
}

function freePort(): Promise<number> {
  return new Promise((resolvePort, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolvePort(typeof address === "object" && address ? address.port : 0));
    });
  });
}
