// The simulated warehouse: a server that takes Dropgate's requests and answers with events, for the demo and the tests.
// It knows of Dropgate what any warehouse would: where events go, and the secret under which messages are signed.
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { openMemory } from "./memory.ts";
import { answer, type Reply, type Warehouse } from "./routes.ts";
import { readWarehouseSettings, type WarehouseSettings } from "./settings.ts";
import { beginTelling } from "./telling.ts";

const read = readWarehouseSettings(process.env);
if (read.ok) await run(read.settings);
else {
  for (const sentence of read.sentences) process.stderr.write(`warehouse: ${sentence}\n`);
  process.exitCode = 1;
}

async function run(settings: WarehouseSettings): Promise<void> {
  const say = (level: string, text: string): void => {
    const line = { level, time: new Date().toISOString(), name: settings.processName, msg: text };
    process.stdout.write(`${JSON.stringify(line)}\n`);
  };
  const now = (): number => Date.now();
  const memory = await openMemory(settings.dataDirectory);
  const warehouse: Warehouse = { memory, settings, now, hearing: new Set() };
  async function reply(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      send(response, await answer(warehouse, request));
    } catch (error) {
      say("error", `${request.method} ${request.url}: ${String(error)}`);
      send(response, { status: 500, type: "application/json", body: '{"error":"it broke"}' });
    }
  }
  const server = createServer((request, response) => void reply(request, response));
  server.requestTimeout = 10_000;
  server.headersTimeout = 5_000;

  const tell = beginTelling({ memory, gatewayUrl: settings.gatewayUrl, secret: settings.secret, now, say });
  const stopping = new AbortController();
  async function tellUntilStopped(): Promise<void> {
    while (!stopping.signal.aborted) {
      let afterMs = 1_000;
      try {
        afterMs = await tell();
      } catch (error) {
        say("error", `telling: ${String(error)}`);
      }
      // Stopped meanwhile: that is what the signal is for.
      await sleep(afterMs, undefined, { signal: stopping.signal }).catch(() => {});
    }
  }
  let telling: Promise<void> = Promise.resolve();

  server.on("error", (error: NodeJS.ErrnoException) => {
    const known =
      error.code === "EADDRINUSE"
        ? `port ${settings.port} is in use: set PORT to a free one.`
        : error.message;
    process.stderr.write(`warehouse: ${known}\n`);
    process.exit(1);
  });
  server.listen(settings.port, settings.host, () => {
    const address = server.address();
    const port = typeof address === "object" && address !== null ? address.port : settings.port;
    say("info", `the warehouse is at http://${settings.host}:${port}/`);
    telling = tellUntilStopped();
  });

  const stop = (): void => {
    if (stopping.signal.aborted) return;
    stopping.abort();
    server.close();
    server.closeAllConnections();
    void telling.then(() => memory.close());
  };
  process.on("SIGTERM", stop);
  process.on("SIGINT", stop);
}

function send(response: ServerResponse, { status, type, body }: Reply): void {
  response.writeHead(status, {
    "content-type": type,
    "content-security-policy": "default-src 'none'; base-uri 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "cache-control": "no-store",
  });
  response.end(body);
}
