// A warehouse that does what a test wants, and requests for it.
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { WmsRequest } from "@dropgate/contracts/wms-requests";
import { Sealer } from "@dropgate/inventory/sealing";
import { type Asking, askWarehouse } from "@dropgate/inventory/warehouse/asking";
import type { Truth } from "@dropgate/sql";
import { type RequestRow, readRequest } from "@dropgate/sql/warehouse/request-row";
import type { WarehouseSettings } from "./asking.ts";

export const SECRET = "a secret of the tests";
export const sealer = new Sealer(Buffer.alloc(32, "sealed"));
export const settingsFor = (url: string | null): WarehouseSettings => ({
  url,
  secret: SECRET,
  sealer,
  allowPrivate: ["127.0.0.0/8"],
});

export interface Heard {
  request: WmsRequest;
  body: string;
  signature: string;
}

export interface Warehouse {
  url: string;
  /** Everything that came, in order. */
  heard: Heard[];
  /** How it answers: a status, or never while the promise is pending. */
  answer: (heard: Heard) => number | Promise<number>;
  close(): void;
}

export async function openWarehouse(): Promise<Warehouse> {
  const heard: Heard[] = [];
  const server: Server = createServer((request, response) => {
    let body = "";
    request.on("data", (bytes) => (body += String(bytes)));
    request.on("end", () => {
      const one: Heard = {
        request: JSON.parse(body) as WmsRequest,
        body,
        signature: String(request.headers["x-signature"]),
      };
      heard.push(one);
      void Promise.resolve(warehouse.answer(one)).then((status) => response.writeHead(status).end());
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const warehouse: Warehouse = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    heard,
    answer: () => 202,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
  return warehouse;
}

const common = { reference: { type: "reservation", id: "res_1" }, actor: "tester" };

export const pick = (orderId: string, locationId = "east"): Asking => ({
  ...common,
  ask: "pick",
  locationId,
  orderId,
  items: [{ sku: "a", quantity: 2 }],
  shipTo: { postalCode: "10115", country: "DE" },
  method: "standard",
});
export const cancel = (orderId: string, locationId = "east"): Asking => ({
  ...common,
  ask: "cancel",
  locationId,
  orderId,
  reason: null,
});

/** In a transaction of its own each. @returns the ids */
export async function ask(truth: Truth, ...askings: Asking[]): Promise<string[]> {
  const ids: string[] = [];
  for (const asking of askings) ids.push(...(await truth.transaction((tx) => askWarehouse(tx, [asking]))));
  return ids;
}

export async function look(truth: Truth, id: string): Promise<RequestRow> {
  const row = await readRequest(truth, id);
  if (row === null) throw new Error(`${id} is not there`);
  return row;
}

/** Lets the pause of whatever waits be over. */
export async function hurry(truth: Truth): Promise<void> {
  await truth.query("UPDATE wms_outbox SET next_at = clock_timestamp() WHERE state = 'waiting'");
}
