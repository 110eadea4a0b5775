// What the warehouse knows, in an append-only file: one JSON line a fact, on the disk before it is acknowledged. So a
// warehouse that dies loses no order that it took: read again at the start, it goes on telling what was not told.
import { mkdir, open, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { WmsRequest } from "@dropgate/contracts/wms-requests";
import type { Telling, WmsEvent } from "./plan.ts";

type Fact =
  /** What was asked, or null for what somebody here did by hand; and what follows from it. */
  | { fact: "heard"; request: WmsRequest | null; tellings: Telling[] }
  /** Dropgate has it. */
  | { fact: "told"; eventId: string }
  /** An order at a location that is not picked any more. */
  | { fact: "stopped"; orderId: string; locationId: string; atMs: number }
  /** What really lies there, from now on. */
  | { fact: "shelf"; locationId: string; sku: string; count: number; atMs: number };

export interface Memory {
  knows(requestId: string): boolean;
  heard(request: WmsRequest | null, tellings: Telling[]): Promise<void>;
  told(eventIds: readonly string[]): Promise<void>;
  /** Stops what of an order is not begun. @returns whether anything was */
  stop(orderId: string, locationId: string, nowMs: number): Promise<boolean>;
  setShelf(locationId: string, sku: string, count: number, nowMs: number): Promise<void>;
  /** What lies there now; null: nobody has said. */
  shelf(locationId: string, sku: string, nowMs: number): number | null;
  /** What Dropgate has to hear by now, the earliest first. */
  due(nowMs: number): Telling[];
  requests(): { request: WmsRequest; events: { event: WmsEvent; isTold: boolean }[]; isStopped: boolean }[];
  shelves(nowMs: number): { locationId: string; sku: string; count: number }[];
  close(): Promise<void>;
}

/** Opens the memory in `directory`, which is made. @throws when that cannot be read or written */
export async function openMemory(directory: string): Promise<Memory> {
  await mkdir(directory, { recursive: true });
  const path = join(directory, "warehouse.ndjson");
  const asked = new Map<string, WmsRequest>();
  const tellings = new Map<string, { requestId: string | null; telling: Telling; isTold: boolean }>();
  const stopped = new Set<string>();
  const counts = new Map<string, { locationId: string; sku: string; count: number; atMs: number }>();

  const orderAt = (orderId: unknown, locationId: string): string => JSON.stringify([orderId, locationId]);

  function take(fact: Fact): void {
    if (fact.fact === "told") {
      const known = tellings.get(fact.eventId);
      if (known !== undefined) known.isTold = true;
    } else if (fact.fact === "shelf") {
      counts.set(JSON.stringify([fact.locationId, fact.sku]), fact);
    } else if (fact.fact === "stopped") {
      stopped.add(orderAt(fact.orderId, fact.locationId));
      for (const eventId of notBegun(fact.orderId, fact.locationId, fact.atMs)) tellings.delete(eventId);
    } else {
      const requestId = fact.request?.requestId ?? null;
      if (fact.request !== null) asked.set(fact.request.requestId, fact.request);
      for (const telling of fact.tellings) {
        tellings.set(telling.event.eventId, { requestId, telling, isTold: false });
      }
    }
  }

  /** Events of an order of which nothing was picked yet. */
  function notBegun(orderId: string, locationId: string, nowMs: number): string[] {
    const own = [...tellings.values()].filter(
      ({ telling: { event } }) => event.orderId === orderId && event.locationId === locationId,
    );
    const isBegun = own.some(({ telling }) => happenedMs(telling.event) <= nowMs);
    return isBegun ? [] : own.map(({ telling }) => telling.event.eventId);
  }

  const written = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return "";
    throw error;
  });
  for (const line of written.split("\n")) {
    // A last line that a crash cut off was never acknowledged.
    const fact = parseFact(line);
    if (fact !== null) take(fact);
  }
  const file = await open(path, "a", 0o600);
  if (written !== "" && !written.endsWith("\n")) await file.appendFile("\n");

  let writing: Promise<void> = Promise.resolve();
  function append(facts: readonly Fact[]): Promise<void> {
    const write = async (): Promise<void> => {
      await file.appendFile(facts.map((fact) => `${JSON.stringify(fact)}\n`).join(""));
      await file.datasync();
      for (const fact of facts) take(fact);
    };
    const mine = writing.then(write);
    writing = mine.catch(() => {});
    return mine;
  }

  function shelf(locationId: string, sku: string, nowMs: number): number | null {
    const counted = counts.get(JSON.stringify([locationId, sku]));
    if (counted === undefined) return null;
    const moved = [...tellings.values()].reduce((sum, { telling: { event } }) => {
      const isSince = happenedMs(event) > counted.atMs && happenedMs(event) <= nowMs;
      return isSince && event.locationId === locationId ? sum + moveOf(event, sku) : sum;
    }, 0);
    return Math.max(0, counted.count + moved);
  }

  return {
    knows: (requestId) => asked.has(requestId),
    heard: (request, following) => append([{ fact: "heard", request, tellings: following }]),
    told: (eventIds) => append(eventIds.map((eventId) => ({ fact: "told", eventId }))),
    async stop(orderId, locationId, nowMs) {
      const isAny = notBegun(orderId, locationId, nowMs).length > 0;
      await append([{ fact: "stopped", orderId, locationId, atMs: nowMs }]);
      return isAny;
    },
    setShelf: (locationId, sku, count, nowMs) =>
      append([{ fact: "shelf", locationId, sku, count, atMs: nowMs }]),
    shelf,
    due: (nowMs) =>
      [...tellings.values()]
        .filter(({ telling, isTold }) => !isTold && telling.atMs <= nowMs)
        .map(({ telling }) => telling)
        .toSorted((a, b) => a.atMs - b.atMs),
    requests: () =>
      [...asked.values()].map((request) => ({
        request,
        events: [...tellings.values()]
          .filter(({ requestId }) => requestId === request.requestId)
          .map(({ telling, isTold }) => ({ event: telling.event, isTold })),
        isStopped: "orderId" in request && stopped.has(orderAt(request.orderId, request.locationId)),
      })),
    shelves: (nowMs) =>
      [...counts.values()].map(({ locationId, sku }) => ({
        locationId,
        sku,
        count: shelf(locationId, sku, nowMs) ?? 0,
      })),
    close: async () => {
      await writing;
      await file.close();
    },
  };
}

function happenedMs(event: WmsEvent): number {
  return Date.parse(event.timestamp);
}

const SIGNS: Record<string, number> = {
  PICK_COMPLETE: -1,
  TRANSFER_SHIPPED: -1,
  TRANSFER_RECEIVED: 1,
  RECEIVING_COMPLETE: 1,
};

/** What an event moves of a SKU on its location's shelf. */
function moveOf(event: WmsEvent, sku: string): number {
  const items = (event.items ?? []).filter((item) => item.sku === sku);
  return (SIGNS[event.eventType] ?? 0) * items.reduce((sum, { quantity }) => sum + quantity, 0);
}

function parseFact(line: string): Fact | null {
  try {
    return line === "" ? null : JSON.parse(line);
  } catch {
    return null;
  }
}
