// The demo shop: a merchant's page and server, the worked example of an integration. It knows of Dropgate what any
// merchant would: the gateway's address and an API key.

import { randomBytes } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { join } from "node:path";
import { openMerchant } from "@dropgate/client/server";
import { openPurchaseBook } from "./buying/purchase-book.ts";
import { beginPurchaseDesk } from "./buying/purchase-desk.ts";
import { beginStock } from "./buying/stock.ts";
import { beginTill } from "./checkout.ts";
import { refusalPage } from "./checkout-pages.ts";
import { pageReply, send } from "./exchange.ts";
import { beginFollowing } from "./following/following.ts";
import { beginGateway } from "./gateway.ts";
import { openOrderBook } from "./order-book.ts";
import { readPageFiles } from "./page-files.ts";
import { answer, type Shop } from "./routes.ts";
import { beginSessions } from "./session.ts";
import { readShopSettings, type ShopSettings } from "./settings.ts";
import { beginVouching } from "./vouching.ts";

/** How often orders that a gateway's absence left half done are looked at, in ms. */
const SETTLE_MS = 2_000;
/** Requests that are being answered when the shop is told to stop get this long, in ms. */
const STOP_MS_MAX = 8_000;

const read = readShopSettings(process.env);
if (read.ok) await run(read.settings);
else {
  for (const sentence of read.sentences) process.stderr.write(`shop: ${sentence}\n`);
  process.exitCode = 1;
}

async function run(settings: ShopSettings): Promise<void> {
  const say = (level: string, text: string): void => {
    process.stdout.write(
      `${JSON.stringify({ level, time: new Date().toISOString(), name: settings.processName, msg: text })}\n`,
    );
  };
  const book = await openOrderBook(settings.dataDirectory);
  const purchases = await openPurchaseBook(settings.dataDirectory);
  const merchant = openMerchant({
    url: settings.gatewayUrl,
    apiKey: settings.apiKey,
    issuer: settings.passIssuer,
  });
  const gateway = beginGateway(merchant);
  const stock = beginStock(merchant);
  const now = (): number => Date.now();
  const shop: Shop = {
    gateway,
    gatewayPublicUrl: settings.gatewayPublicUrl,
    saleId: settings.saleId,
    till: beginTill({
      gateway,
      verifyPass: merchant.verifyPass,
      book,
      chargeMs: settings.chargeMs,
      saleId: settings.saleId,
      now,
    }),
    stock,
    desk: beginPurchaseDesk({ stock, book: purchases, chargeMs: settings.chargeMs, now }),
    following: beginFollowing(stock, now),
    vouching: beginVouching(gateway, settings.shopperKey, now),
    sessions: beginSessions(await sessionSecret(settings.dataDirectory)),
    now,
  };
  const files = await readPageFiles();
  async function reply(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { bearer, isNew } = shop.sessions.read(request.headers.cookie);
    try {
      const answered = await answer(shop, request, bearer);
      const isOther = isNew || answered.bearer !== bearer;
      send(response, answered.reply, isOther ? shop.sessions.cookieOf(answered.bearer) : null);
    } catch (error) {
      say(
        "error",
        `${request.method} ${request.url}: ${error instanceof Error ? error.stack : String(error)}`,
      );
      const sentence = "Something went wrong on our side. You have not been charged twice. Please try again.";
      send(response, pageReply(refusalPage("That did not work", sentence, bearer), 500), null);
    }
  }
  const server = createServer((request, response) => {
    const file = files.get((request.url ?? "").split("?")[0] ?? "");
    if (file !== undefined) return send(response, file, null);
    void reply(request, response);
  });
  server.requestTimeout = 10_000;
  server.headersTimeout = 5_000;
  server.on("error", (error: NodeJS.ErrnoException) => {
    const known =
      error.code === "EADDRINUSE"
        ? `port ${settings.port} is in use: set PORT to a free one.`
        : error.message;
    process.stderr.write(`shop: ${known}\n`);
    process.exitCode = 1;
    clearInterval(settling);
  });
  const settling = setInterval(() => {
    for (const desk of [shop.till, shop.desk]) {
      desk.settle().catch((error: unknown) => say("error", `settling: ${String(error)}`));
    }
  }, SETTLE_MS);
  server.listen(settings.port, settings.host, () => {
    const address = server.address();
    const port = typeof address === "object" && address !== null ? address.port : settings.port;
    say("info", `the shop is at http://${settings.host}:${port}/`);
  });

  let isStopping = false;
  const stop = (): void => {
    if (isStopping) return;
    isStopping = true;
    clearInterval(settling);
    void closeServer(server).then(() => Promise.all([book.close(), purchases.close()]));
  };
  process.on("SIGTERM", stop);
  process.on("SIGINT", stop);
}

/** Ends when the requests that are being answered have been, or their time is over. */
function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const late = setTimeout(() => server.closeAllConnections(), STOP_MS_MAX);
    server.close(() => {
      clearTimeout(late);
      resolve();
    });
    server.closeIdleConnections();
  });
}

/** What signs the sessions; made once, so that a restart signs nobody out. */
async function sessionSecret(directory: string): Promise<Buffer> {
  const path = join(directory, "session-secret");
  await mkdir(directory, { recursive: true });
  try {
    return await readFile(path);
  } catch {
    const secret = randomBytes(32);
    await writeFile(path, secret, { mode: 0o600 });
    return secret;
  }
}
