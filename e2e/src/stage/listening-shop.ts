// A merchant's server that takes webhooks, and keeps the signatures they came with.
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

/** Until the test is over. `signatures`: of what came, the earliest first. */
export async function openListeningShop(): Promise<{ url: string; signatures: string[] }> {
  const signatures: string[] = [];
  const shop = createServer((request, response) => {
    signatures.push(String(request.headers["x-signature"]));
    response.writeHead(204).end();
  }).listen(0, "127.0.0.1");
  onTestFinished(() => void shop.close());
  await once(shop, "listening");
  return { url: `http://127.0.0.1:${(shop.address() as AddressInfo).port}/told`, signatures };
}
