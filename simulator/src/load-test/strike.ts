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

export function memoryLine(
  before: Record<string, number>,
  after: Record<string, number>,
  shoppers: number,
): string {
  const sum = (of: Record<string, number>): number =>
    Object.values(of).reduce((all, bytes) => all + bytes, 0);
  const perSocket = (sum(after) - sum(before)) / shoppers;
  const each = Object.entries(after).map(
    ([name, bytes]) => `${name} ${mebibytes(before[name] ?? 0)} → ${mebibytes(bytes)}`,
  );
  return `gateways' resident memory: ${each.join(", ")}: ${(perSocket / 1024).toFixed(2)} KiB a shopper`;
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
