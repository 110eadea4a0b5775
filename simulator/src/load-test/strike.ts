// What happens to a Dropgate of our own in the middle of a load test: its memory is read when all are there, a gateway
// is killed when the test wants it. Elsewhere it is the reader who does it.
import { readFile } from "node:fs/promises";
import type { House } from "../house.ts";

/** Of /proc on every Linux that runs Node. */
const TICKS_PER_SECOND = 100;

/** Resident bytes of each gateway, by name; null where the system does not tell. */
export async function gatewayMemory(house: House): Promise<Record<string, number> | null> {
  const gateways = (await house.processes()).filter(({ name }) => name.startsWith("gateway-"));
  try {
    const read = gateways.map(async ({ name, pid }) => {
      const status = await readFile(`/proc/${pid}/status`, "utf8");
      return [name, Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024] as const;
    });
    return Object.fromEntries(await Promise.all(read));
  } catch {
    return null;
  }
}

/** CPU seconds of all that runs, by name; what died meanwhile begins anew. Empty where the system does not tell. */
export async function cpuSeconds(house: House): Promise<Record<string, number>> {
  const read = (await house.processes()).map(async ({ name, pid }) => {
    const stat = await readFile(`/proc/${pid}/stat`, "utf8");
    const [user = 0, system = 0] = stat
      .slice(stat.lastIndexOf(")") + 2)
      .split(" ")
      .slice(11, 13)
      .map(Number);
    return [name, (user + system) / TICKS_PER_SECOND] as const;
  });
  const known = (await Promise.allSettled(read)).flatMap((one) =>
    one.status === "fulfilled" ? [one.value] : [],
  );
  return Object.fromEntries(known);
}

/**
 * What the gateways hold, all included: an empty gateway is some hundred MiB of Node and sources, of which the first
 * collections give some back, so the difference to it is told and not divided.
 */
export function memoryLine(
  before: Record<string, number>,
  after: Record<string, number>,
  shoppers: number,
): string {
  const all = Object.values(after).reduce((sum, bytes) => sum + bytes, 0);
  const each = Object.entries(after).map(
    ([name, bytes]) => `${name} ${mebibytes(bytes)} (empty ${mebibytes(before[name] ?? 0)})`,
  );
  return `resident memory with all there: ${each.join(", ")}: ${(all / 1024 / shoppers).toFixed(1)} KiB a shopper, all included`;
}

function mebibytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(0)} MiB`;
}

/** @returns a sentence for the reader */
export async function killGateway(house: House): Promise<string> {
  const { name, pid } = await house.process("gateway-1");
  process.kill(pid, "SIGKILL");
  return `killed ${name} (pid ${pid})`;
}
