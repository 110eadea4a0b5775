// Waits for what was started to be really there.
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

const LOOK_EVERY_MS = 50;

/** Why it is not ready, or undefined when it is. */
export async function readyTrouble(gatewayUrl: string): Promise<string | undefined> {
  try {
    const response = await fetch(`${gatewayUrl}/readyz`, { signal: AbortSignal.timeout(2_000) });
    const text = await response.text();
    return response.status === 200 ? undefined : text.slice(0, 500);
  } catch {
    return "the gateway does not listen yet";
  }
}

/** Why nobody answers there, or undefined when somebody does. */
export async function listenTrouble(url: string): Promise<string | undefined> {
  const { hostname, port } = new URL(url);
  return await new Promise((resolve) => {
    const socket = connect({ host: hostname.replace(/^\[|\]$/g, ""), port: Number(port) });
    socket.setTimeout(2_000, () => finish("no answer"));
    const finish = (trouble: string | undefined): void => {
      socket.destroy();
      resolve(trouble);
    };
    socket.once("connect", () => finish(undefined));
    socket.once("error", (error) => finish(error.message));
  });
}

/**
 * Looks again and again.
 * @param look answers undefined when all is well, else the reason why not
 * @returns the last reason when `withinMs` have passed, undefined when all is well
 */
export async function waitUntilWell(
  look: () => Promise<string | undefined>,
  withinMs: number,
  signal: AbortSignal,
): Promise<string | undefined> {
  const end = performance.now() + withinMs;
  for (;;) {
    const trouble = await look();
    signal.throwIfAborted();
    if (trouble === undefined) return undefined;
    if (performance.now() > end) return trouble;
    await sleep(LOOK_EVERY_MS, undefined, { signal });
  }
}
