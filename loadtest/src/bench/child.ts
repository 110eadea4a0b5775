// A process under test: a program of its own, started by us, that says where it listens and ends when we do.
import { type ChildProcess, spawn } from "node:child_process";
import { resolve as pathOf } from "node:path";

export const ROOT = pathOf(import.meta.dirname, "../../..");
const READY_MS_MAX = 30_000;
const END_MS_MAX = 8_000;
const LINES_SHOWN = 2_000;

export interface Child {
  readonly pid: number;
  readonly process: ChildProcess;
  /** What it said when it was ready. */
  readonly ready: Readonly<Record<string, unknown>>;
  /** Asks one of our own servers and waits for its answer (see servers/announce.ts). @throws Error when it ends instead */
  ask(question: string, data?: unknown): Promise<unknown>;
  end(): Promise<void>;
}

export interface ChildOptions {
  /** From the repository's root. */
  script: string;
  args?: readonly string[];
  /** For Node itself: `--max-semi-space-size=1`. */
  nodeArgs?: readonly string[];
  env?: Readonly<Record<string, string | undefined>>;
  /** For programs that send no message when they are ready: polled until it is true. */
  isReady?: () => Promise<boolean>;
}

/** @throws Error with what it wrote when it ends or is silent instead */
export async function startChild(options: ChildOptions): Promise<Child> {
  const { script, args = [], nodeArgs = [], env = {}, isReady } = options;
  const child = spawn(process.execPath, [...nodeArgs, "--import", "tsx", pathOf(ROOT, script), ...args], {
    cwd: ROOT,
    stdio: ["ignore", "pipe", "pipe", "ipc"],
    env: { ...process.env, NODE_ENV: "production", ...env },
  });
  let said = "";
  const hear = (piece: Buffer): void => {
    said = (said + piece.toString()).slice(-LINES_SHOWN);
  };
  child.stdout?.on("data", hear);
  child.stderr?.on("data", hear);
  const answers = new Map<number, { resolve: (answer: unknown) => void; reject: (error: Error) => void }>();
  let questions = 0;
  const ended = new Promise<void>((resolveEnd) => child.once("exit", () => resolveEnd()));
  const ready = new Promise<Record<string, unknown>>((resolveReady, reject) => {
    const fail = (how: string): void => reject(new Error(`${script} ${how}: ${said}`));
    const timer = setTimeout(() => fail("was not ready in time"), READY_MS_MAX);
    const come = (message: Record<string, unknown>): void => {
      clearTimeout(timer);
      resolveReady(message);
    };
    child.on("message", (message: { ready?: Record<string, unknown>; to?: number; answer?: unknown }) => {
      if (message.ready !== undefined) come(message.ready);
      else if (message.to !== undefined) answers.get(message.to)?.resolve(message.answer);
    });
    child.once("error", (error) => fail(error.message));
    child.once("exit", (code) => {
      clearTimeout(timer);
      fail(`ended with ${code}`);
      for (const { reject } of answers.values()) reject(new Error(`${script} ended with ${code}: ${said}`));
    });
    if (isReady !== undefined) void poll(isReady, () => child.exitCode === null).then(() => come({}));
  });
  const end = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill("SIGCONT");
    child.kill("SIGTERM");
    const timer = setTimeout(() => child.kill("SIGKILL"), END_MS_MAX);
    await ended;
    clearTimeout(timer);
  };
  try {
    const message = await ready;
    return {
      pid: child.pid ?? 0, // it has said something, so it has one
      process: child,
      ready: message,
      ask: (question, data) => {
        const number = ++questions;
        return new Promise((resolve, reject) => {
          answers.set(number, { resolve, reject });
          child.send({ question, number, data });
        }).finally(() => answers.delete(number));
      },
      end,
    };
  } catch (error) {
    await end();
    throw error;
  }
}

async function poll(isReady: () => Promise<boolean>, isAlive: () => boolean): Promise<void> {
  while (isAlive()) {
    if (await isReady().catch(() => false)) return;
    await new Promise((again) => setTimeout(again, 25));
  }
}
