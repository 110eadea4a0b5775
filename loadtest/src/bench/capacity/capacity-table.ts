// A capacity as people read it: one table for several crowds, and the measured costs it was reckoned from.

import { SOURCES } from "./measured-costs.ts";
import type { Capacity, Costs } from "./plan-capacity.ts";

const UNITS: Readonly<Record<keyof Costs, string>> = {
  joinGatewayCpu: "µs of gateway CPU for a join",
  joinRedisCpu: "µs of Redis CPU for a join",
  connectGatewayCpu: "µs of gateway CPU for a connection, to its first entry",
  deliveryGatewayCpu: "µs of gateway CPU for a frame delivered",
  socketBytes: "bytes of a gateway's memory for a connection that waits",
  storeWorkerCpu: "µs of worker CPU for an arrival stored",
  storePostgresCpu: "µs of PostgreSQL CPU for an arrival stored",
  shopperRedisBytes: "bytes of Redis for a shopper who waits",
  shopperPostgresBytes: "bytes of PostgreSQL for a shopper who was drawn",
  joinRequestBytes: "bytes of a join's request",
  joinAnswerBytes: "bytes of its answer",
};

export function number(value: number): string {
  if (value >= 1_000_000) return `${trimmed(value / 1_000_000)} M`;
  if (value >= 10_000) return `${trimmed(value / 1_000)} k`;
  return trimmed(value);
}

export function bytes(value: number): string {
  const steps = ["B", "KiB", "MiB", "GiB", "TiB"];
  let step = 0;
  for (; value >= 1_024 && step < steps.length - 1; step++) value /= 1_024;
  return `${trimmed(value)} ${steps[step]}`;
}

export function bits(value: number): string {
  const steps = ["bit/s", "kbit/s", "Mbit/s", "Gbit/s", "Tbit/s"];
  let step = 0;
  for (; value >= 1_000 && step < steps.length - 1; step++) value /= 1_000;
  return `${trimmed(value)} ${steps[step]}`;
}

function trimmed(value: number): string {
  return String(Number(value.toPrecision(value >= 100 ? 3 : 2)));
}

/** The rows of a capacity: what is needed, and how it is told. */
export const CAPACITY_ROWS: readonly (readonly [string, (capacity: Capacity) => string])[] = [
  ["joins a second, while they come", ({ joinsPerSecond }) => number(joinsPerSecond)],
  ["socket writes a second, while they wait", ({ writesPerSecond }) => number(writesPerSecond)],
  ["gateways (one core each)", ({ gateways }) => `${gateways.count}, by ${gateways.limitedBy}`],
  ["gateways' CPU, cores", ({ gateways }) => trimmed(gateways.cores)],
  ["gateways' memory for sockets", ({ gateways }) => bytes(gateways.memoryBytes)],
  ["Redis masters", ({ redis }) => String(redis.masters)],
  ["Redis' CPU, cores", ({ redis }) => trimmed(redis.cores)],
  ["Redis' memory", ({ redis }) => bytes(redis.memoryBytes)],
  ["workers (one core each)", ({ workers }) => String(workers.count)],
  ["PostgreSQL's CPU for storing, cores", ({ postgres }) => trimmed(postgres.cores)],
  ["PostgreSQL's disk", ({ postgres }) => bytes(postgres.diskBytes)],
  ["network, while they join", ({ network }) => bits(network.joiningBits)],
  ["network, while they wait", ({ network }) => bits(network.waitingBits)],
  ["network for the page itself (a CDN's, if there is one)", ({ network }) => bits(network.pageBits)],
];

/** A Markdown table: a column for each crowd. */
export function capacityTable(columns: readonly (readonly [string, Capacity])[]): string {
  const head = `| | ${columns.map(([name]) => name).join(" | ")} |`;
  const line = `| --- |${columns.map(() => " ---: |").join("")}`;
  const rows = CAPACITY_ROWS.map(
    ([name, tell]) => `| ${name} | ${columns.map(([, capacity]) => tell(capacity)).join(" | ")} |`,
  );
  return [head, line, ...rows].join("\n");
}

export function costsTable(costs: Costs): string {
  const names = Object.keys(UNITS) as (keyof Costs)[];
  const rows = names.map((name) => {
    const { row, figure } = SOURCES[name];
    return `| ${trimmed(costs[name])} | ${UNITS[name]} | \`${row}\`, ${figure} |`;
  });
  return ["| measured | what | row |", "| ---: | --- | --- |", ...rows].join("\n");
}
