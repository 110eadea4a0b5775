// What a process costs, read from outside and so the same way for Redis, PostgreSQL and our own: CPU time and resident
// memory as Linux keeps them in /proc.
import { readdirSync, readFileSync } from "node:fs";

/** Of the kernel's accounting; Linux has had this number on every machine since 2.6. */
const TICKS_PER_SECOND = 100;

interface Stat {
  parent: number;
  /** Own threads, and children that have ended and were waited for. */
  ticks: number;
}

function statOf(pid: number): Stat | null {
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/stat`, "latin1");
  } catch {
    return null;
  }
  // The name may hold spaces and brackets; what counts begins after its last bracket.
  const fields = text
    .slice(text.lastIndexOf(")") + 2)
    .split(" ")
    .map(Number);
  const [, parent = 0] = fields;
  return { parent, ticks: fields.slice(11, 15).reduce((sum, ticks) => sum + ticks, 0) };
}

/**
 * Seconds of CPU that a process has used, with all of its children: PostgreSQL is a family. Steps of 10 ms.
 * @throws Error when there is no such process
 */
export function cpuSeconds(pid: number): number {
  const root = statOf(pid);
  if (root === null)
    throw new Error(`no process ${pid}, or no /proc to read it from: the benchmarks need Linux`);
  let ticks = root.ticks;
  const members = new Set([pid]);
  // Children have higher ids than their parents but for a wrap-around, which would leave one out, once.
  for (const name of readdirSync("/proc")
    .filter((entry) => /^\d+$/.test(entry))
    .map(Number)
    .toSorted((a, b) => a - b)) {
    const stat = name > pid ? statOf(name) : null;
    if (stat === null || !members.has(stat.parent)) continue;
    members.add(name);
    ticks += stat.ticks;
  }
  return ticks / TICKS_PER_SECOND;
}

/** Bytes of memory that are resident. @throws Error when there is no such process */
export function residentBytes(pid: number): number {
  const kilobytes = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "latin1"))?.[1];
  if (kilobytes === undefined) throw new Error(`process ${pid} has no memory`);
  return Number(kilobytes) * 1024;
}

/** Does the work and says how long it took and what each process spent on it. `load` is this process itself. */
export async function measure<Done extends { units: number }>(
  processes: Readonly<Record<string, number>>,
  work: () => Promise<Done>,
): Promise<Done & { seconds: number; cpu: Record<string, number> }> {
  const before = Object.entries(processes).map(([, pid]) => cpuSeconds(pid));
  const ownBefore = process.cpuUsage();
  const beganMs = performance.now();
  const done = await work();
  const seconds = (performance.now() - beganMs) / 1_000;
  const own = process.cpuUsage(ownBefore);
  const cpu: Record<string, number> = {};
  Object.entries(processes).forEach(([name, pid], i) => {
    cpu[name] = cpuSeconds(pid) - (before[i] ?? 0);
  });
  cpu.load = (own.user + own.system) / 1e6;
  return { seconds, cpu, ...done };
}
