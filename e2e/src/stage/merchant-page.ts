// A merchant's own site for a test: one page under two names of this machine, which to a browser are two sites.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

export interface MerchantPage {
  /** Another site than the gateway's. */
  url: string;
  /** The same page under an address that nobody allows. */
  foreignUrl: string;
  /** What stands in the page's body from now on. */
  show(body: string): void;
  close(): Promise<void>;
}

export async function openMerchantPage(): Promise<MerchantPage> {
  let body = "";
  const serve = () =>
    createServer((request, response) => {
      if (request.url !== "/") return void response.writeHead(204).end();
      response.writeHead(200, { "content-type": "text/html; charset=utf-8" });
      response.end(
        `<!doctype html><html lang="en"><head><title>A merchant</title><meta name="viewport" content="width=device-width"></head><body><main><h1>A merchant</h1>${body}</main></body></html>`,
      );
    });
  const servers = [serve(), serve()];
  const [port, foreignPort] = await Promise.all(
    servers.map(
      (server) =>
        new Promise<number>((resolve) => {
          server.listen(0, "127.0.0.1", () => resolve((server.address() as AddressInfo).port));
        }),
    ),
  );
  return {
    url: `http://localhost:${port}`,
    foreignUrl: `http://localhost:${foreignPort}`,
    show(next) {
      body = next;
    },
    async close() {
      await Promise.all(
        servers.map((server) => {
          server.closeAllConnections();
          return new Promise((resolve) => server.close(resolve));
        }),
      );
    },
  };
}
